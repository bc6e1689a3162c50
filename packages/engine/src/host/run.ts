/** One execution as the host runs it: inputs in, one turn at a time, durable before anything that follows from them is done. */
import { assertNever } from '../core/assert-never.ts';
import type { Clock } from '../clock/clock.ts';
import type { Effect } from '../core/effect.ts';
import type { Execution } from '../core/execution.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import type { Input, Started } from '../core/input.ts';
import { openAttempts } from '../core/outstanding.ts';
import { step } from '../core/step.ts';
import type { ExecutionRow, ExecutionState, TimerRow, Write } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { Activities } from './activities.ts';
import type { EngineLogEntry } from './engine-api.ts';
import { eventsIn } from './history-page.ts';
import type { JournalWriter } from './journal-writer.ts';
import { MapRunDescriptions } from './map-run-description.ts';
import type { MapRunEffect } from './map-runs.ts';
import { activitiesOf } from './named-activities.ts';
import { Outside } from './outside.ts';
import type { Revision } from './revisions.ts';
import { Snapshots } from './snapshots.ts';
import type { TimerOwner, Timers } from './timers.ts';
import type { Birth } from './turn-writes.ts';
import { NEW, writesOf } from './turn-writes.ts';

/** What a run needs of the host, and whom it tells. */
export interface RunHost {
  readonly clock: Clock;
  readonly journal: JournalWriter;
  readonly runner: TaskRunner;
  readonly timers: Timers;
  readonly activities: Activities;
  readonly mapRuns: { dispatch(run: Run, effect: MapRunEffect): void };
  log(entry: EngineLogEntry): void;
  /** New events are durable. */
  advanced(run: Run, firstEventId: number): void;
  /** The execution's end is durable. */
  ended(run: Run): void;
  /** It has nothing to do just now: it may leave memory. */
  rests(run: Run): void;
}

/** Where a run comes from: a start, or the store. */
export interface RunOrigin {
  readonly revision: Revision;
  readonly birth: Birth;
  /** Fresh, or as its turns have made it. */
  readonly execution: Execution;
  /** Of one from the store: its row, and what there is of its snapshots. */
  readonly row?: ExecutionRow;
  readonly snapshots?: Snapshots;
  /** Of one from the store that had left memory: its timers are still in there. */
  readonly isAsleep?: boolean;
  /** An Express child that starts anew under the number and the ARN that it had. */
  readonly replaces?: boolean;
}

/** What becomes durable together with a turn: all of it, or nothing. */
export interface Along {
  readonly writes: readonly Write[];
  /** Called once it is durable, before the turn is told of; never when the execution had ended before it. */
  readonly durable: () => void;
}

interface Pending {
  readonly inputs: readonly Input[];
  readonly along?: Along;
  /** Undefined: nobody waits for it. */
  readonly waiter?: {
    readonly resolve: () => void;
    readonly reject: (error: unknown) => void;
  };
}

export class Run implements TimerOwner {
  readonly revision: Revision;
  readonly birth: Birth;
  /** The map runs, as they are durable. */
  readonly mapRuns = new MapRunDescriptions();
  readonly #host: RunHost;
  readonly #execution: Execution;
  readonly #replaces: boolean;
  readonly #snapshots: Snapshots;
  #outside: Outside | undefined;
  /** Attempts whose token was answered: a second answer is too late. */
  #answered: Set<number> | undefined;
  #begun: Promise<void> | undefined;
  #inbox: Pending[] = [];
  #isFlushing = false;
  #isClosed = false;
  #isAsleep: boolean;
  #failure: unknown;
  #visible: ExecutionState;
  /** The client's token of the last redrive. */
  redriveToken: string | undefined;

