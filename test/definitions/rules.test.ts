import { describe, expect, test } from 'vitest';
import { check, statesOf, tasksOf } from '@stepyard/asl';
import type { TaskDescription } from '@stepyard/asl';
import { definitionFiles } from './definition-files.ts';
import { allScopes, asArray, asObject, asText, reachableFrom, scopeOf } from './definition-graph.ts';

const LAMBDA_ERRORS = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
];
/** Its failure is told by the status-change rule, so that a redrive runs the task again. */
const UNCAUGHT_ON_PURPOSE = new Set(['fargate-task-notification: Run task']);

const isNotification = (task: TaskDescription): boolean => task.resourceText.endsWith(':sns:publish');
const isLambda = (task: TaskDescription): boolean =>
  task.resource?.kind === 'lambda' || task.resourceText.endsWith(':lambda:invoke');
const retriersOf = (task: TaskDescription) => asArray(task.state['Retry']).map(asObject);

test('there are seven definitions, in both languages and of both types', () => {
  expect(
    definitionFiles.map(({ name, type, definition }) => [name, type, definition['QueryLanguage']]),
  ).toEqual([
    ['batch-job-notification', 'STANDARD', undefined],
    ['fargate-task-notification', 'STANDARD', 'JSONata'],
    ['state-tour-jsonata', 'STANDARD', 'JSONata'],
    ['state-tour', 'STANDARD', undefined],
    ['transfer-records-express', 'EXPRESS', undefined],
    ['transfer-records-parent', 'STANDARD', 'JSONata'],
    ['transfer-records', 'STANDARD', 'JSONata'],
  ]);
});

