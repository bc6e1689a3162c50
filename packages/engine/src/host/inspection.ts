/** What the past and the present of an execution look like: all of it derived by applying its inputs again. */
import type { Json, Program } from '@stepyard/asl';
import type { Execution } from '../core/execution.ts';
import type { Frame } from '../core/frame.ts';
import type { DataFlow } from '../core/inspect/data-flow.ts';
import { DataFlowWatch } from '../core/inspect/data-flow.ts';
import type { OpenLine, OpenTimer, PendingWork } from '../core/inspect/snapshot.ts';
import { openLines, openTimers, pendingWork } from '../core/inspect/snapshot.ts';
import type { Visit } from '../core/inspect/visit-log.ts';
import { VisitLog } from '../core/inspect/visit-log.ts';
import type { Started } from '../core/input.ts';
import type { RecordedTurn } from '../journal/replay.ts';
import { ReplayMismatch, replay, replayOn } from '../journal/replay.ts';
import type { ExecutionDescription, ExecutionStatus, StateMachineDescription } from './engine-api.ts';

/** Lines of states that a look has; an execution may have tens of thousands. */
export const LINES_MAX = 1000;

/** An execution with all that it takes to replay it. */
export interface Inspection {
  readonly description: ExecutionDescription;
  /** The revision that it runs. */
  readonly machine: StateMachineDescription;
  readonly program: Program;
  readonly started: Started;
  readonly turns: readonly RecordedTurn[];
  /** How it stood at its last snapshot, made anew each time, and the turns since; undefined: there is none. */
  readonly kept: () => KeptState | undefined;
}

export interface KeptState {
  readonly execution: Execution;
  readonly turns: readonly RecordedTurn[];
}

/** How things stood after an event. */
export interface Look {
  /** At least the event that was asked for: the events of one step are never apart. */
  readonly eventCount: number;
  readonly timeMs: number;
  readonly status: ExecutionStatus;
  /** States entered so far, and attempts that were repeated. */
  readonly transitions: number;
  /** The largest input, output, parameters or result so far. */
  readonly largestPayload: { readonly bytes: number; readonly eventId: number };
  readonly visits: readonly Visit[];
  readonly timers: readonly OpenTimer[];
  readonly pending: readonly PendingWork[];
  /** The lines of states that are open: the first {@link LINES_MAX} of them, and how many there are. */
  readonly open: { readonly lines: readonly OpenLine[]; readonly count: number };
  /** The visit that an event belongs to; 0: none. */
  visitOf(eventId: number): number;
}

/**
 * How an execution stands, or stood right after event `untilEventId`. Where another version of the interpreter, or of the definition,
 * wrote the records, it is looked at from its last snapshot on: visits that were over by then are only in the history. Throws
 * ReplayMismatch for a time before that, or where there is none.
 */
export function lookAt(inspection: Inspection, untilEventId?: number): Look {
  if (untilEventId === undefined) {
    const { log, execution } = watched(inspection, () => new VisitLog(), {});
    return lookOf(execution, log);
  }
  const { log, execution } = watched(inspection, () => new Stop(untilEventId), { untilEventId });
  return log.look ?? lookOf(execution, log);
}

/** Replays it with an observer: from its start, or, where that does not fit, from its snapshot. */
function watched<Log extends VisitLog>(
  { program, turns, kept }: Inspection,
  newLog: () => Log,
  options: { readonly untilEventId?: number },
): { readonly log: Log; readonly execution: Execution } {
  const log = newLog();
  const from = kept();
  try {
    const execution = replay(program, turns, { ...options, observer: log });
    // One that is stopped early may not have come to the turn that does not fit.
    if (from !== undefined) checkBeginning(execution, from.execution);
    return { log, execution };
  } catch (error) {
    if (!(error instanceof ReplayMismatch)) throw error;
    const { untilEventId = Number.POSITIVE_INFINITY } = options;
    if (from === undefined || untilEventId < from.execution.events.length) throw error;
    const later = newLog();
    later.beginAt(from.execution);
    return { log: later, execution: replayOn(from.execution, from.turns, { ...options, observer: later }) };
  }
}

/** Throws ReplayMismatch where the one execution has another history than the other, as far as both go. */
function checkBeginning({ events }: Execution, { events: known }: Execution): void {
  const end = Math.min(events.length, known.length);
  for (let index = 0; index < end; index++) {
    const [event, other] = [events[index], known[index]];
    if (event?.type !== other?.type || event?.name !== other?.name)
      throw new ReplayMismatch(`event ${index + 1} is another one than was recorded`);
  }
}

/** A step goes on after it has entered a state: what there is to see at that event is noted right there. */
class Stop extends VisitLog {
  readonly #eventId: number;
  look: Look | undefined;

  constructor(eventId: number) {
    super();
    this.#eventId = eventId;
  }

  override entered(execution: Execution, frame: Frame): void {
    super.entered(execution, frame);
    // Spread: all of it is made now.
    if (frame.enteredEventId === this.#eventId) this.look = { ...lookOf(execution, this) };
  }
}

function lookOf(execution: Execution, log: VisitLog): Look {
  const { status } = execution;
  return {
    eventCount: execution.events.length,
    timeMs: execution.events.at(-1)?.timeMs ?? execution.nowMs,
    status: status === 'NEW' ? 'RUNNING' : status,
    transitions: log.transitions,
    get largestPayload() {
      return largest(execution.events);
    },
    get visits() {
      return log.visits(execution);
    },
    get timers() {
      return openTimers(execution);
    },
    get pending() {
      return pendingWork(execution);
    },
    get open() {
      return openLines(execution, LINES_MAX);
    },
    visitOf: (eventId) => log.visitOf(execution, eventId),
  };
}

/** The way of the data through a visit; undefined: there was no such visit. Throws ReplayMismatch. */
export function dataFlowOf({ program, turns }: Inspection, visit: number): DataFlow | undefined {
  const observer = new DataFlowWatch(visit);
  replay(program, turns, { observer });
  return observer.result();
}

function largest(events: readonly { readonly value: Json | undefined }[]): {
  bytes: number;
  eventId: number;
} {
  const sizes = new WeakMap<object, number>();
  let found = { bytes: 0, eventId: 0 };
  for (const [index, { value }] of events.entries()) {
    if (value === undefined) continue;
    const bytes = sizeOf(value, sizes);
    if (bytes > found.bytes) found = { bytes, eventId: index + 1 };
  }
  return found;
}

/** Values go from state to state as they are: each is measured once. */
function sizeOf(value: Json, sizes: WeakMap<object, number>): number {
  if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value));
  const known = sizes.get(value);
  if (known !== undefined) return known;
  const bytes = Buffer.byteLength(JSON.stringify(value));
  sizes.set(value, bytes);
  return bytes;
}
