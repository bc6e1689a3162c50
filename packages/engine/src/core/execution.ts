import type { Json, JsonObject, Program } from '@stepyard/asl';
import { getOwn } from '@stepyard/asl';
import type { Effect, EndStatus, Outcome } from './effect.ts';
import type { Frame, Scope } from './frame.ts';
import type { Instant } from './history/event-record.ts';
import { EventRecord } from './history/event-record.ts';
import type { EventSite } from './history/event-site.ts';
import { siteOf } from './history/event-site.ts';
import type { EventType } from './history/event-types.ts';
import type { Started } from './input.ts';
import { HISTORY_EVENTS_MAX } from './limits.ts';
import { abortMapRun } from './map-run/abort.ts';
import type { MapRun } from './map-run/map-run.ts';
import type { Observer } from './observer.ts';
import type { Probe } from './probe.ts';
import type { Random } from './random.ts';
import { seededRandom } from './random.ts';

/**
 * The state of one execution. `step` updates it in place, so whoever holds it owns it alone; to see an earlier moment,
 * replay the inputs up to it. The values in it are immutable and shared.
 */
export interface Execution {
  readonly program: Program;
  /** Undefined only before the `started` input. */
  started: Started | undefined;
  /** The execution's input, parsed. */
  input: Json;
  status: 'NEW' | 'RUNNING' | EndStatus;
  outcome: Outcome | undefined;
  startedMs: number;
  /** How often it was redriven, and when last. */
  redriveCount: number;
  redrivenMs: number | undefined;
  /** Time of the turn that is being applied, or of the last one. */
  nowMs: number;
  /** The same, as its events share it. */
  instant: Instant;
  readonly events: EventRecord[];
  /** The frame that has something to do, when it is the only one. */
  lone: Frame | undefined;
  /** Frames with something to do, in order; `queueHead` is the first one still to run. */
  queue: Frame[];
  queueHead: number;
  /** Attempts that are under way, by the id of the event that scheduled them. */
  readonly tasks: Map<number, Frame>;
  /** How often each Task state was attempted, by its name. */
  readonly attempts: Map<string, number>;
  readonly timers: Map<number, Timer>;
  nextTimer: number;
  root: Frame | undefined;
  /** All map runs so far, by the id of their MapRunStarted event. */
  readonly mapRuns: Map<number, MapRun>;
  missingActivities: readonly string[];
  /** Seeded when it is first needed: see {@link randomOf}. */
  random: Random | undefined;
  /** Effects of the turn that is being applied. */
  effects: Effect[];
  /** Only while one state is tested. */
  probe: Probe | undefined;
  /** Only while somebody looks on. */
  observer: Observer | undefined;
}

export interface Timer {
  readonly purpose: 'wait' | 'retry' | 'taskTimeout' | 'heartbeat' | 'machineTimeout';
  readonly dueMs: number;
  /** Undefined for the machine's own. */
  readonly frame: Frame | undefined;
}

export function newExecution(program: Program): Execution {
  return {
    program,
    started: undefined,
    input: null,
    status: 'NEW',
    outcome: undefined,
    startedMs: 0,
    redriveCount: 0,
    redrivenMs: undefined,
    nowMs: 0,
    instant: { timeMs: 0 },
    events: [],
    lone: undefined,
    queue: [],
    queueHead: 0,
    tasks: new Map(),
    attempts: new Map(),
    timers: new Map(),
    nextTimer: 1,
    root: undefined,
    mapRuns: new Map(),
    missingActivities: [],
    random: undefined,
    effects: [],
    probe: undefined,
    observer: undefined,
  };
}

/** Thrown when the event that would be written next is the last one that a history may have. */
export class HistoryFull extends Error {
  override readonly name = 'HistoryFull';
}

/** Writes an event and gives its id. The last place of a Standard history is kept for the terminal event. */
export function record(
  execution: Execution,
  type: EventType,
  previousEventId: number,
  name?: string,
  value?: Json,
  more?: JsonObject,
): number {
  return recordAt(execution, siteOf(type, name), previousEventId, value, more);
}

