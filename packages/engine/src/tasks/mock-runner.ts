import type { Json } from '@stepyard/asl';
import type { Clock } from '../clock/clock.ts';
import type { TaskResult, TaskRunner } from './task-runner.ts';

/** What one invocation of a state answers, or several in a row (`times`, 1 unless given), after `afterSeconds` (0 unless given). */
export type Mock = (
  { readonly return: Json } | { readonly throw: { readonly error: string; readonly cause?: string } }
) & {
  readonly times?: number;
  readonly afterSeconds?: number;
};

/** Mocks by state name: the nth invocation of a state takes the nth. */
export type Mocks = Readonly<Record<string, readonly Mock[]>>;

export interface MockTaskRunner extends TaskRunner {
  /** States that were invoked with no mock left: the run is not what its author thought it was. */
  readonly missing: readonly string[];
  /** Mocks that were never taken, by state. */
  unused(): Readonly<Record<string, number>>;
  /** The next mock of a state, for those who answer activities and callbacks. */
  take(stateName: string): Mock | undefined;
}

/** Answers every task from a list. Time passes on the given clock. */
export function createMockTaskRunner(mocks: Mocks, clock: Clock): MockTaskRunner {
  const queues = new Map(Object.entries(mocks).map(([state, list]) => [state, list.flatMap(repeat)]));
  const missing: string[] = [];
  const take = (stateName: string): Mock | undefined => {
    const mock = queues.get(stateName)?.shift();
    if (mock === undefined) missing.push(stateName);
    return mock;
  };
  return {
    missing,
    unused: () =>
      Object.fromEntries(
        [...queues].filter(([, left]) => left.length > 0).map(([state, left]) => [state, left.length]),
      ),
    take,
    async run(request, _report, signal) {
      const mock = take(request.stateName);
      if (mock === undefined) {
        return {
          kind: 'failed',
          error: 'Mock.Missing',
          cause: `State '${request.stateName}' was invoked with no mock left`,
        };
      }
      if (mock.afterSeconds !== undefined) await passed(clock, mock.afterSeconds * 1000, signal);
      return resultOf(mock);
    },
  };
}

/** What a task that is answered by the mock comes to. */
export function resultOf(mock: Mock): TaskResult {
  if ('return' in mock) return { kind: 'succeeded', output: mock.return };
  return { kind: 'failed', error: mock.throw.error, cause: mock.throw.cause };
}

function repeat(mock: Mock): Mock[] {
  return Array.from({ length: mock.times ?? 1 }, () => mock);
}

function passed(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.at(clock.now() + ms, resolve);
    signal.addEventListener('abort', () => (cancel(), resolve()), { once: true });
  });
}
