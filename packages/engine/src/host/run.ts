/** One execution as the host runs it: inputs in, one turn at a time, durable before anything that follows from them is done. */
import type { Json, StateList } from '@stepyard/asl';
import type { Clock } from '../clock/clock.ts';
import type { Effect, Outcome } from '../core/effect.ts';
import type { Execution } from '../core/execution.ts';
import { newExecution } from '../core/execution.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import { wireEvent } from '../core/history/wire-event.ts';
import type { Input, Started } from '../core/input.ts';
import { step } from '../core/step.ts';
import type { Journal } from '../journal/journal.ts';
import { recordsOf } from '../journal/replay.ts';
import type { TaskResult, TaskRunner } from '../tasks/task-runner.ts';
import type { Activities } from './activities.ts';
import type { EngineLogEntry } from './engine-api.ts';
import type { Revision } from './machines.ts';
import { MapRunDescriptions } from './map-run-description.ts';
import type { MapRunEffect } from './map-runs.ts';
import type { TimerOwner, Timers } from './timers.ts';

/** What a run needs of the host, and whom it tells. */
export interface RunHost {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly runner: TaskRunner;
  readonly timers: Timers;
  readonly activities: Activities;
  readonly mapRuns: { dispatch(run: Run, effect: MapRunEffect): void };
  log(entry: EngineLogEntry): void;
  /** New events are durable. */
  advanced(run: Run, firstEventId: number): void;
  /** The execution's end is durable. */
  ended(run: Run): void;
}

/** What is durable, and so may be told. */
export interface Visible {
  readonly status: 'RUNNING' | Outcome['status'];
  readonly outcome: Outcome | undefined;
  readonly stopDateMs: number | undefined;
  readonly eventCount: number;
  /** How often it was redriven, and when last. */
  readonly redrive: { readonly count: number; readonly dateMs: number } | undefined;
}

interface Pending {
  readonly input: Input;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Run implements TimerOwner {
  readonly revision: Revision;
  readonly started: Started;
  readonly startDateMs: number;
  readonly traceHeader: string | undefined;
  /** Place in the order of all starts. */
  readonly sequence: number;
  /** Of a child execution: how many items it has. */
  readonly itemCount: number | undefined;
  /** The map runs, as they are durable. */
  readonly mapRuns = new MapRunDescriptions();
  readonly #host: RunHost;
  readonly #execution: Execution;
  readonly #activityArns: readonly string[];
  readonly #childStartMs: number | undefined;
  readonly #inFlight = new Map<number, AbortController>();
  readonly #offered = new Map<number, { readonly arn: string; readonly token: string }>();
  /** Attempts whose token was answered: a second answer is too late. */
  readonly #answered = new Set<number>();
  #begun: Promise<void> | undefined;
  #inbox: Pending[] = [];
  #isFlushing = false;
  #isClosed = false;
  #visible: Visible = {
    status: 'RUNNING',
    outcome: undefined,
    stopDateMs: undefined,
    eventCount: 0,
    redrive: undefined,
  };
  /** The client's token of the last redrive. */
  redriveToken: string | undefined;

  constructor(
    host: RunHost,
    revision: Revision,
    started: Started,
    place: {
      readonly sequence: number;
      readonly traceHeader: string | undefined;
      /** A child execution starts when its parent's turn says so. */
      readonly child?: { readonly itemCount: number; readonly startMs: number };
    },
  ) {
    this.#host = host;
    this.revision = revision;
    this.started = started;
    this.sequence = place.sequence;
    this.traceHeader = place.traceHeader;
    this.itemCount = place.child?.itemCount;
    this.#childStartMs = place.child?.startMs;
    this.startDateMs = place.child?.startMs ?? host.clock.now();
    this.#execution = newExecution(revision.program);
    this.#activityArns = activitiesOf(revision.program.states);
  }

  get arn(): string {
    return this.started.executionArn;
  }

