import type { GraphContainer, Json, JsonObject, TaskDescription } from '@stepyard/asl';
import { allContainers, check, isObject, nodeById, reachableFrom } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { Machine } from './support/machines.ts';
import { allMachines, fileOf, substitute } from './support/machines.ts';
import { stackOf } from './support/synthesis.ts';
import { at, listOf, resourcesOf, textsOf } from './support/template.ts';

const named = allMachines().map((machine): [string, Machine] => [machine.name, machine]);

/** Left uncaught on purpose, so that a redrive runs the task again: the status-change rule tells of its failure. */
const UNCAUGHT = new Set(['fargate-task-notification: Run task']);
/** Only these states may call a function: no Lambda whose handler would only call one AWS API. */
const LAMBDA_TASKS = new Set(['Load table', 'Greet', 'Greet once more']);
const LAMBDA_TRANSIENT = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
];

function isNotify({ resourceText }: TaskDescription): boolean {
  return resourceText.endsWith(':sns:publish');
}

function isLambda({ resourceText }: TaskDescription): boolean {
  return resourceText.includes(':function:') || resourceText.endsWith(':lambda:invoke');
}

/** The states around a state, by their pointers: /States/A/ItemProcessor/States/B -> A. */
function enclosing(machine: Machine, pointer: string): JsonObject[] {
  return machine.states
    .filter((state) => state.pointer !== pointer && pointer.startsWith(`${state.pointer}/`))
    .map(({ state }) => state);
}

function catchersOf(state: JsonObject): readonly Json[] {
  return listOf(state['Catch']);
}

function catchesAll(state: JsonObject): boolean {
  return catchersOf(state).some((catcher) => textsOf(at(catcher, 'ErrorEquals')).includes('States.ALL'));
}

describe.each(named)('the definition of %s', (_name, machine) => {
  test('in the template is the file, after substitution', () => {
    expect(machine.definition).toEqual(substitute(fileOf(machine), machine.substitutions));
    expect(JSON.stringify(machine.definition)).not.toContain('${');
  });

  test('39: passes the checker without a warning, with comments everywhere', () => {
    const type = machine.type === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
    expect(check(JSON.stringify(machine.definition), { type })).toEqual([]);
    expect(at(machine.definition, 'Comment')).toMatch(/\S{3}/u);
    const silent = machine.states.filter(({ state }) => typeof state['Comment'] !== 'string');
    expect(silent.map(({ name }) => name)).toEqual([]);
    const names = machine.states.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.length > 80)).toEqual([]);
  });

  test('17: holds no account, region or partition of its own', () => {
    expect(fileOf(machine)).not.toMatch(/\b\d{12}\b|arn:aws|[a-z]{2}-[a-z]+-\d\b/u);
  });

  test('19: every task and the machine itself have a timeout', () => {
    expect(at(machine.definition, 'TimeoutSeconds')).toBeGreaterThan(0);
    const without = machine.tasks.filter(({ state }) => !(Number(state['TimeoutSeconds']) > 0));
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  test('20: every task is retried on named errors, with growing, bounded and jittered delays', () => {
    for (const task of machine.tasks) {
      const retriers = listOf(task.state['Retry']);
      expect(retriers.length, `${task.name} is never retried`).toBeGreaterThan(0);
      for (const retrier of retriers) {
        expect(textsOf(at(retrier, 'ErrorEquals')), task.name).not.toContain('States.ALL');
        expect(at(retrier, 'MaxAttempts'), task.name).toBeGreaterThan(0);
        expect(at(retrier, 'IntervalSeconds'), task.name).toBeGreaterThan(0);
        expect(at(retrier, 'BackoffRate'), task.name).toBeGreaterThanOrEqual(1.5);
        expect(at(retrier, 'MaxDelaySeconds'), task.name).toBeGreaterThan(0);
        expect(at(retrier, 'JitterStrategy'), task.name).toBe('FULL');
      }
      if (!isLambda(task)) continue;
      const errors = retriers.flatMap((retrier) => textsOf(at(retrier, 'ErrorEquals')));
      expect(errors, task.name).toEqual(expect.arrayContaining(LAMBDA_TRANSIENT));
    }
  });

  test('21: every task but notifications is covered by a Catch, its own or one around it', () => {
    const uncaught = machine.tasks.filter(
      (task) =>
        !isNotify(task) &&
        !catchesAll(task.state) &&
        !enclosing(machine, task.pointer).some(catchesAll) &&
        !UNCAUGHT.has(`${machine.definitionName}: ${task.name}`),
    );
    expect(uncaught.map(({ name }) => name)).toEqual([]);
  });

  test('21: States.ALL stands alone and last', () => {
    for (const { state, name } of machine.states) {
      for (const [index, catcher] of catchersOf(state).entries()) {
        const errors = textsOf(at(catcher, 'ErrorEquals'));
        if (!errors.includes('States.ALL')) continue;
        expect(errors, name).toEqual(['States.ALL']);
        expect(index, name).toBe(catchersOf(state).length - 1);
      }
    }
  });

  test('22: what States.ALL catches in the machine itself ends in a Fail state, whichever way it goes', () => {
    const caught = machine.graph.edges.filter(
      ({ kind, from, index }) =>
        kind === 'catch' && catchesAllAt(nodeState(machine, from), index) && !isNotifyAt(machine, from),
    );
    for (const { to } of caught) {
      expect(terminalTypes(machine.graph, to), to).toEqual(['Fail']);
    }
  });

  test('22: a notification that fails leads to no success', () => {
    for (const task of machine.tasks.filter(isNotify)) {
      const caught = machine.graph.edges.filter(
        ({ kind, from }) => kind === 'catch' && from === task.pointer,
      );
      for (const { to } of caught) expect(terminalTypes(machine.graph, to), task.name).toEqual(['Fail']);
    }
  });

  test('28: every inline Map has a concurrency from 1 to 40', () => {
    for (const { state, name } of machine.states.filter((visit) => visit.state['Type'] === 'Map')) {
      expect(state['MaxConcurrency'], name).toBeGreaterThanOrEqual(1);
      expect(state['MaxConcurrency'], name).toBeLessThanOrEqual(40);
    }
  });

  test('31: an Express machine has nothing that waits for others', () => {
    if (machine.type !== 'EXPRESS') return;
    for (const { resourceText, resource } of machine.tasks) {
      expect(resourceText).not.toMatch(/\.sync|\.waitForTaskToken/u);
      expect(resource?.kind).not.toBe('activity');
    }
    expect(JSON.stringify(machine.definition)).not.toContain('"DISTRIBUTED"');
    // A synchronous Express execution ends after five minutes at the latest.
    expect(at(machine.definition, 'TimeoutSeconds')).toBeLessThanOrEqual(300);
  });

  test('41: calls functions only where there is work to do that no integration does', () => {
    expect(machine.tasks.filter(isLambda).map(({ name }) => name)).toEqual(
      machine.tasks.filter(({ name }) => LAMBDA_TASKS.has(name)).map(({ name }) => name),
    );
  });

  test('3.7: a notification says how it went, in attributes that subscribers filter by', () => {
    for (const task of machine.tasks.filter(isNotify)) {
      const attributes = at(task.parameters, 'MessageAttributes');
      expect(isObject(attributes) ? Object.keys(attributes) : [], task.name).toEqual(
        expect.arrayContaining(['status', 'useCase', 'executionArn']),
      );
      // eslint-disable-next-line no-control-regex -- SNS takes printable ASCII only
      expect(at(task.parameters, 'Subject'), task.name).toMatch(/^[\x20-\x7e]{1,100}$/u);
    }
  });
});

