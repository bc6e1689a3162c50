/** What the past and the present of an execution look like: all of it derived by applying its inputs again. */
import type { Json, Program } from '@stepyard/asl';
import type { Execution } from '../core/execution.ts';
import type { Frame } from '../core/frame.ts';
import type { EventRecord } from '../core/history/event-record.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import type { DataFlow } from '../core/inspect/data-flow.ts';
import { DataFlowWatch } from '../core/inspect/data-flow.ts';
import type { OpenLine, OpenTimer, PendingWork } from '../core/inspect/snapshot.ts';
import { openLines, openTimers, pendingWork } from '../core/inspect/snapshot.ts';
import type { Tally } from '../core/inspect/tally.ts';
import { tallyOf } from '../core/inspect/tally.ts';
import type { Visit } from '../core/inspect/visit-log.ts';
import { VisitLog } from '../core/inspect/visit-log.ts';
import type { Started } from '../core/input.ts';
import type { RecordedTurn } from '../journal/replay.ts';
import { ReplayMismatch, replay, replayOn } from '../journal/replay.ts';
import type { ExecutionDescription, ExecutionStatus, StateMachineDescription } from './engine-api.ts';
import { eventsIn } from './history-page.ts';

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
  /** Where they end in the journal. */
  readonly mark: number;
  /** How it stood at its last snapshot, made anew each time, and the turns since; undefined: there is none. */
  readonly kept: () => KeptState | undefined;
}

/** How much of an execution has been seen: events, and turns, which end at a mark in the journal. */
export interface Seen {
  readonly eventCount: number;
  readonly turnCount: number;
  readonly mark: number;
}

/** What has come since. */
export type Later = Pick<Inspection, 'description' | 'turns' | 'mark'>;

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
  /** The same, counted. */
  readonly tally: Tally;
  /** The map runs that were started, each by the id of its MapRunStarted event. */
  readonly mapRuns: readonly { readonly event: number; readonly stateName: string }[];
  readonly timers: readonly OpenTimer[];
  readonly pending: readonly PendingWork[];
  /** The lines of states that are open: the first {@link LINES_MAX} of them, and how many there are. */
  readonly open: { readonly lines: readonly OpenLine[]; readonly count: number };
  /** The visit that an event belongs to; 0: none. */
  visitOf(eventId: number): number;
}

/** An event without its data. */
export interface EventBrief {
  readonly type: string;
  readonly timeMs: number;
  readonly previousEventId: number;
  /** Of the state. */
  readonly name: string | undefined;
  /** Of a task: `sqs:sendMessage`, or an ARN. */
  readonly resource: string | undefined;
  /** The visit that it belongs to; 0: none. */
  readonly visit: number;
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

/**
 * An execution that is looked at again and again while it goes on: what has been seen is not replayed again. It holds all of the
 * execution's events in memory.
 */
export class Watch {
  readonly #log: VisitLog;
  readonly #payload = new LargestPayload();
  readonly #execution: Execution;
  readonly #turns: RecordedTurn[];
  #look: Look | undefined;
  #past: { readonly eventId: number; readonly look: Look } | undefined;
  #inspection: Inspection;

  /** Throws ReplayMismatch, as {@link lookAt} does. */
  constructor(inspection: Inspection) {
    const { log, execution } = watched(inspection, () => new VisitLog(), {});
    this.#inspection = inspection;
    this.#turns = [...inspection.turns];
    this.#execution = execution;
    this.#log = log;
  }

