import { iamNeeds, isObject } from '@stepyard/asl';
import type { IamNeed, Json, TaskDescription } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { Machine, Statement } from './support/machines.ts';
import { allMachines, statementsOf, statementsOfRole } from './support/machines.ts';
import type { Synthesised } from './support/synthesis.ts';
import { allStacks } from './support/synthesis.ts';
import type { Located } from './support/template.ts';
import {
  ACCOUNT,
  arnOfResource,
  at,
  listOf,
  PARTITION,
  queueUrl,
  REGION,
  resourcesOf,
  textAt,
} from './support/template.ts';

const MACHINES = allMachines();
const named = MACHINES.map((machine): [string, Machine] => [machine.name, machine]);
const stacks = allStacks().map((stack): [string, Synthesised] => [stack.stackName, stack]);

/** Actions that know no resource, or work on something without a name yet. Nothing else may be allowed on `*`. */
const ANYWHERE = new Set([
  'batch:DescribeJobs',
  'ecr:GetAuthorizationToken',
  'ecs:DescribeTasks',
  'ecs:StopTask',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
]);

const EVENTS_TRIO = ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'];

interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** Every identity statement of a stack: inline policies of roles and policies attached to them. */
function identityStatements(stack: Synthesised): Statement[] {
  return resourcesOf(stack.template, 'AWS::IAM::Role').flatMap(({ id }) => statementsOfRole(stack, id));
}

function permissionsOf(statements: readonly Statement[]): Permission[] {
  return statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((resource) => ({ action, resource }))),
  );
}

function grantedTo(machine: Machine): Permission[] {
  return permissionsOf(statementsOfRole(machine.stack, machine.roleId));
}

/** What the definition needs by asl's table, on the ARNs of the resources that its parameters name. */
function neededBy(machine: Machine): Permission[] {
  return machine.tasks.flatMap((task) => {
    const needs = task.resource === undefined ? undefined : iamNeeds(task.resource);
    if (needs === undefined) throw new Error(`${machine.name}: nothing is known of ${task.resourceText}`);
    return needs.flatMap((need) => {
      const resources = resourcesNeeded(need, task, machine);
      return need.actions.flatMap((action) => resources.map((resource) => ({ action, resource })));
    });
  });
}

function here(service: string): string {
  return `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT}`;
}

function resourcesNeeded(need: IamNeed, task: TaskDescription, machine: Machine): string[] {
  switch (need.on.kind) {
    case 'any':
      return ['*'];
    case 'resource':
      return [task.resourceText];
    case 'parameter':
      return [arnOfValue(at(task.parameters, ...need.on.parameter.split('.')), machine.stack)];
    case 'jobs':
      return [`${here('batch')}:job/*`];
    case 'managedRule':
      return [`${here('events')}:rule/${need.on.rule}`];
    case 'passRole':
      break;
  }
  return rolesOfTaskDefinition(task, machine.stack);
}

/** A parameter's value as an ARN: a table's name and a queue's URL stand for theirs. */
function arnOfValue(value: Json | undefined, { template }: Synthesised): string {
  const text = textAt(value);
  if (text.startsWith('arn:')) return text;
  const found = resourcesOf(template, 'AWS::DynamoDB::Table', 'AWS::SQS::Queue').find(
    ({ id, type }) => text === (type === 'AWS::SQS::Queue' ? queueUrl(id) : id),
  );
  if (found === undefined) throw new Error(`${text} names no resource of the stack`);
  return arnOfResource(found.id, template);
}

function rolesOfTaskDefinition(task: TaskDescription, { template }: Synthesised): string[] {
  const definition = resourcesOf(template, 'AWS::ECS::TaskDefinition').find(
    ({ id }) => arnOfResource(id, template) === at(task.parameters, 'TaskDefinition'),
  );
  return ['TaskRoleArn', 'ExecutionRoleArn'].map((field) =>
    arnOfResource(textAt(definition?.properties, field, 'Fn::GetAtt', 0), template),
  );
}

function missing(from: readonly Permission[], all: readonly Permission[]): Permission[] {
  return all.filter(
    (wanted) =>
      !from.some(({ action, resource }) => action === wanted.action && resource === wanted.resource),
  );
}

describe.each(stacks)('policies of %s', (_name, stack) => {
  test('1: no statement allows all actions, of AWS or of a service', () => {
    const broad = identityStatements(stack).flatMap(({ actions }) =>
      actions.filter((action) => action === '*' || /^[a-z0-9-]+:\*$/u.test(action)),
    );
    expect(broad).toEqual([]);
  });

  test('2: only actions that know no resource are allowed on all', () => {
    const anywhere = permissionsOf(identityStatements(stack)).filter(({ resource }) => resource === '*');
    expect(anywhere.length).toBeGreaterThan(0);
    expect(anywhere.map(({ action }) => action).filter((action) => !ANYWHERE.has(action))).toEqual([]);
  });

  test('7: no managed policies, no users, and a role for each machine and each function', () => {
    expect(resourcesOf(stack.template, 'AWS::IAM::User', 'AWS::IAM::ManagedPolicy')).toEqual([]);
    for (const { properties } of resourcesOf(stack.template, 'AWS::IAM::Role')) {
      expect(properties).not.toHaveProperty('ManagedPolicyArns');
    }
    const roles = resourcesOf(
      stack.template,
      'AWS::StepFunctions::StateMachine',
      'AWS::Lambda::Function',
    ).map(({ properties }) => textAt(properties['RoleArn'] ?? properties['Role'], 'Fn::GetAtt', 0));
    expect(roles.length).toBeGreaterThan(0);
    expect(new Set(roles).size).toBe(roles.length);
  });

  test('8: only the service that a role is made for can assume it, only for this account', () => {
    for (const role of resourcesOf(stack.template, 'AWS::IAM::Role')) {
      const [statement, ...more] = statementsOf(role.properties['AssumeRolePolicyDocument'], stack);
      expect(more).toEqual([]);
      expect(statement?.actions).toEqual(['sts:AssumeRole']);
      const service = trusted(role);
      expect(service).toMatch(/^[a-z-]+\.amazonaws\.com$/u);
      // Lambda passes no source account when it assumes a function's role.
      if (service === 'lambda.amazonaws.com') continue;
      expect(statement?.condition).toEqual({ StringEquals: { 'aws:SourceAccount': ACCOUNT } });
    }
  });
});

