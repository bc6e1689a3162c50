import type { Turn } from '../core/input.ts';
import type { ExecutionRow, ExecutionState, Write } from '../journal/store.ts';
import type { MapRunDescription } from './map-run-api.ts';

/** What an execution is from its start on: its row but for how it stands. */
export type Birth = Omit<ExecutionRow, keyof ExecutionState>;

/** How one stands that has not had a turn yet. */
export const NEW: ExecutionState = {
  status: 'RUNNING',
  outcome: undefined,
  stopMs: undefined,
  eventCount: 0,
  redrive: undefined,
};

/** A turn that was applied, and what came of it. */
export interface AppliedTurn {
  readonly birth: Birth;
  readonly turn: Turn;
  /** The id of the last event before it. */
  readonly atEventId: number;
  readonly before: ExecutionState;
  readonly after: ExecutionState;
  /** Map runs that began, ended or were redriven in it, by their ids. */
  readonly mapRuns: readonly (readonly [number, MapRunDescription])[];
  /** It starts anew under the number and the ARN of one that there is. */
  readonly replaces: boolean;
}

/** What makes a turn durable, in one commit. */
export function writesOf(applied: AppliedTurn): Write[] {
  const { birth, turn, atEventId, before, after, replaces } = applied;
  const execution = birth.sequence;
  const { timeMs } = turn;
  // The start itself is in the row.
  const inputs = atEventId === 0 ? turn.inputs.slice(1) : turn.inputs;
  const record = { execution, atEventId, timeMs, inputs: JSON.stringify(inputs) };
  const recorded: Write[] = inputs.length === 0 ? [] : [{ kind: 'turn', record }];
  const mapRuns = applied.mapRuns.map(([id, description]): Write => {
    const row = { arn: description.mapRunArn, execution, id };
    return { kind: 'mapRun', row: { ...row, description: JSON.stringify(description) } };
  });
  const end: Write[] = after.stopMs === undefined ? [] : [{ kind: 'changed', execution, state: after }];
  if (atEventId > 0) return [...runsAgain(execution, before, after), ...recorded, ...mapRuns, ...end];
  const removed: Write[] = replaces ? [{ kind: 'removed', execution }] : [];
  // One that has ended where it started needs one write.
  const isWhole = recorded.length === 0;
  const started: Write = { kind: 'started', row: { ...birth, ...(isWhole ? after : NEW) } };
  return [...removed, started, ...recorded, ...mapRuns, ...(isWhole ? [] : end)];
}

/** Of a redrive: it has not ended any more, even if it ends again in this very turn. */
function runsAgain(execution: number, before: ExecutionState, { redrive }: ExecutionState): Write[] {
  if (before.stopMs === undefined) return [];
  return [{ kind: 'changed', execution, state: { ...NEW, redrive } }];
}