  constructor(host: RunHost, origin: RunOrigin) {
    this.#host = host;
    this.revision = origin.revision;
    this.birth = origin.birth;
    this.#execution = origin.execution;
    this.#replaces = origin.replaces ?? false;
    this.#snapshots = origin.snapshots ?? new Snapshots(origin.birth.sequence);
    this.#isAsleep = origin.isAsleep ?? false;
    this.#visible = NEW;
    const { row } = origin;
    if (row === undefined) return;
    this.redriveToken = row.redrive?.token;
    this.#visible = { ...stateOf(row), eventCount: this.#execution.events.length };
    this.#begun = Promise.resolve();
    this.mapRuns.update(this.#execution.mapRuns);
  }

  get arn(): string {
    return this.birth.started.executionArn;
  }

  get started(): Started {
    return this.birth.started;
  }

  /** Place in the order of all starts. */
  get sequence(): number {
    return this.birth.sequence;
  }

  /** What is durable, and so may be told. */
  get visible(): ExecutionState {
    return this.#visible;
  }

  get row(): ExecutionRow {
    return { ...this.birth, ...this.#visible };
  }

  get hasEnded(): boolean {
    return this.#visible.stopMs !== undefined;
  }

  /** Whether its timers are in the store. */
  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  /** Whether it could leave memory: all that it waits for is timers and tokens. */
  get isIdle(): boolean {
    if (this.#isFlushing || this.#outside?.isBusy === true || this.#failure !== undefined) return false;
    return this.hasEnded || !this.mapRuns.list().some(({ status }) => status === 'RUNNING');
  }

  /** The host's time, in epoch milliseconds. */
  get nowMs(): number {
    return this.#host.clock.now();
  }

  /** Starts the execution, once; resolves when that is durable. */
  begin(): Promise<void> {
    return (this.#begun ??= this.submit(this.started));
  }

  /** Takes an input in; resolves once it is durable. Rejects only when the journal, or the interpreter, has failed. */
  submit(input: Input): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#take({ inputs: [input], waiter: { resolve, reject } });
    });
  }

  /** Takes several in, for one turn. */
  submitAlong(inputs: readonly Input[], along: Along): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#take({ inputs, along, waiter: { resolve, reject } });
    });
  }

  /** An input that nobody waits for; a failure is logged. */
  tell(input: Input): void {
    this.#take({ inputs: [input] });
  }

  #take(pending: Pending): void {
    this.#inbox.push(pending);
    // What comes in within the same instant makes one turn.
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    queueMicrotask(() => void this.#flush());
  }

  async timersFired(timers: readonly number[]): Promise<boolean> {
    const told = timers.map((timer) => this.submit({ kind: 'timerFired', timer }));
    return (await Promise.allSettled(told)).every(({ status }) => status === 'fulfilled');
  }

  /** Takes up what was under way when the process ended. Resolves once that is durable. */
  async resume(): Promise<void> {
    this.#armTimers();
    const told = openAttempts(this.#execution).flatMap(
      (attempt) => this.#withOutside().recover(attempt) ?? [],
    );
    await Promise.all(told.map((input) => this.submit(input)));
  }

  /** Leaves memory, once the writes are durable and unless something has happened in between. */
  fallAsleep(): Write[] {
    this.#isAsleep = true;
    const timers = Array.from(this.#execution.timers, ([timer, { dueMs }]) => ({ timer, dueMs }));
    const { eventCount } = this.#visible;
    return [{ kind: 'asleep', execution: this.sequence, eventCount, timers }, ...this.snapshot()];
  }

  /** Keeps how it stands, after all turns that were committed so far; nothing to write when the store knows that already. */
  snapshot(): Write[] {
    if (this.#failure !== undefined) return [];
    return [this.#snapshots.write(this.#execution)].filter((write) => write !== undefined);
  }

  /** Whether the store has a snapshot that is of no use, or none, and another interpreter began it. */
  get isOutdated(): boolean {
    return this.#snapshots.isStale;
  }

  /** Whether the attempt is under way and the token is the one it waits for. */
  isLive(task: number, token: string): boolean {
    const work = this.#execution.tasks.get(task)?.work;
    if (work?.kind !== 'task' || work.token !== token || work.early !== undefined) return false;
    return this.#answered?.has(task) !== true;
  }

  /** From now on the attempt's token is used up. */
  markAnswered(task: number): void {
    (this.#answered ??= new Set()).add(task);
  }

  /** Whether the results of a map run go to files. */
  writesResults(mapRun: number): boolean {
    return this.#execution.mapRuns.get(mapRun)?.settings.target !== undefined;
  }

  /** To look at, not to touch. */
  get execution(): Execution {
    return this.#execution;
  }

  /** The durable events from `firstEventId` on, at most `count` of them. */
  events(firstEventId = 1, count = Number.POSITIVE_INFINITY, includeExecutionData = true): HistoryEvent[] {
    const { events } = this.#execution;
    return eventsIn(events, this.#visible.eventCount, firstEventId, count, includeExecutionData);
  }

  /** Gives up everything outside; what has been recorded stays. */
  close(): void {
    this.#isClosed = true;
    this.#outside?.close();
  }

  async #flush(): Promise<void> {
    while (this.#inbox.length > 0) {
      const batch = this.#inbox;
      this.#inbox = [];
      try {
        await this.#turn(
          batch.flatMap(({ inputs }) => inputs),
          batch.flatMap(({ along }) => along ?? []),
        );
        for (const { waiter } of batch) waiter?.resolve();
      } catch (error) {
        this.#fail(error);
        for (const { waiter } of batch) waiter?.reject(error);
      }
    }
    this.#isFlushing = false;
    if (!this.#isClosed) this.#host.rests(this);
  }

  /** What is in memory is ahead of what is durable, or broken: nothing more is applied to it. */
  #fail(error: unknown): void {
    const isKnown = this.#failure !== undefined;
    this.#failure ??= error;
    // The journal has told of its failure itself.
    if (isKnown || error instanceof StoreError) return;
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#host.log({ level: 'error', message, executionArn: this.arn });
  }

  async #turn(inputs: readonly Input[], along: readonly Along[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    // To what has ended nothing happens but a redrive.
    if (this.hasEnded && !inputs.some(({ kind }) => kind === 'redriven')) return;
    const execution = this.#execution;
    const atEventId = execution.events.length;
    // The system's clock may be set back; an execution's time does not go back.
    const timeMs = atEventId === 0 ? this.birth.startMs : Math.max(this.#host.clock.now(), execution.nowMs);
    const turn = { timeMs, inputs: [...inputs, ...this.#missingActivities()] };
    const stored = this.#isAsleep ? this.#storedTimers() : undefined;
    this.#isAsleep = false;
    const effects = step(execution, turn);
    const state = this.#stateAfter(timeMs, effects);
    const wake: Write[] =
      stored === undefined ? [] : [{ kind: 'awake', execution: this.sequence, timers: stored }];
    const writes = writesOf({
      birth: this.birth,
      turn,
      atEventId,
      before: this.#visible,
      after: state,
      mapRuns: this.mapRuns.changes(execution.mapRuns),
      replaces: this.#replaces,
    });
    const more = along.flatMap(({ writes: own }) => own);
    this.#snapshots.turned();
    const snapshot = this.#snapshots.isDue && state.stopMs === undefined ? this.snapshot() : [];
    await this.#host.journal.commit([...wake, ...more, ...writes, ...snapshot]);
    if (this.#isClosed) return;
    for (const { durable } of along) durable();
    this.#visible = state;
    this.mapRuns.update(execution.mapRuns);
    if (state.eventCount > atEventId) this.#host.advanced(this, atEventId + 1);
    if (stored !== undefined) this.#armTimers();
    for (const effect of effects) this.#dispatch(effect);
  }

  /** How it stands after the turn that was just applied. */
  #stateAfter(timeMs: number, effects: readonly Effect[]): ExecutionState {
    const { status, outcome, events, redriveCount: count, redrivenMs: dateMs } = this.#execution;
    const stopMs = effects.some(({ kind }) => kind === 'ended') ? timeMs : this.#visible.stopMs;
    return {
      status: status === 'NEW' ? 'RUNNING' : status,
      outcome,
      stopMs: outcome === undefined ? undefined : stopMs,
      eventCount: events.length,
      redrive: dateMs === undefined ? undefined : { count, dateMs, token: this.redriveToken },
    };
  }

  #missingActivities(): Input[] {
    const named = activitiesOf(this.revision.program.states);
    if (named.length === 0) return [];
    const arns = named.filter((arn) => !this.#host.activities.exists(arn));
    const isKnown = arns.join() === this.#execution.missingActivities.join();
    return isKnown ? [] : [{ kind: 'activitiesMissing', arns }];
  }

  #storedTimers(): TimerRow[] {
    const execution = this.sequence;
    return Array.from(this.#execution.timers, ([timer, { dueMs }]) => ({ execution, timer, dueMs }));
  }

  #armTimers(): void {
    for (const [timer, { dueMs }] of this.#execution.timers) this.#host.timers.arm(this, timer, dueMs);
  }

  /** Most executions that wait have nothing under way. */
  #withOutside(): Outside {
    return (this.#outside ??= new Outside(this.#host, this));
  }

  #dispatch(effect: Effect): void {
    switch (effect.kind) {
      case 'armTimer':
        // A later effect may have ended it within the turn.
        if (this.#execution.timers.has(effect.timer)) this.#host.timers.arm(this, effect.timer, effect.dueMs);
        return;
      case 'cancelTimer':
        this.#host.timers.cancel(this, effect.timer);
        return;
      case 'invokeTask':
        this.#withOutside().invoke(effect);
        return;
      case 'cancelTask':
        this.#outside?.cancel(effect.task);
        return;
      case 'scheduleActivity':
        this.#withOutside().offer(effect);
        return;
      case 'readItems':
      case 'startChildren':
      case 'startChild':
      case 'redriveChild':
      case 'closeMapRun':
      case 'writeResults':
        this.#host.mapRuns.dispatch(this, effect);
        return;
      case 'ended':
        this.#host.ended(this);
        return;
      default:
        assertNever('an effect', effect);
    }
  }
}

function stateOf({ status, outcome, stopMs, eventCount, redrive }: ExecutionState): ExecutionState {
  return { status, outcome, stopMs, eventCount, redrive };
}
