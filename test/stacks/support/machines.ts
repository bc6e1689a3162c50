import { readFileSync } from 'node:fs';
import type { GraphContainer, Json, StateVisit, TaskDescription } from '@stepyard/asl';
import { graphOf, statesOf, tasksOf } from '@stepyard/asl';
import { repositoryPath } from '../../../lib/paths.ts';
import { allStacks } from './synthesis.ts';
import type { Synthesised } from './synthesis.ts';
import type { Located } from './template.ts';
import { at, resolve, resolveText, resourcesOf, textAt } from './template.ts';

/** A state machine as it is deployed. */
export interface Machine {
  readonly stack: Synthesised;
  readonly resource: Located;
  /** With stage: `stepyard-dev-transfer-records`. */
  readonly name: string;
  /** The name of its file in definitions/, without `.asl.json`. */
  readonly definitionName: string;
  readonly type: string;
  /** The template's definition after CloudFormation's substitution. */
  readonly definition: Json;
  readonly substitutions: Readonly<Record<string, string>>;
  readonly states: readonly StateVisit[];
  readonly tasks: readonly TaskDescription[];
  readonly graph: GraphContainer;
  /** Logical id of its role. */
  readonly roleId: string;
}

/** Every state machine of every stack and stage. */
export function allMachines(): Machine[] {
  return allStacks().flatMap((stack) =>
    resourcesOf(stack.template, 'AWS::StepFunctions::StateMachine').map((resource) =>
      machineOf(stack, resource),
    ),
  );
}

function machineOf(stack: Synthesised, resource: Located): Machine {
  const { properties } = resource;
  const name = textAt(properties, 'StateMachineName');
  const substitutions: Record<string, string> = {};
  for (const [key, value] of Object.entries(at(properties, 'DefinitionSubstitutions') ?? {})) {
    substitutions[key] = resolveText(value, stack.template);
  }
  const definition = substitute(textAt(properties, 'DefinitionString'), substitutions);
  return {
    stack,
    resource,
    name,
    definitionName: name.replace(`stepyard-${stack.stage}-`, ''),
    type: textAt(properties, 'StateMachineType'),
    definition,
    substitutions,
    states: statesOf(definition),
    tasks: tasksOf(definition),
    graph: graphOf(definition),
    roleId: textAt(properties, 'RoleArn', 'Fn::GetAtt', 0),
  };
}

/** The machine's file in definitions/. */
export function fileOf(machine: Machine): string {
  return readFileSync(repositoryPath('definitions', `${machine.definitionName}.asl.json`), 'utf8');
}

/** What CloudFormation does with DefinitionSubstitutions. */
export function substitute(text: string, substitutions: Readonly<Record<string, string>>): Json {
  const substituted = text.replaceAll(/\$\{([A-Za-z0-9]+)\}/gu, (whole, name: string) => {
    const value = substitutions[name];
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(substituted);
}

/** Statements of every policy attached to a role, resolved. */
export interface Statement {
  readonly effect: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: Json | undefined;
}

export function statementsOfRole(stack: Synthesised, roleId: string): Statement[] {
  const { template } = stack;
  const inline = resourcesOf(template, 'AWS::IAM::Role')
    .filter(({ id }) => id === roleId)
    .flatMap(({ properties }) => at(properties, 'Policies') ?? []);
  const attached = resourcesOf(template, 'AWS::IAM::Policy')
    .filter(({ properties }) => JSON.stringify(properties['Roles']).includes(`"${roleId}"`))
    .map(({ properties }) => properties);
  return [...inlineList(inline), ...attached].flatMap((policy) =>
    statementsOf(at(policy, 'PolicyDocument'), stack),
  );
}

function inlineList(policies: Json): readonly Json[] {
  return Array.isArray(policies) ? policies.flat() : [policies];
}

/** The statements of a policy document, resolved. */
export function statementsOf(document: Json | undefined, stack: Synthesised): Statement[] {
  const statements = at(document, 'Statement');
  return (Array.isArray(statements) ? statements : []).map((statement: Json) => {
    const list = (field: string): string[] => {
      const value = resolve(at(statement, field), stack.template);
      if (value === null) return [];
      return (Array.isArray(value) ? value : [value]).map(String);
    };
    const condition = at(statement, 'Condition');
    return {
      effect: textAt(statement, 'Effect'),
      actions: list('Action'),
      resources: list('Resource'),
      condition: condition === undefined ? undefined : resolve(condition, stack.template),
    };
  });
}