function trusted(role: Located): string {
  const statement = listOf(at(role.properties, 'AssumeRolePolicyDocument', 'Statement'))[0];
  return textAt(statement, 'Principal', 'Service');
}

describe.each(named)('the role of %s', (_name, machine) => {
  test('3: allows all that the definition needs', () => {
    expect(missing(grantedTo(machine), neededBy(machine))).toEqual([]);
  });

  test('4: allows nothing else but logs, traces and encryption', () => {
    const surplus = missing(neededBy(machine), grantedTo(machine)).filter(
      ({ action }) => !/^(?:logs|xray|kms):/u.test(action),
    );
    expect(surplus).toEqual([]);
  });

  test('8: is assumed by Step Functions only', () => {
    const role = resourcesOf(machine.stack.template, 'AWS::IAM::Role').find(
      ({ id }) => id === machine.roleId,
    );
    expect(role === undefined ? undefined : trusted(role)).toBe('states.amazonaws.com');
  });

  test('11: may use the key of every encrypted resource that it writes to', () => {
    const writes = grantedTo(machine).some(({ action }) =>
      /^(?:sns:Publish|sqs:SendMessage|dynamodb:(?:Put|Update|Delete)Item)$/u.test(action),
    );
    const kms = statementsOfRole(machine.stack, machine.roleId)
      .filter(({ condition }) => condition === undefined)
      .flatMap(({ actions }) => actions.filter((action) => action.startsWith('kms:')));
    const needed = writes ? ['kms:Decrypt', 'kms:GenerateDataKey'] : [];
    expect(kms).toEqual(expect.arrayContaining(needed));
  });
});

describe('5: jobs that are waited for', () => {
  const cases = [
    [
      'batch-job-notification',
      'StepFunctionsGetEventsForBatchJobsRule',
      ['batch:DescribeJobs', 'batch:TerminateJob'],
    ],
    [
      'fargate-task-notification',
      'StepFunctionsGetEventsForECSTaskRule',
      ['ecs:DescribeTasks', 'ecs:StopTask'],
    ],
  ] as const;
  test.each(cases)('%s can hear of the end of its job, look at it and stop it', (useCase, rule, actions) => {
    const machines = MACHINES.filter(({ definitionName }) => definitionName === useCase);
    expect(machines).toHaveLength(2);
    for (const machine of machines) {
      const granted = grantedTo(machine);
      const onRule = granted.filter(({ resource }) => resource.endsWith(`:rule/${rule}`));
      expect(onRule.map(({ action }) => action).toSorted()).toEqual(EVENTS_TRIO);
      expect(granted.map(({ action }) => action)).toEqual(expect.arrayContaining([...actions]));
    }
  });

  test('no other machine may touch the managed rules', () => {
    const others = MACHINES.filter(
      ({ tasks }) => !tasks.some(({ resourceText }) => resourceText.endsWith('.sync')),
    );
    expect(others.flatMap(grantedTo).filter(({ action }) => action.startsWith('events:'))).toEqual([]);
  });
});

test('6: roles are passed by their ARNs, to Fargate tasks only: the task role and the execution role', () => {
  const machines = MACHINES.filter(({ definitionName }) => definitionName === 'fargate-task-notification');
  for (const machine of machines) {
    const [pass, ...more] = statementsOfRole(machine.stack, machine.roleId).filter(({ actions }) =>
      actions.includes('iam:PassRole'),
    );
    expect(more).toEqual([]);
    expect(pass?.condition).toEqual({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } });
    const task = machine.tasks.find(({ resourceText }) => resourceText.endsWith(':ecs:runTask.sync'));
    if (task === undefined) throw new Error('the definition runs no task');
    expect(pass?.resources.toSorted()).toEqual(rolesOfTaskDefinition(task, machine.stack).toSorted());
  }
  const passing = MACHINES.filter((machine) =>
    grantedTo(machine).some(({ action }) => action === 'iam:PassRole'),
  );
  expect(passing).toHaveLength(machines.length);
});

test('ecs:RunTask is bound to the cluster', () => {
  for (const machine of MACHINES) {
    for (const { actions, condition } of statementsOfRole(machine.stack, machine.roleId)) {
      if (!actions.includes('ecs:RunTask')) continue;
      expect(isObject(condition) ? Object.keys(condition) : []).toEqual(['ArnEquals']);
      expect(at(condition, 'ArnEquals', 'ecs:cluster')).toMatch(/^arn:aws:ecs:/u);
    }
  }
});