  get visible(): Visible {
    return this.#visible;
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
      this.#inbox.push({ input, resolve, reject });
      // What comes in within the same instant makes one turn.
      if (!this.#isFlushing) {
        this.#isFlushing = true;
        queueMicrotask(() => void this.#flush());
      }
    });
  }

  timersFired(timers: readonly number[]): void {
    for (const timer of timers) this.#tell({ kind: 'timerFired', timer });
  }

  /** Whether the attempt is under way and the token is the one it waits for. */
  isLive(task: number, token: string): boolean {
    const work = this.#execution.tasks.get(task)?.work;
    return work?.kind === 'task' && work.token === token && !this.#answered.has(task);
  }

  /** Whether the results of a map run go to files. */
  writesResults(mapRun: number): boolean {
    return this.#execution.mapRuns.get(mapRun)?.settings.target !== undefined;
  }

  /** From now on the attempt's token is used up. */
  markAnswered(task: number): void {
    this.#answered.add(task);
  }

  /** The durable events from `firstEventId` on, at most `count` of them. */
  events(firstEventId = 1, count = Number.POSITIVE_INFINITY, includeExecutionData = true): HistoryEvent[] {
    const last = Math.min(this.#visible.eventCount, firstEventId + count - 1);
    return this.#execution.events
      .slice(firstEventId - 1, last)
      .map((record, index) => wireEvent(record, firstEventId + index, includeExecutionData));
  }

  /** Gives up everything outside; what has been recorded stays. */
  close(): void {
    this.#isClosed = true;
    for (const controller of this.#inFlight.values()) controller.abort();
    this.#inFlight.clear();
  }

  /** An input that nobody waits for. */
  #tell(input: Input): void {
    // A failure has been logged by the flush that met it.
    this.submit(input).catch(() => undefined);
  }

  async #flush(): Promise<void> {
    while (this.#inbox.length > 0) {
      const batch = this.#inbox;
      this.#inbox = [];
      try {
        await this.#turn(batch.map(({ input }) => input));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.#host.log({ level: 'error', message, executionArn: this.arn });
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isFlushing = false;
  }

  async #turn(inputs: readonly Input[]): Promise<void> {
    const { clock, journal } = this.#host;
    const firstEventId = this.#execution.events.length + 1;
    // The system's clock may be set back; an execution's time does not go back.
    const isChildsFirst = firstEventId === 1 && this.#childStartMs !== undefined;
    const timeMs = isChildsFirst ? this.startDateMs : Math.max(clock.now(), this.#execution.nowMs);
    const turn = { timeMs, inputs: [...this.#missingActivities(), ...inputs] };
    const records = recordsOf(this.#execution, this.arn, turn);
    const effects = step(this.#execution, turn);
    // A child that ends in its starting turn needs no record of its own: its parent's implies it.
    const isImplied = isChildsFirst && inputs.length === 1 && effects.every(({ kind }) => kind === 'ended');
    if (!isImplied || effects.length === 0) await journal.append(records);
    if (this.#isClosed) return;
    const hasEnded = effects.some(({ kind }) => kind === 'ended');
    this.#publish(hasEnded ? timeMs : this.#visible.stopDateMs);
    if (this.#visible.eventCount >= firstEventId) this.#host.advanced(this, firstEventId);
    for (const effect of effects) this.#dispatch(effect);
  }

  #publish(stopDateMs: number | undefined): void {
    const { status, outcome, events, redriveCount: count, redrivenMs: dateMs } = this.#execution;
    this.#visible = {
      status: status === 'NEW' ? 'RUNNING' : status,
      outcome,
      stopDateMs: outcome === undefined ? undefined : stopDateMs,
      eventCount: events.length,
      redrive: dateMs === undefined ? undefined : { count, dateMs },
    };
    this.mapRuns.update(this.#execution.mapRuns);
  }

  #missingActivities(): Input[] {
    if (this.#activityArns.length === 0) return [];
    const arns = this.#activityArns.filter((arn) => !this.#host.activities.exists(arn));
    const isKnown = arns.join() === this.#execution.missingActivities.join();
    return isKnown ? [] : [{ kind: 'activitiesMissing', arns }];
  }

  #dispatch(effect: Effect): void {
    switch (effect.kind) {
      case 'armTimer':
        this.#host.timers.arm(this, effect.timer, effect.dueMs);
        return;
      case 'cancelTimer':
        this.#host.timers.cancel(this, effect.timer);
        return;
      case 'invokeTask':
        this.#invoke(effect);
        return;
      case 'cancelTask':
        this.#cancel(effect.task);
        return;
      case 'scheduleActivity':
        this.#offer(effect);
        return;
      case 'readItems':
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
        assertNever(effect);
    }
  }

  #invoke(effect: Extract<Effect, { kind: 'invokeTask' }>): void {
    const { task, resource } = effect;
    const controller = new AbortController();
    this.#inFlight.set(task, controller);
    const isCallback = 'pattern' in resource && resource.pattern === 'waitForTaskToken';
    const request = {
      executionArn: this.arn,
      stateMachineArn: this.started.stateMachineArn,
      stateName: effect.stateName,
      resource,
      parameters: effect.parameters,
      token: isCallback ? effect.token : undefined,
      credentials: effect.credentials,
      attemptId: `${this.arn}:${task}`,
    };
    let isSubmitted = false;
    const submitted = (output: Json): void => {
      if (isSubmitted || controller.signal.aborted) return;
      isSubmitted = true;
      this.#tell({ kind: 'taskSubmitted', task, output });
    };
    const ended = (result: TaskResult): void => {
      this.#inFlight.delete(task);
      if (controller.signal.aborted) return;
      if (result.kind === 'failed') {
        this.#tell({
          kind: 'taskFailed',
          task,
          error: result.error,
          ...(result.cause === undefined ? {} : { cause: result.cause }),
        });
      } else if (isCallback) submitted(result.output);
      else this.#tell({ kind: 'taskSucceeded', task, output: result.output });
    };
    this.#host.runner.run(request, { submitted }, controller.signal).then(ended, (error: unknown) => {
      const message = `the task runner rejected: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
      this.#host.log({ level: 'error', message, executionArn: this.arn });
      ended({ kind: 'failed', error: 'States.TaskFailed', cause: message });
    });
  }

  #cancel(task: number): void {
    this.#inFlight.get(task)?.abort();
    this.#inFlight.delete(task);
    const offered = this.#offered.get(task);
    if (offered !== undefined) this.#host.activities.withdraw(offered.arn, offered.token);
    this.#offered.delete(task);
  }

  #offer(effect: Extract<Effect, { kind: 'scheduleActivity' }>): void {
    const { task, token, activityArn } = effect;
    this.#offered.set(task, { arn: activityArn, token });
    this.#host.activities.offer(activityArn, {
      taskToken: token,
      input: JSON.stringify(effect.input),
      start: async (workerName) => {
        if (this.#isClosed || !this.isLive(task, token)) return false;
        await this.submit({
          kind: 'activityStarted',
          task,
          ...(workerName === undefined ? {} : { workerName }),
        });
        return true;
      },
    });
  }
}

/** The activities that a machine's Tasks name. */
function activitiesOf(list: StateList): string[] {
  const arns = [...list.states.values()].flatMap((state) => {
    if (state.type === 'Task') return state.resource.kind === 'activity' ? [state.resource.arn] : [];
    if (state.type === 'Parallel') return state.branches.flatMap(activitiesOf);
    return state.type === 'Map' && state.mode === 'INLINE' ? activitiesOf(state.processor) : [];
  });
  return [...new Set(arns)];
}

function assertNever(value: never): never {
  throw new Error(`an effect of no known kind: ${JSON.stringify(value)}`);
}
