import type { State } from '@stepyard/asl';
import type { Execution } from '../execution.ts';
import type { Failure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import type { Observer } from '../observer.ts';
import { isCallback } from './snapshot.ts';

/** One stay of a line in a state. Times are epoch milliseconds, ids those of events; 0 is none. */
export interface Visit {
  /** Of the StateEntered event. */
  readonly id: number;
  readonly stateName: string;
  readonly stateType: State['type'];
  /** The visit of the Map or Parallel around it, and which iteration or branch of it; 0 and -1 at the first level. */
  readonly parent: number;
  readonly index: number;
  readonly status: VisitStatus;
  readonly enteredMs: number;
  readonly endedMs: number | undefined;
  /** Of the StateExited event. */
  readonly exitEvent: number;
  readonly attempts: readonly Attempt[];
  /** Only of a Map or Parallel. */
  readonly children: ChildCounts | undefined;
  /** What ended it or was caught; while it goes on, why it is about to be retried. */
  readonly failure: Failure | undefined;
  /** Of MapRunStarted. */
  readonly mapRunEvent: number;
}

/** `waiting`: for time to pass, or for somebody with a token. `caught`: failed, and a Catch took it. */
export type VisitStatus = 'running' | 'waiting' | 'succeeded' | 'failed' | 'caught' | 'aborted';

/** One try of a Task; `event` scheduled it, `endEvent` told of its end. */
export interface Attempt {
  readonly event: number;
  readonly scheduledMs: number;
  endEvent: number;
  endedMs: number | undefined;
  status: 'running' | 'succeeded' | 'failed' | 'timedOut' | 'aborted';
  failure: Failure | undefined;
}

export interface ChildCounts {
  readonly total: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

interface OpenVisit {
  readonly id: number;
  readonly frame: Frame;
  readonly state: State;
  readonly parent: number;
  readonly index: number;
  readonly enteredMs: number;
  exitEvent: number;
  exitedMs: number | undefined;
  readonly attempts: Attempt[];
  failure: Failure | undefined;
  failedMs: number | undefined;
  mapRunEvent: number;
  /** How often its work was begun: once, and again at each retry. */
  starts: number;
  lines: Set<number>;
  finishedLines: number;
}

/** Looks on as an execution is replayed, and knows afterwards which states were visited and what came of it. */
export class VisitLog implements Observer {
  readonly #visits = new Map<number, OpenVisit>();
  /** Position: id of an event; value: the visit it belongs to. */
  readonly #ofEvent: number[] = [];
  readonly #mapRuns: { readonly event: number; readonly stateName: string }[] = [];
  #repeats = 0;
  /** Transitions before it looked on. */
  #before = 0;

  /** Looks on from a snapshot: what is open is known, what is over is not. */
  beginAt(execution: Execution): void {
    const lines = openFrames(execution).toSorted((one, other) => one.enteredEventId - other.enteredEventId);
    for (const frame of lines) this.#found(execution, frame);
    this.#before = transitionsIn(execution.events) - this.#visits.size;
  }

  entered(execution: Execution, frame: Frame): void {
    const id = frame.enteredEventId;
    const parent = frame.group?.owner.enteredEventId ?? 0;
    this.#ofEvent[id] = id;
    this.#visits.get(parent)?.lines.add(frame.index);
    this.#visits.set(id, {
      id,
      frame,
      state: frame.state,
      parent,
      index: frame.group === undefined ? -1 : frame.index,
      enteredMs: execution.nowMs,
      exitEvent: 0,
      exitedMs: undefined,
      attempts: [],
      failure: undefined,
      failedMs: undefined,
      mapRunEvent: 0,
      starts: 0,
      lines: new Set(),
      finishedLines: 0,
    });
  }

  recorded({ events, nowMs }: Execution, frame: Frame): void {
    const id = frame.lastEventId;
    const type = events[id - 1]?.type ?? '';
    this.#ofEvent[id] = frame.enteredEventId;
    const visit = this.#visits.get(frame.enteredEventId);
    if (visit === undefined) return;
    if (type.endsWith('Scheduled')) {
      this.#begin(visit);
      visit.attempts.push({
        event: id,
        scheduledMs: nowMs,
        endEvent: 0,
        endedMs: undefined,
        status: 'running',
        failure: undefined,
      });
    } else if (type === 'MapStateStarted' || type === 'ParallelStateStarted') this.#begin(visit);
    else if (type === 'MapRunStarted') {
      visit.mapRunEvent = id;
      this.#mapRuns.push({ event: id, stateName: visit.state.name });
    } else if (type.endsWith('StateExited')) this.#exited(visit, id, nowMs);
    else this.#attemptEnded(visit, type, id, nowMs);
  }

  stateFailed({ nowMs }: Execution, frame: Frame, failure: Failure): void {
    const visit = this.#visits.get(frame.enteredEventId);
    if (visit === undefined || visit.exitEvent !== 0) return;
    visit.failure = failure;
    visit.failedMs = nowMs;
    const attempt = visit.attempts.at(-1);
    if (attempt?.status === 'failed' || attempt?.status === 'timedOut') attempt.failure ??= failure;
  }

  noted(): void {}

  /** The visit that an event belongs to; 0: none. */
  visitOf(execution: Execution, eventId: number): number {
    const known = this.#ofEvent[eventId];
    if (known !== undefined) return known;
    const event = execution.events[eventId - 1];
    if (event === undefined || event.type.startsWith('Execution')) return 0;
    // Events of iterations, and those that end a state from outside, are on no line: they belong to a state around the one before.
    let id = this.#ofEvent[event.previousEventId] ?? 0;
    if (event.name === undefined) return id;
    while (id !== 0 && this.#visits.get(id)?.state.name !== event.name)
      id = this.#visits.get(id)?.parent ?? 0;
    return id;
  }

  /** States entered, and how often a state's work was begun again: each is a state transition of its own. */
  get transitions(): number {
    return this.#before + this.#visits.size + this.#repeats;
  }

  /** The map runs that were started, each by the id of its MapRunStarted event. */
  get mapRuns(): readonly { readonly event: number; readonly stateName: string }[] {
    return this.#mapRuns;
  }

  /** In the order in which they were entered. */
  visits(execution: Execution): Visit[] {
    const failedLines = new Map<number, number>();
    const visits: Visit[] = [];
    for (const visit of this.#visits.values()) {
      const status = statusOf(execution, visit);
      if (status === 'failed') failedLines.set(visit.parent, (failedLines.get(visit.parent) ?? 0) + 1);
      const isOver = status !== 'running' && status !== 'waiting';
      const endedMs = isOver ? (visit.exitedMs ?? this.#endOf(visit) ?? execution.nowMs) : undefined;
      visits.push({
        id: visit.id,
        stateName: visit.state.name,
        stateType: visit.state.type,
        parent: visit.parent,
        index: visit.index,
        status,
        enteredMs: visit.enteredMs,
        endedMs,
        exitEvent: visit.exitEvent,
        attempts: visit.attempts.map((attempt) =>
          isOver && attempt.status === 'running' ? { ...attempt, status: 'aborted', endedMs } : attempt,
        ),
        children: undefined,
        failure: visit.failure,
        mapRunEvent: visit.mapRunEvent,
      });
    }
    return visits.map((visit) => {
      const open = this.#visits.get(visit.id);
      const children = open === undefined ? undefined : childCounts(execution, open, visit, failedLines);
      return children === undefined ? visit : { ...visit, children };
    });
  }

  /** A line in the state that it stood in already. */
  #found({ events }: Execution, frame: Frame): void {
    const { enteredEventId: id, work, state } = frame;
    const parent = frame.group?.owner.enteredEventId ?? 0;
    this.#ofEvent[id] = id;
    this.#ofEvent[frame.lastEventId] = id;
    this.#visits.get(parent)?.lines.add(frame.index);
    const isTask = work?.kind === 'task';
    if (work?.kind === 'mapRun') this.#mapRuns.push({ event: work.id, stateName: state.name });
    const scheduledMs = isTask ? (events[work.id - 1]?.timeMs ?? frame.enteredMs) : 0;
    const open = { endEvent: 0, endedMs: undefined, status: 'running', failure: undefined } as const;
    this.#visits.set(id, {
      id,
      frame,
      state,
      parent,
      index: frame.group === undefined ? -1 : frame.index,
      enteredMs: frame.enteredMs,
      exitEvent: 0,
      exitedMs: undefined,
      attempts: isTask ? [{ ...open, event: work.id, scheduledMs }] : [],
      failure: undefined,
      failedMs: undefined,
      mapRunEvent: work?.kind === 'mapRun' ? work.id : 0,
      starts: 1,
      lines: new Set(),
      finishedLines: work?.kind === 'group' ? work.finished : 0,
    });
  }

  #begin(visit: OpenVisit): void {
    if (visit.starts > 0) this.#repeats++;
    visit.starts++;
    visit.failure = undefined;
    visit.failedMs = undefined;
    visit.lines = new Set();
    visit.finishedLines = 0;
  }

  #exited(visit: OpenVisit, id: number, nowMs: number): void {
    visit.exitEvent = id;
    visit.exitedMs = nowMs;
    const parent = this.#visits.get(visit.parent);
    if (parent !== undefined && visit.failure === undefined && isLast(visit.state)) parent.finishedLines++;
  }

  #attemptEnded(visit: OpenVisit, type: string, id: number, nowMs: number): void {
    const attempt = visit.attempts.at(-1);
    if (attempt === undefined || attempt.status !== 'running') return;
    const status = /^(?:Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut)$/u.exec(type)?.[1];
    if (status === undefined) return;
    attempt.status = status === 'Succeeded' ? 'succeeded' : status === 'Failed' ? 'failed' : 'timedOut';
    attempt.endEvent = id;
    attempt.endedMs = nowMs;
  }

  /** When a state that was never left came to its end: when it failed, or what is around it. */
  #endOf(visit: OpenVisit): number | undefined {
    for (let at: OpenVisit | undefined = visit; at !== undefined; at = this.#visits.get(at.parent)) {
      const endMs = at.failedMs ?? at.exitedMs;
      if (endMs !== undefined) return endMs;
    }
    return undefined;
  }
}