/** The same for a site that is at hand. */
export function recordAt(
  execution: Execution,
  site: EventSite,
  previousEventId: number,
  value: Json | undefined,
  more: JsonObject | undefined,
): number {
  const { events, instant } = execution;
  if (events.length >= HISTORY_EVENTS_MAX - 1 && execution.started?.type === 'STANDARD')
    throw new HistoryFull();
  const count = events.length;
  events[count] = new EventRecord(site, previousEventId, instant, value, more);
  return count + 1;
}

/** Writes an event of a line: it points at the line's last one and becomes it. */
export function recordInLine(
  execution: Execution,
  frame: Frame,
  type: EventType,
  name?: string,
  value?: Json,
  more?: JsonObject,
): void {
  recordSiteInLine(execution, frame, siteOf(type, name), value, more);
}

/** The same for a site that is at hand. */
export function recordSiteInLine(
  execution: Execution,
  frame: Frame,
  site: EventSite,
  value: Json | undefined,
  more: JsonObject | undefined,
): void {
  frame.lastEventId = recordAt(execution, site, frame.lastEventId, value, more);
  execution.observer?.recorded(execution, frame);
}

export function enqueue(execution: Execution, frame: Frame, next: Frame['next']): void {
  frame.next = next;
  // Nearly always there is one line only: it needs no array.
  if (execution.lone === undefined && execution.queueHead === execution.queue.length) execution.lone = frame;
  else execution.queue.push(frame);
}

/** Between two turns no line has anything to do. */
export function isAtRest({ lone, queue }: Execution): boolean {
  return lone === undefined && queue.length === 0;
}

export function emptyQueue(execution: Execution): void {
  execution.lone = undefined;
  execution.queue = [];
  execution.queueHead = 0;
}

export function armTimer(
  execution: Execution,
  purpose: Timer['purpose'],
  delayMs: number,
  frame: Frame | undefined,
): number {
  const timer = execution.nextTimer++;
  const dueMs = execution.nowMs + delayMs;
  execution.timers.set(timer, { purpose, dueMs, frame });
  execution.effects.push({ kind: 'armTimer', timer, dueMs });
  return timer;
}

export function cancelTimer(execution: Execution, timer: number | undefined): void {
  if (timer === undefined || !execution.timers.delete(timer)) return;
  execution.effects.push({ kind: 'cancelTimer', timer });
}

/** Ends the execution: the terminal event, the effect, and nothing under way any more. */
export function endExecution(
  execution: Execution,
  type: 'ExecutionSucceeded' | 'ExecutionFailed' | 'ExecutionTimedOut' | 'ExecutionAborted',
  previousEventId: number,
  outcome: Outcome,
): void {
  for (const task of execution.tasks.keys()) execution.effects.push({ kind: 'cancelTask', task });
  for (const timer of execution.timers.keys()) execution.effects.push({ kind: 'cancelTimer', timer });
  for (const run of execution.mapRuns.values()) abortMapRun(execution, run);
  execution.tasks.clear();
  execution.timers.clear();
  emptyQueue(execution);
  const { status, output, ...details } = outcome;
  // Not through `record`: this is the event that the last place of a full history is kept for.
  const site = siteOf(type, undefined);
  execution.events.push(new EventRecord(site, previousEventId, execution.instant, output, details));
  execution.status = status;
  execution.outcome = outcome;
  // What has not succeeded may be redriven from where it stands.
  if (status === 'SUCCEEDED') execution.root = undefined;
  execution.effects.push({ kind: 'ended', ...outcome });
}

/** The execution's own source of randomness. */
export function randomOf(execution: Execution): Random {
  return (execution.random ??= seededRandom(execution.started?.seed ?? ''));
}

export function lookUp(scope: Scope, name: string): Json | undefined {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.outer) {
    const value = getOwn(current.variables, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
