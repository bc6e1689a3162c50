import type { HistoryEvent } from '@stepyard/engine';
import { historyDifference } from './history.ts';

/**
 * Matchers for vitest: `expect.extend(stepyardMatchers)`, then
 * `expect(run).toEqualHistory(\`1<0 ExecutionStarted {} ...\`)`, of a run or of its history.
 */
export const stepyardMatchers = {
  toEqualHistory(
    of: { readonly history: readonly HistoryEvent[] } | readonly HistoryEvent[],
    expected: string,
  ): { pass: boolean; message: () => string } {
    const difference = historyDifference('history' in of ? of.history : of, expected);
    return {
      pass: difference === undefined,
      message: () =>
        difference === undefined ? 'the history is the expected one' : `the history differs at ${difference}`,
    };
  },
};
