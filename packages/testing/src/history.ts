import type { HistoryEvent } from '@stepyard/engine';
import { printHistory } from '@stepyard/engine';

/**
 * State transitions as Standard workflows are billed for them: each state entered and each retry
 * (https://aws.amazon.com/step-functions/pricing: "a state transition each time a step of your workflow is completed", retries
 * included).
 */
export function transitionsOf(events: readonly HistoryEvent[]): number {
  const scheduled = new Set<number>();
  let transitions = 0;
  for (const event of events) {
    if (event.type.endsWith('StateEntered')) transitions++;
    // A second attempt follows a failure, the first one the state's entry.
    const isAttempt = /^(Task|LambdaFunction|Activity)Scheduled$|^(Map|Parallel)StateStarted$/u.test(
      event.type,
    );
    const before = events[event.previousEventId - 1];
    if (isAttempt && before !== undefined && !before.type.endsWith('StateEntered')) transitions++;
    if (isAttempt) scheduled.add(event.id);
  }
  return transitions;
}

/** Compares a history with its text (see printHistory): lines of `expected` may be indented; `...` stands for the rest of a line. */
export function historyDifference(events: readonly HistoryEvent[], expected: string): string | undefined {
  const actual = printHistory(events).split('\n');
  const lines = expected
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const first = lines.findIndex((line, index) => !fits(actual[index], line));
  if (first === -1 && lines.length === actual.length) return undefined;
  const at = first === -1 ? lines.length : first;
  return `line ${at + 1}\n  expected ${lines[at] ?? '(the end)'}\n  was      ${actual[at] ?? '(the end)'}`;
}

function fits(actual: string | undefined, expected: string): boolean {
  if (actual === undefined) return false;
  return expected.endsWith('...') ? actual.startsWith(expected.slice(0, -3)) : actual === expected;
}
