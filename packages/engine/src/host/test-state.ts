import type { Effect } from '../core/effect.ts';
import type { Settlement } from '../core/frame.ts';
import type { Input } from '../core/input.ts';
import type { StateTestRequest, StateTestResult } from '../core/test-state.ts';
import { StateTest } from '../core/test-state.ts';
import type { HttpExchange } from '../tasks/service-caller.ts';
import type { TaskResult, TaskRunner } from '../tasks/task-runner.ts';

/** Longest time that a tested Task may take, whatever its own timeout: that of the TestState operation on AWS. */
const TEST_DURATION_MS_MAX = 300_000;

type Invocation = Extract<Effect, { kind: 'invokeTask' }>;

/**
 * Runs one state alone, on the interpreter that runs executions. A Wait takes no time. `mock` answers a Task instead of
 * `runner`. Never rejects for what the state does.
 */
export async function testState(
  request: StateTestRequest,
  options: {
    readonly runner: TaskRunner;
    readonly mock?: Settlement | undefined;
    /** Told what an HTTP Task sent and got. */
    readonly onExchange?: (exchange: HttpExchange) => void;
  },
): Promise<StateTestResult> {
  const test = new StateTest(request);
  const effects = test.begin(request);
  if (test.expire('wait')) return test.result();
  for (const effect of effects) {
    if (effect.kind !== 'invokeTask' && effect.kind !== 'scheduleActivity') continue;
    const { mock } = options;
    if (mock !== undefined)
      test.apply(...inputsOf(effect.task, mock, 'resource' in effect ? effect : undefined));
    else if (effect.kind === 'invokeTask') await runTask(test, request, effect, options);
  }
  return test.result();
}

function inputsOf(task: number, mock: Settlement, invocation: Invocation | undefined): Input[] {
  const end: Input =
    mock.kind === 'succeeded'
      ? { kind: 'taskSucceeded', task, output: mock.output }
      : failure(task, mock.failure.error, mock.failure.cause);
  const isSubmitted =
    mock.kind === 'succeeded' &&
    invocation !== undefined &&
    'pattern' in invocation.resource &&
    invocation.resource.pattern !== 'requestResponse';
  return isSubmitted ? [{ kind: 'taskSubmitted', task, output: {} }, end] : [end];
}

async function runTask(
  test: StateTest,
  request: StateTestRequest,
  effect: Invocation,
  { runner, onExchange }: Parameters<typeof testState>[1],
): Promise<void> {
  const { task } = effect;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), Math.min(test.timeoutMs ?? Infinity, TEST_DURATION_MS_MAX));
  const { executionArn, stateMachineArn } = request.started;
  const timedOut = Promise.withResolvers<undefined>();
  limit.signal.addEventListener('abort', () => timedOut.resolve(undefined));
  const run = runner.run(
    {
      executionArn,
      stateMachineArn,
      stateName: request.stateName,
      resource: effect.resource,
      parameters: effect.parameters,
      token: undefined,
      credentials: effect.credentials,
      invocation: effect.invocation,
      attemptId: `${executionArn}:${task}`,
    },
    { submitted: () => undefined, ...(onExchange === undefined ? {} : { exchanged: onExchange }) },
    limit.signal,
  );
  const result = await Promise.race([run.catch(crashed), timedOut.promise]);
  clearTimeout(timer);
  if (result === undefined) {
    if (!test.expire('taskTimeout')) test.apply(failure(task, 'States.Timeout', undefined));
  } else if (result.kind === 'failed') test.apply(failure(task, result.error, result.cause));
  else test.apply({ kind: 'taskSucceeded', task, output: result.output });
}

function crashed(error: unknown): TaskResult {
  const cause = `the task runner rejected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return { kind: 'failed', error: 'States.TaskFailed', cause };
}

function failure(task: number, error: string | undefined, cause: string | undefined): Input {
  return {
    kind: 'taskFailed',
    task,
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}