/** The state with a graph id, as written. */
function nodeState(machine: Machine, pointer: string): JsonObject {
  const found = machine.states.find((state) => state.pointer === pointer);
  if (found === undefined) throw new Error(`${machine.name} has no state at ${pointer}`);
  return found.state;
}

function isNotifyAt(machine: Machine, pointer: string): boolean {
  return machine.tasks.some((task) => task.pointer === pointer && isNotify(task));
}

function catchesAllAt(state: JsonObject, index: number): boolean {
  return textsOf(at(catchersOf(state)[index], 'ErrorEquals')).includes('States.ALL');
}

/** Types of the states at which paths from `from` end, sorted. */
function terminalTypes(graph: GraphContainer, from: string): string[] {
  const list = allContainers(graph).find(({ nodes }) => nodes.some(({ id }) => id === from));
  const ends = [...reachableFrom(graph, from)].filter(
    (id) => !(list?.edges ?? []).some((edge) => edge.from === id && edge.kind !== 'catch'),
  );
  return [...new Set(ends.map((id) => nodeById(graph, id)?.type ?? ''))].toSorted();
}

describe.each(['dev', 'prod'] as const)('jobs in %s', (stage) => {
  const { template } = stackOf(stage, 'batch-job-notification');
  const [job] = resourcesOf(template, 'AWS::Batch::JobDefinition');

  test('19: the state waits longer than all attempts of the job together', () => {
    const attempts = Number(at(job?.properties, 'RetryStrategy', 'Attempts'));
    const attemptSeconds = Number(at(job?.properties, 'Timeout', 'AttemptDurationSeconds'));
    const machine = allMachines().find(({ stack }) => stack.template === template);
    const run = machine?.tasks.find(({ resourceText }) => resourceText.endsWith(':batch:submitJob.sync'));
    expect(attempts * attemptSeconds).toBeGreaterThan(0);
    expect(run?.state['TimeoutSeconds']).toBeGreaterThan(attempts * attemptSeconds);
    expect(at(machine?.definition, 'TimeoutSeconds')).toBeGreaterThan(Number(run?.state['TimeoutSeconds']));
  });

  test('29: attempts are not multiplied: the job has its own, the state retries calls only', () => {
    expect(at(job?.properties, 'RetryStrategy', 'Attempts')).toBe(3);
    expect(at(job?.properties, 'Timeout', 'AttemptDurationSeconds')).toBeGreaterThanOrEqual(60);
    const exits = listOf(at(job?.properties, 'RetryStrategy', 'EvaluateOnExit'));
    expect(exits[0]).toEqual({ Action: 'EXIT', OnExitCode: '*' });
    expect(at(exits.at(-1), 'Action')).toBe('EXIT');
    for (const machine of allMachines()) {
      for (const task of machine.tasks.filter(({ resourceText }) => /\.sync(?::2)?$/u.test(resourceText))) {
        const errors = listOf(task.state['Retry']).flatMap((retrier) => textsOf(at(retrier, 'ErrorEquals')));
        expect(errors, task.name).not.toContain('States.TaskFailed');
      }
    }
  });
});