  /** What `Engine.inspectionSince` wants to know. */
  get seen(): Seen {
    const { mark } = this.#inspection;
    return { eventCount: this.#execution.events.length, turnCount: this.#turns.length, mark };
  }

  /** Goes on with the turns that came after those it has. */
  advance({ description, turns, mark }: Later): void {
    this.#inspection = { ...this.#inspection, description, mark };
    if (turns.length === 0) return;
    replayOn(this.#execution, turns, { observer: this.#log });
    for (const turn of turns) this.#turns.push(turn);
    this.#look = undefined;
  }

  get description(): ExecutionDescription {
    return this.#inspection.description;
  }

  get machine(): StateMachineDescription {
    return this.#inspection.machine;
  }

  get started(): Started {
    return this.#inspection.started;
  }

  /** How it stands. */
  get look(): Look {
    this.#look ??= lookOf(this.#execution, this.#log, this.#payload);
    return this.#look;
  }

  /** How it stood right after an event; the last answer is kept. */
  lookBack(eventId: number): Look {
    if (this.#past?.eventId !== eventId) this.#past = { eventId, look: lookAt(this.#whole, eventId) };
    return this.#past.look;
  }

  /** The way of the data through a visit; undefined: there was no such visit. */
  dataFlow(visit: number): DataFlow | undefined {
    return dataFlowOf(this.#whole, visit);
  }

  /** Events as the history tells them, from `firstEventId` on and at most `count`. */
  events(firstEventId: number, count: number, includeExecutionData: boolean): HistoryEvent[] {
    const { events } = this.#execution;
    return eventsIn(events, events.length, firstEventId, count, includeExecutionData);
  }

  /** What there is to say of each event from `firstEventId` on without its data. */
  briefs(firstEventId: number): EventBrief[] {
    return this.#execution.events.slice(firstEventId - 1).map((record, index) => ({
      type: record.type,
      timeMs: record.timeMs,
      previousEventId: record.previousEventId,
      name: record.name,
      resource: resourceOf(record),
      visit: this.#log.visitOf(this.#execution, firstEventId + index),
    }));
  }

  get #whole(): Inspection {
    return { ...this.#inspection, turns: this.#turns };
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

/** What takes long to find is found when it is first asked for. */
function lookOf(execution: Execution, log: VisitLog, payload = new LargestPayload()): Look {
  const { status } = execution;
  let visits: readonly Visit[] | undefined;
  let tally: Tally | undefined;
  const visitsNow = (): readonly Visit[] => (visits ??= log.visits(execution));
  return {
    eventCount: execution.events.length,
    timeMs: execution.events.at(-1)?.timeMs ?? execution.nowMs,
    status: status === 'NEW' ? 'RUNNING' : status,
    transitions: log.transitions,
    get largestPayload() {
      return payload.of(execution.events);
    },
    get visits() {
      return visitsNow();
    },
    get tally() {
      tally ??= tallyOf(visitsNow());
      return tally;
    },
    mapRuns: log.mapRuns,
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

function resourceOf({ type, more }: EventRecord): string | undefined {
  // What a state assigned is no detail of its own.
  if (more === undefined || type.endsWith('StateExited')) return undefined;
  const { resource, resourceType } = more;
  if (typeof resource !== 'string') return undefined;
  return typeof resourceType === 'string' ? `${resourceType}:${resource}` : resource;
}

/** Finds the largest payload of a list of events that grows: each event is looked at once. */
class LargestPayload {
  // Values go from state to state as they are: each is measured once.
  readonly #sizes = new WeakMap<object, number>();
  #seen = 0;
  #found = { bytes: 0, eventId: 0 };

  of(events: readonly { readonly value: Json | undefined }[]): { bytes: number; eventId: number } {
    for (; this.#seen < events.length; this.#seen++) {
      const value = events[this.#seen]?.value;
      if (value === undefined) continue;
      const bytes = this.#sizeOf(value);
      if (bytes > this.#found.bytes) this.#found = { bytes, eventId: this.#seen + 1 };
    }
    return this.#found;
  }

  #sizeOf(value: Json): number {
    if (typeof value !== 'object' || value === null) return Buffer.byteLength(JSON.stringify(value));
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    const bytes = Buffer.byteLength(JSON.stringify(value));
    this.#sizes.set(value, bytes);
    return bytes;
  }
}