/** The lines that have entered a state, those within others too. */
function openFrames({ root }: Execution): Frame[] {
  const found: Frame[] = [];
  const add = (frame: Frame): void => {
    if (frame.closed || frame.next === 'enter') return;
    found.push(frame);
    if (frame.work?.kind === 'group') for (const line of frame.work.open) add(line);
  };
  if (root !== undefined) add(root);
  return found;
}

/** By a history alone: states entered, and attempts of Tasks that were repeated. */
function transitionsIn(events: Execution['events']): number {
  let entered = 0;
  let tasks = 0;
  let attempts = 0;
  for (const { type } of events) {
    if (type.endsWith('StateEntered')) entered++;
    if (type === 'TaskStateEntered') tasks++;
    if (/^(?:Task|LambdaFunction|Activity)Scheduled$/u.test(type)) attempts++;
  }
  return entered + Math.max(0, attempts - tasks);
}

/** Whether a line ends where it leaves the state by itself. */
function isLast(state: State): boolean {
  if (state.type === 'Choice') return false;
  return !('next' in state) || state.next === undefined;
}

function statusOf(execution: Execution, visit: OpenVisit): VisitStatus {
  if (visit.exitEvent !== 0) return visit.failure === undefined ? 'succeeded' : 'caught';
  const { frame, id, failure } = visit;
  const isHere = execution.status === 'RUNNING' && !frame.closed && frame.enteredEventId === id;
  if (!isHere) return failure === undefined ? 'aborted' : 'failed';
  const { work, state } = frame;
  if (work?.kind === 'retry' || (work?.kind === 'wait' && work.phase === 'sleeping')) return 'waiting';
  if (work?.kind !== 'task' || work.phase !== 'running' || state.type !== 'Task') return 'running';
  return state.resource.kind === 'activity' || isCallback(state.resource) ? 'waiting' : 'running';
}

function childCounts(
  execution: Execution,
  visit: OpenVisit,
  { status, stateType }: Visit,
  failedLines: ReadonlyMap<number, number>,
): ChildCounts | undefined {
  const { state } = visit;
  if (stateType !== 'Map' && stateType !== 'Parallel') return undefined;
  const run = execution.mapRuns.get(visit.mapRunEvent);
  if (run !== undefined) {
    const { total, running, succeeded, failed, timedOut, aborted } = run.executionCounts;
    return { total, running, succeeded, failed: failed + timedOut + aborted };
  }
  const work = visit.frame.work;
  const started = visit.lines.size;
  const total =
    state.type === 'Parallel' ? state.branches.length : work?.kind === 'group' ? work.inputs.length : started;
  const failed = failedLines.get(visit.id) ?? 0;
  const isOpen = status === 'running' || status === 'waiting';
  const running = isOpen ? Math.max(0, started - visit.finishedLines - failed) : 0;
  return { total, running, succeeded: visit.finishedLines, failed };
}
