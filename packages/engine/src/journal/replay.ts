import type { Program } from '@stepyard/asl';
import type { Execution } from '../core/execution.ts';
import { newExecution } from '../core/execution.ts';
import type { Input, Turn } from '../core/input.ts';
import { step } from '../core/step.ts';
import type { JournalRecord } from './journal.ts';

/** A record does not fit the history that the records before it make: the interpreter or the definition is another one. */
export class ReplayMismatch extends Error {
  override readonly name = 'ReplayMismatch';
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

/** Rebuilds an execution from its journal. Throws {@link ReplayMismatch} where a record does not fit. */
export function replay(program: Program, records: readonly JournalRecord[]): Execution {
  const execution = newExecution(program);
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
    if (execution.events.length !== first.atEventId) {
      throw new ReplayMismatch(
        `${first.executionArn}: an input was recorded after event ${first.atEventId}, but replay is at event ${execution.events.length}`,
      );
    }
    step(execution, { timeMs: first.timeMs, inputs });
  }
  return execution;
}
