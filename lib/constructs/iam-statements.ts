import { Aws, Fn } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IamNeed, Json, TaskDescription } from '@stepyard/asl';
import { getOwn, iamNeeds, isObject, tasksOf } from '@stepyard/asl';
import type { Binding, Bindings } from './bindings.ts';
import type { DefinitionFile } from './definition-file.ts';
import { DefinitionError } from './definition-file.ts';
import { kmsActionsFor } from './kms-actions.ts';

type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** One Task, as written (substitutions in it) and with examples (its ARN readable). */
interface Task {
  readonly written: TaskDescription;
  readonly needs: readonly IamNeed[];
  /** Starts the message of an error about this task. */
  readonly where: string;
}

/** Conditions that bind an action closer than its resource does. */
const CONDITIONS: Readonly<Record<string, { operator: string; key: string; parameter: string }>> = {
  'ecs:RunTask': { operator: 'ArnEquals', key: 'ecs:cluster', parameter: 'Cluster' },
};

/**
 * What the role of a machine needs: the IAM rows of every integration that its definition uses, on the resources that stand
 * behind the substitutions in its parameters, and their encryption keys. Nothing else: a role made here cannot have too
 * much. Throws {@link DefinitionError} when a resource cannot be told, rather than allow all.
 */
export function iamStatementsFor(definition: DefinitionFile, bindings: Bindings): PolicyStatement[] {
  const grants = new Grants();
  const examples = tasksOf(definition.example);
  for (const [index, written] of tasksOf(definition.written).entries()) {
    const where = `${definition.path}: state "${written.name}"`;
    const resource = examples[index]?.resource;
    const needs = resource === undefined ? undefined : iamNeeds(resource);
    if (resource === undefined || needs === undefined) {
      throw new DefinitionError([`${where}: no IAM actions are known for ${written.resourceText}`]);
    }
    const task: Task = { written, needs, where };
    for (const need of needs) grantNeed(grants, task, need, bindings);
    if (resource.kind === 'activity') grantActivity(grants, task, bindings);
  }
  return grants.statements();
}

function grantNeed(grants: Grants, task: Task, need: IamNeed, bindings: Bindings): void {
  const { actions, on } = need;
  switch (on.kind) {
    case 'any':
      grants.add('*', actions);
      return;
    case 'resource':
    case 'parameter': {
      const text =
        on.kind === 'resource'
          ? task.written.resourceText
          : parameterAt(task.written.parameters, on.parameter);
      const binding = bindingIn(text, bindings);
      if (binding?.arn === undefined) {
        const what = on.kind === 'resource' ? 'Resource' : on.parameter;
        throw new DefinitionError([
          `${task.where}: ${what} must be a substitution with a resource behind it, for ${actions.join(', ')}`,
        ]);
      }
      grants.add(binding.arn, actions, conditionsOf(actions, task, bindings));
      if (binding.key !== undefined) grants.add(binding.key.keyArn, kmsActionsFor(actions));
      return;
    }
    case 'jobs':
      grants.add(jobsArn(actions, task), actions);
      return;
    case 'managedRule':
      grants.add(arnHere('events', 'rule', on.rule), actions);
      return;
    case 'passRole':
      for (const roleArn of rolesToPass(task, bindings)) {
        grants.add(roleArn, actions, { StringEquals: { 'iam:PassedToService': on.passedTo } });
      }
  }
}

/** Step Functions encrypts what it hands to an activity's workers with the activity's key, in the machine's name. */
function grantActivity(grants: Grants, task: Task, bindings: Bindings): void {
  const binding = bindingIn(task.written.resourceText, bindings);
  if (binding?.key === undefined) return;
  grants.add(binding.key.keyArn, ['kms:Decrypt', 'kms:GenerateDataKey'], {
    StringEquals: { 'kms:EncryptionContext:aws:states:activityArn': binding.value },
  });
}

function parameterAt(parameters: Json | undefined, path: string): Json | undefined {
  let value = parameters;
  for (const name of path.split('.')) value = isObject(value) ? getOwn(value, name) : undefined;
  return value;
}

/** The binding of a text that is one substitution and nothing else. */
function bindingIn(text: Json | undefined, bindings: Bindings): Binding | undefined {
  const name = typeof text === 'string' ? /^\$\{([A-Za-z0-9]+)\}$/u.exec(text)?.[1] : undefined;
  return name !== undefined && Object.hasOwn(bindings, name) ? bindings[name] : undefined;
}

function conditionsOf(actions: readonly string[], task: Task, bindings: Bindings): Conditions | undefined {
  for (const action of actions) {
    const rule = Object.hasOwn(CONDITIONS, action) ? CONDITIONS[action] : undefined;
    if (rule === undefined) continue;
    const arn = bindingIn(parameterAt(task.written.parameters, rule.parameter), bindings)?.arn;
    if (arn !== undefined) return { [rule.operator]: { [rule.key]: arn } };
  }
  return undefined;
}

/** Jobs have no name before they run: all jobs of this account and region. */
function jobsArn(actions: readonly string[], task: Task): string {
  if (actions.every((action) => action.startsWith('batch:'))) return arnHere('batch', 'job', '*');
  throw new DefinitionError([`${task.where}: the resource of ${actions.join(', ')} is not known`]);
}

function rolesToPass(task: Task, bindings: Bindings): readonly string[] {
  const parameters = task.written.parameters;
  const texts = isObject(parameters) ? Object.values(parameters) : [];
  return texts.flatMap((text) => bindingIn(text, bindings)?.passRoleArns ?? []);
}

function arnHere(service: string, resource: string, resourceName: string): string {
  return Fn.join(':', [
    'arn',
    Aws.PARTITION,
    service,
    Aws.REGION,
    Aws.ACCOUNT_ID,
    `${resource}/${resourceName}`,
  ]);
}

interface Grant {
  readonly resource: string;
  readonly conditions: Conditions | undefined;
  readonly actions: Set<string>;
}

/** Collects actions by resource and condition, so that each makes one statement. */
class Grants {
  readonly #grants = new Map<string, Grant>();

  add(resource: string, actions: readonly string[], conditions?: Conditions): void {
    if (actions.length === 0) return;
    const id = JSON.stringify([resource, conditions ?? null]);
    const grant = this.#grants.get(id) ?? { resource, conditions, actions: new Set<string>() };
    for (const action of actions) grant.actions.add(action);
    this.#grants.set(id, grant);
  }

  statements(): PolicyStatement[] {
    return [...this.#grants.values()].map(
      ({ resource, conditions, actions }) =>
        new PolicyStatement({
          actions: [...actions].toSorted(),
          resources: [resource],
          ...(conditions === undefined ? {} : { conditions }),
        }),
    );
  }
}
