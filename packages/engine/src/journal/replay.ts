import type { Program } from '@stepyard/asl';
import type { Effect } from '../core/effect.ts';
import type { Execution } from '../core/execution.ts';
import { newExecution } from '../core/execution.ts';
import type { Observer } from '../core/observer.ts';
import type { Input, Turn } from '../core/input.ts';
import { step } from '../core/step.ts';
import type { ExecutionRow, TurnRecord } from './store.ts';

/** A turn does not fit the history that the turns before it make: the interpreter or the definition is another one. */
export class ReplayMismatch extends Error {
  override readonly name = 'ReplayMismatch';
}

/** A turn, and the id of the last event before it. */
export interface RecordedTurn extends Turn {
  readonly atEventId: number;
}

/** All turns of an execution. What came in the turn of its start has a record of its own only when there was more than the start. */
export function turnsOf(
  { started, startMs }: Pick<ExecutionRow, 'started' | 'startMs'>,
  records: readonly TurnRecord[],
): RecordedTurn[] {
  const turns = recordedTurns(records);
  const atStart = turns[0]?.atEventId === 0 ? turns.shift() : undefined;
  const first = { atEventId: 0, timeMs: startMs, inputs: [started, ...(atStart?.inputs ?? [])] };
  return [first, ...turns];
}

/** The turns that have a record of their own. */
export function recordedTurns(records: readonly TurnRecord[]): RecordedTurn[] {
  return records.map(({ atEventId, timeMs, inputs }) => ({
    atEventId,
    timeMs,
    inputs: JSON.parse(inputs) as readonly Input[],
  }));
}

export interface ReplayOptions {
  readonly untilEventId?: number;
  readonly observer?: Observer;
  /** Hears what each turn asked for. */
  readonly onEffects?: (effects: readonly Effect[]) => void;
}

/**
 * Rebuilds an execution from its turns. Throws {@link ReplayMismatch} where one does not fit. `untilEventId`: no further than that
 * event; such an execution is only good for looking at, as is one that an observer looked on.
 */
export function replay(
  program: Program,
  turns: readonly RecordedTurn[],
  options: ReplayOptions = {},
): Execution {
  return replayOn(newExecution(program), turns, options);
}

/** The same from where an execution stands: as a snapshot has it. */
export function replayOn(
  execution: Execution,
  turns: readonly RecordedTurn[],
  options: ReplayOptions = {},
): Execution {
  const { untilEventId = Number.POSITIVE_INFINITY, observer, onEffects } = options;
  execution.observer = observer;
  for (const turn of turns) {
    if (execution.events.length >= untilEventId) break;
    if (execution.events.length !== turn.atEventId) {
      throw new ReplayMismatch(
        `an input was recorded after event ${turn.atEventId}, but replay is at event ${execution.events.length}`,
      );
    }
    const effects = step(execution, turn, untilEventId);
    onEffects?.(effects);
  }
  return execution;
}
