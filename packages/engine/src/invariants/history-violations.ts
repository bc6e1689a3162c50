import type { Program } from '@stepyard/asl';
import type { HistoryEvent } from '../core/history/history-event.ts';
import type { Fork, MachineType } from '../core/input.ts';
import { formViolations } from './history-form.ts';
import { LineFollower } from './history-lines.ts';

/** What is known about the execution besides its history; what is not given is not judged. */
export interface HistoryFacts {
  readonly status?: string | undefined;
  /** STANDARD unless given. */
  readonly type?: MachineType;
  readonly program?: Program | undefined;
  readonly fork?: Fork | undefined;
}

/**
 * What cannot be in a history that is right, in words; nothing where all is well. It holds of every Step Functions history, at every
 * moment of its execution, recorded on AWS or here. After a redrive only the form is judged: lines go on from points that the
 * history does not name.
 */
export function historyViolations(events: readonly HistoryEvent[], facts: HistoryFacts = {}): string[] {
  const { status, type = 'STANDARD', program, fork } = facts;
  const lines = new LineFollower(program?.states, fork);
  for (const event of events) {
    if (event.type === 'ExecutionRedriven') break;
    lines.follow(event);
    if (event.type === 'ExecutionSucceeded') lines.succeeded();
  }
  return [...formViolations(events, status, type), ...lines.wrong];
}
