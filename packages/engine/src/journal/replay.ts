import type { Program } from '@stepyard/asl';
import type { Execution } from '../core/execution.ts';
import { newExecution } from '../core/execution.ts';
import type { Observer } from '../core/observer.ts';
import type { Input, Turn } from '../core/input.ts';
import { step } from '../core/step.ts';
import type { JournalRecord } from './journal.ts';

/** A record does not fit the history that the records before it make: the interpreter or the definition is another one. */
export class ReplayMismatch extends Error {
  override readonly name = 'ReplayMismatch';
}

/** A turn, and the id of the last event before it. */
export interface RecordedTurn extends Turn {
  readonly atEventId: number;
}

/**
 * The records of a turn: one for each input, all with the id of the last event before it. Turns that change no event share
 * that id, and may as well be one.
 */
export function recordsOf(execution: Execution, executionArn: string, turn: Turn): JournalRecord[] {
  const atEventId = execution.events.length;
  return turn.inputs.map((input) => ({
    executionArn,
    atEventId,
    timeMs: turn.timeMs,
    input: JSON.stringify(input),
  }));
}

/** The turns of an execution's records, in order. */
export function turnsOf(records: readonly JournalRecord[]): RecordedTurn[] {
  const turns: RecordedTurn[] = [];
  for (let index = 0; index < records.length;) {
    const first = records[index];
    if (first === undefined) break;
    const inputs: Input[] = [];
    for (; index < records.length; index++) {
      const record = records[index];
      if (record === undefined || record.atEventId !== first.atEventId || record.timeMs !== first.timeMs)
        break;
      const input: Input = JSON.parse(record.input);
      inputs.push(input);
    }
    turns.push({ timeMs: first.timeMs, inputs, atEventId: first.atEventId });
  }
  return turns;
}

/** Rebuilds an execution from its journal. Throws {@link ReplayMismatch} where a record does not fit. */
export function replay(program: Program, records: readonly JournalRecord[]): Execution {
  return replayTurns(program, turnsOf(records));
}

/**
 * As {@link replay}. `untilEventId`: no further than that event; such an execution is only good for looking at, as is one that an
 * observer looked on.
 */
export function replayTurns(
  program: Program,
  turns: readonly RecordedTurn[],
  options: { readonly untilEventId?: number; readonly observer?: Observer } = {},
): Execution {
  const execution = newExecution(program);
  const { untilEventId = Number.POSITIVE_INFINITY, observer } = options;
  execution.observer = observer;
  for (const turn of turns) {
    if (execution.events.length >= untilEventId) break;
    if (execution.events.length !== turn.atEventId) {
      throw new ReplayMismatch(
        `an input was recorded after event ${turn.atEventId}, but replay is at event ${execution.events.length}`,
      );
    }
    step(execution, turn, untilEventId);
  }
  return execution;
}
