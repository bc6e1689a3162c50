import { historyViolations } from '../invariants/history-violations.ts';
import { workViolations } from '../invariants/work-violations.ts';
import type { Execution } from './execution.ts';
import { wireEvent } from './history/wire-event.ts';
import type { HistoryEvent } from './history/history-event.ts';

export function wireHistory(execution: Execution): HistoryEvent[] {
  return execution.events.map((event, index) => wireEvent(event, index + 1));
}

/**
 * What holds of every execution between two turns: of its history (I1, I3-I5, I11, I12 of the test plan), and of what is under way
 * (I7, I8; I16: no line waits for nothing). Gives what does not hold.
 */
export function violations(execution: Execution): string[] {
  const { status, started, program } = execution;
  const facts = {
    status: status === 'NEW' ? undefined : status,
    type: started?.type ?? 'STANDARD',
    program,
    fork: started?.fork,
  };
  return [...historyViolations(wireHistory(execution), facts), ...workViolations(execution)];
}
