import type { Clock } from '../clock/clock.ts';
import type { Place } from './arns.ts';
import { activityArn, checkArn, checkName } from './arns.ts';
import type { ActivityDescription, ActivityTask } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import type { Resources } from './resources.ts';

/** How long GetActivityTask waits for a task (API reference: up to 60 seconds). */
const POLL_MS = 60_000;
/** Pollers of one activity (developer guide, quotas). */
const POLLERS_MAX = 1000;

/** A task that a worker may take. */
export interface OfferedTask extends ActivityTask {
  /** Gives it to a worker: resolves once that is durable; false when the task is over and nobody may have it any more. */
  start(workerName: string | undefined): Promise<boolean>;
}

interface Activity {
  readonly description: ActivityDescription;
  readonly offered: Set<OfferedTask>;
  readonly pollers: Set<(task: OfferedTask | undefined) => void>;
}

/** The activities and their queues: a task goes to the worker that has waited longest. */
export class Activities {
  readonly #place: Place;
  readonly #clock: Clock;
  readonly #resources: Resources;
  readonly #activities = new Map<string, Activity>();

  constructor(place: Place, clock: Clock, resources: Resources) {
    this.#place = place;
    this.#clock = clock;
    this.#resources = resources;
    for (const { value } of resources.list('activity')) this.#add(value as ActivityDescription);
  }

  /** The same name again gives the activity that there is ([72] of the recordings). */
  create(name: string): ActivityDescription {
    checkName(name);
    const arn = activityArn(this.#place, name);
    const existing = this.#activities.get(arn);
    if (existing !== undefined) return existing.description;
    const description = { activityArn: arn, name, creationDateMs: this.#clock.now() };
    this.#add(description);
    this.#resources.put('activity', arn, description);
    return description;
  }

  #add(description: ActivityDescription): void {
    this.#activities.set(description.activityArn, { description, offered: new Set(), pollers: new Set() });
  }

  describe(arn: string): ActivityDescription {
    return this.#get(arn).description;
  }

  exists(arn: string): boolean {
    return this.#activities.has(arn);
  }

  delete(arn: string): void {
    checkArn(arn);
    const activity = this.#activities.get(arn);
    if (this.#activities.delete(arn)) this.#resources.remove('activity', arn);
    for (const poller of activity?.pollers ?? []) poller(undefined);
  }

  list(): readonly ActivityDescription[] {
    return Array.from(this.#activities.values(), ({ description }) => description);
  }

  offer(arn: string, task: OfferedTask): void {
    const activity = this.#activities.get(arn);
    if (activity === undefined) return;
    const [poller] = activity.pollers;
    if (poller === undefined) activity.offered.add(task);
    else {
      activity.pollers.delete(poller);
      poller(task);
    }
  }

  /** The task is over before a worker took it. */
  withdraw(arn: string, token: string): void {
    const offered = this.#activities.get(arn)?.offered;
    for (const task of offered ?? []) if (task.taskToken === token) offered?.delete(task);
  }

  async poll(
    arn: string,
    workerName: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ActivityTask | undefined> {
    const untilMs = this.#clock.now() + POLL_MS;
    for (;;) {
      const task = await this.#next(this.#get(arn), untilMs, signal);
      if (task === undefined) return undefined;
      if (signal?.aborted === true) {
        this.offer(arn, task);
        return undefined;
      }
      if (await task.start(workerName)) return { taskToken: task.taskToken, input: task.input };
    }
  }

  #next(
    activity: Activity,
    untilMs: number,
    signal: AbortSignal | undefined,
  ): Promise<OfferedTask | undefined> {
    const [waiting] = activity.offered;
    if (waiting !== undefined) {
      activity.offered.delete(waiting);
      return Promise.resolve(waiting);
    }
    if (activity.pollers.size >= POLLERS_MAX) {
      throw new EngineError(
        'ActivityWorkerLimitExceeded',
        `Activity Worker Limit Exceeded: '${activity.description.activityArn}'`,
      );
    }
    return new Promise((resolve) => {
      const finish = (task: OfferedTask | undefined): void => {
        activity.pollers.delete(finish);
        cancel();
        signal?.removeEventListener('abort', giveUp);
        resolve(task);
      };
      const giveUp = (): void => finish(undefined);
      const cancel = this.#clock.at(untilMs, giveUp);
      signal?.addEventListener('abort', giveUp, { once: true });
      activity.pollers.add(finish);
      if (signal?.aborted === true) giveUp();
    });
  }

  #get(arn: string): Activity {
    checkArn(arn);
    const activity = this.#activities.get(arn);
    if (activity === undefined)
      throw new EngineError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
    return activity;
  }
}