describe.each(definitionFiles)('$name', ({ name, type, source, substitutions, text, definition }) => {
  const tasks = tasksOf(definition);
  const states = statesOf(definition);

  test('has no finding of the checker', () => {
    expect(check(text, { type })).toEqual([]);
  });

  test('uses exactly the substitutions that it is given, and their names are alphanumeric', () => {
    const used = new Set([...source.matchAll(/\$\{([^}]*)\}/gu)].map((match) => match[1]));
    expect(used).toEqual(new Set(Object.keys(substitutions)));
    expect([...used].filter((key) => !/^[A-Za-z0-9]+$/u.test(key ?? ''))).toEqual([]);
  });

  test('names no account, region or partition of its own', () => {
    expect(source).not.toMatch(/\d{12}|arn:aws|us-[a-z]+-\d/u);
  });

  test('explains itself: a comment on the machine and on every state', () => {
    const silent = [{ name: 'the machine', state: definition }, ...states]
      .filter(({ state }) => typeof state['Comment'] !== 'string' || state['Comment'].length < 20)
      .map((state) => state.name);
    expect(silent).toEqual([]);
  });

  test('has unique state names of at most 80 characters', () => {
    const names = states.map((state) => state.name);
    expect(names.filter((item, index) => names.indexOf(item) !== index || item.length > 80)).toEqual([]);
  });

  test('gives up in time: the machine and every task have a timeout', () => {
    expect(definition['TimeoutSeconds']).toBeGreaterThan(0);
    // AWS ends an Express execution after five minutes.
    expect(definition['TimeoutSeconds']).toBeLessThan(type === 'EXPRESS' ? 300 : 10_000);
    const endless = tasks.filter((task) => typeof task.state['TimeoutSeconds'] !== 'number');
    expect(endless.map((task) => task.name)).toEqual([]);
  });

  test('retries named errors, ever more slowly, with full jitter', () => {
    const wrong = tasks
      .filter((task) => {
        const retriers = retriersOf(task);
        return (
          retriers.length === 0 ||
          retriers.some(
            (retrier) =>
              !(Number(retrier['MaxAttempts']) > 0) ||
              !(Number(retrier['IntervalSeconds']) > 0) ||
              !(Number(retrier['BackoffRate']) >= 1.5) ||
              !(Number(retrier['MaxDelaySeconds']) > 0) ||
              retrier['JitterStrategy'] !== 'FULL' ||
              asArray(retrier['ErrorEquals']).some((error) =>
                ['States.ALL', 'States.TaskFailed'].includes(asText(error)),
              ),
          )
        );
      })
      .map((task) => task.name);
    expect(wrong).toEqual([]);
  });

  test('retries what Lambda asks to be retried', () => {
    const missing = tasks
      .filter(isLambda)
      .filter((task) => {
        const errors = retriersOf(task).flatMap((retrier) => asArray(retrier['ErrorEquals']));
        return !LAMBDA_ERRORS.every((error) => errors.includes(error));
      })
      .map((task) => task.name);
    expect(missing).toEqual([]);
  });

  test('catches the failure of every task that is no notification', () => {
    const uncaught = tasks
      .filter((task) => !isNotification(task) && !UNCAUGHT_ON_PURPOSE.has(`${name}: ${task.name}`))
      .filter((task) => ![task.pointer, ...enclosing(task.pointer)].some(catchesAll))
      .map((task) => task.name);
    expect(uncaught).toEqual([]);
  });

  /** The pointers of the states around one, the nearest first. */
  function enclosing(pointer: string): string[] {
    return states
      .map((state) => state.pointer)
      .filter((other) => pointer.startsWith(`${other}/`))
      .toReversed();
  }

  function catchesAll(pointer: string): boolean {
    const state = states.find((item) => item.pointer === pointer)?.state;
    return asArray(state?.['Catch'])
      .map(asObject)
      .some((catcher) => asArray(catcher['ErrorEquals']).includes('States.ALL'));
  }

  test('has States.ALL alone and last', () => {
    const wrong = states
      .filter(({ state }) => {
        const lists = asArray(state['Catch']).map((item) => asArray(asObject(item)['ErrorEquals']));
        return lists.some(
          (errors, index) =>
            errors.includes('States.ALL') && (errors.length > 1 || index !== lists.length - 1),
        );
      })
      .map((state) => state.name);
    expect(wrong).toEqual([]);
  });

  test('does not end well after it has told of a failure', () => {
    const scope = scopeOf(definition);
    const wrong = [...scope.nodes.values()]
      .filter((node) => JSON.stringify(node.state).includes('"StringValue":"FAILED"'))
      .flatMap((node) => [...reachableFrom(scope, node.name)])
      .filter((target) => {
        const node = scope.nodes.get(target);
        return node?.type === 'Succeed' || node?.state['End'] === true;
      });
    expect(wrong).toEqual([]);
  });

  test('runs at most 40 iterations of an inline Map at once', () => {
    const wrong = states
      .filter(({ state }) => state['Type'] === 'Map')
      .filter(
        ({ state }) => !(Number(state['MaxConcurrency']) >= 1 && Number(state['MaxConcurrency']) <= 40),
      );
    expect(wrong).toEqual([]);
  });

  test('has no dead state', () => {
    const dead = allScopes(scopeOf(definition)).flatMap((scope) => {
      const alive = reachableFrom(scope, scope.startAt);
      return [...scope.nodes.keys()].filter((item) => !alive.has(item));
    });
    expect(dead).toEqual([]);
  });

  test('passes a subject of at most 100 ASCII characters, and attributes to filter by', () => {
    for (const task of tasks.filter(isNotification)) {
      const parameters = asObject(task.parameters);
      expect(parameters['Subject']).toMatch(/^[ -z]{1,100}$/u);
      expect(Object.keys(asObject(parameters['MessageAttributes']))).toEqual([
        'status',
        'useCase',
        'executionArn',
      ]);
    }
  });
});

test('an Express machine waits for no callback, job, activity or distributed Map', () => {
  const wrong = definitionFiles
    .filter((file) => file.type === 'EXPRESS')
    .flatMap((file) => [
      ...tasksOf(file.definition)
        .filter(({ resource }) =>
          resource === undefined || resource.kind === 'lambda' || resource.kind === 'activity'
            ? resource?.kind === 'activity'
            : resource.pattern !== 'requestResponse',
        )
        .map((task) => task.name),
      ...(file.source.includes('DISTRIBUTED') ? [file.name] : []),
    ]);
  expect(wrong).toEqual([]);
});

test('a job that failed is not submitted again by Step Functions: its own retries would multiply', () => {
  const waiting = definitionFiles
    .flatMap((file) => tasksOf(file.definition))
    .filter((task) => task.resourceText.endsWith('.sync'));
  expect(waiting.map((task) => task.name)).toEqual(['Run job', 'Run task']);
  for (const task of waiting) {
    const errors = retriersOf(task).flatMap((retrier) => asArray(retrier['ErrorEquals']));
    expect(errors).not.toContain('States.TaskFailed');
    expect(errors).not.toContain('States.Timeout');
    // Longer than all attempts of the job definition: three of 600 seconds.
    expect(task.state['TimeoutSeconds']).toBeGreaterThan(3 * 600);
  }
});
