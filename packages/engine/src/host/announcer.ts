import type { HistoryEvent } from '../core/history/history-event.ts';
import type { Clock } from '../clock/clock.ts';
import type { Place } from './arns.ts';
import { describe } from './describe.ts';
import type * as Api from './engine-api.ts';
import type { Ids } from './ids.ts';
import type { Run } from './run.ts';
import { statusChangeEvent } from './status-change.ts';

/** An execution, as far as listeners hear of it. */
export type Told = Pick<Run, 'arn' | 'started' | 'birth' | 'visible' | 'row' | 'revision'> & {
  events(firstEventId: number): HistoryEvent[];
};

type EventsListener = Parameters<Api.Engine['onEvents']>[0];
type WantsEvents = (machine: Api.StateMachineDescription) => boolean;

/** Tells whoever listens of what executions do, once it is durable. */
export class Announcer {
  readonly #place: Place;
  readonly #ids: Ids;
  readonly #clock: Clock;
  readonly #onStatusChange: Api.EngineOptions['onStatusChange'];
  readonly #wantsStatusChange: Api.EngineOptions['wantsStatusChange'];
  readonly #listeners = new Set<{ readonly listener: EventsListener; readonly isWanted: WantsEvents }>();
  readonly #changeListeners = new Set<(change: Api.ExecutionChange) => void>();

  constructor(options: Api.EngineOptions, place: Place, ids: Ids) {
    this.#place = place;
    this.#ids = ids;
    this.#clock = options.clock;
    this.#onStatusChange = options.onStatusChange;
    this.#wantsStatusChange = options.wantsStatusChange;
  }

  onEvents(listener: EventsListener, isWanted: WantsEvents = () => true): () => void {
    const subscription = { listener, isWanted };
    this.#listeners.add(subscription);
    return () => this.#listeners.delete(subscription);
  }

  onChange(listener: (change: Api.ExecutionChange) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Whether anybody listens to executions of that machine. */
  hears(machine: Api.StateMachineDescription): boolean {
    if (this.#changeListeners.size > 0) return true;
    const isTold = this.#onStatusChange !== undefined && this.#wantsStatusChange?.() !== false;
    if (isTold && machine.type === 'STANDARD') return true;
    return [...this.#listeners].some(({ isWanted }) => isWanted(machine));
  }

  /** New events. An execution may end in its first turn: what it tells first is that it runs, all the same. */
  advanced(run: Told, firstEventId: number, isRedrive: boolean): void {
    if (this.#listeners.size > 0) this.#tellEvents(run, firstEventId);
    if (this.#changeListeners.size > 0) this.#tellChange(run, firstEventId, isRedrive);
    if (isRedrive || firstEventId === 1) this.#statusChanged(run, RUNNING);
  }

  ended(run: Told): void {
    this.#statusChanged(run, {});
  }

  #tellEvents(run: Told, firstEventId: number): void {
    const machine = run.revision.description;
    const wanted = [...this.#listeners].filter(({ isWanted }) => isWanted(machine));
    if (wanted.length === 0) return;
    const events = run.events(firstEventId);
    for (const { listener } of wanted) listener(run.arn, events, machine);
  }

  #tellChange(
    { arn: executionArn, started, visible, birth }: Told,
    firstEventId: number,
    isRedrive: boolean,
  ): void {
    const change: Api.ExecutionChange = {
      executionArn,
      stateMachineArn: started.stateMachineArn,
      stateMachineVersionArn: started.stateMachineVersionArn,
      stateMachineAliasArn: started.stateMachineAliasArn,
      mapRunArn: started.mapRunArn,
      type: started.type,
      status: visible.status,
      eventCount: visible.eventCount,
      startDateMs: birth.startMs,
      stopDateMs: visible.stopMs,
      isFirst: firstEventId === 1,
      isRedrive,
    };
    for (const listener of this.#changeListeners) listener(change);
  }

  #statusChanged(run: Told, as: Partial<Api.ExecutionDescription>): void {
    if (run.started.type !== 'STANDARD' || this.#onStatusChange === undefined) return;
    if (this.#wantsStatusChange?.() === false) return;
    const nowMs = this.#clock.now();
    const told = { ...describe(run.row, nowMs), ...as };
    this.#onStatusChange(statusChangeEvent(this.#place, told, this.#ids.uuid(), nowMs));
  }
}

const RUNNING = {
  status: 'RUNNING',
  stopDateMs: undefined,
  output: undefined,
  error: undefined,
  cause: undefined,
} as const;
