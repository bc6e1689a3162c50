/** Mocks for what the engine does not call itself: callbacks by task token, and workers of activities. */
import type { Clock, Engine, HistoryEvent, MockTaskRunner, TaskResult, TaskRunner } from '@stepyard/engine';
import { nameIn, readTaskToken, resultOf } from '@stepyard/engine';

/** A `.waitForTaskToken` Task: its call succeeds with `{}`, and the mock is what comes back by the token. */
export function answeringCallbacks(
  mocks: MockTaskRunner,
  complete: (token: string, result: TaskResult) => Promise<void>,
): TaskRunner {
  return {
    async run(request, report, signal) {
      const result = await mocks.run(request, report, signal);
      if (request.token === undefined || signal.aborted) return result;
      report.submitted({});
      await complete(request.token, result);
      return { kind: 'succeeded', output: {} };
    },
  };
}

export async function sendResult(engine: Engine, taskToken: string, result: TaskResult): Promise<void> {
  if (result.kind === 'succeeded') {
    await engine.sendTaskSuccess({ taskToken, output: JSON.stringify(result.output) });
    return;
  }
  const { error, cause } = result;
  await engine.sendTaskFailure({ taskToken, error, ...(cause === undefined ? {} : { cause }) });
}

/** A worker for every activity task that is scheduled. Returns what ends its work. */
export function answerActivities(
  engine: Engine,
  mocks: MockTaskRunner,
  clock: Clock,
  faults: string[],
): () => void {
  const serve = async (executionArn: string, activityArn: string): Promise<void> => {
    const task = await engine.getActivityTask({ activityArn, workerName: 'mock' });
    if (task === undefined) return;
    const { events } = await engine.inspect(executionArn);
    const mock = mocks.take(stateOf(events, readTaskToken(task.taskToken)?.task ?? 0));
    const result: TaskResult =
      mock === undefined
        ? { kind: 'failed', error: 'Mock.Missing', cause: 'A worker was asked with no mock left' }
        : resultOf(mock);
    const delayMs = (mock?.afterSeconds ?? 0) * 1000;
    if (delayMs > 0) await new Promise<void>((resolve) => clock.at(clock.now() + delayMs, resolve));
    await sendResult(engine, task.taskToken, result).catch((error: unknown) => {
      // A worker that is too slow is told so, and that is what its mock is for.
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'TaskTimedOut') throw error;
    });
  };
  return engine.onEvents((executionArn, events) => {
    for (const event of events) {
      if (event.type !== 'ActivityScheduled') continue;
      const activityArn = event.details?.['resource'];
      if (typeof activityArn !== 'string') continue;
      serve(executionArn, activityArn).catch((error: unknown) => faults.push(String(error)));
    }
  });
}

/** The state in which the event happened: back along its line to where the state was entered. */
function stateOf(events: readonly HistoryEvent[], eventId: number): string {
  let event = events[eventId - 1];
  while (event !== undefined && event.type !== 'TaskStateEntered') event = events[event.previousEventId - 1];
  return event === undefined ? '' : nameIn(event);
}
