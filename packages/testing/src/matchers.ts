import type { HistoryEvent } from '@stepyard/engine';
import { historyDifference } from './history.ts';

/**
 * Matchers for vitest: `expect.extend(stepyardMatchers)`, then
 * `expect(run.history).toEqualHistory(\`1<0 ExecutionStarted {} ...\`)`.
 */
export const stepyardMatchers = {
  toEqualHistory(
    history: readonly HistoryEvent[],
    expected: string,
  ): { pass: boolean; message: () => string } {
    const difference = historyDifference(history, expected);
    return {
      pass: difference === undefined,
      message: () =>
        difference === undefined ? 'the history is the expected one' : `the history differs at ${difference}`,
    };
  },
};
