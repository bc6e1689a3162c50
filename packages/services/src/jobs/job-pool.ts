import { LogBuffer, type LogLine } from './log-buffer.ts';
import type { ContainerJob, JobEnd, JobRunner, RunningJob } from './runner.ts';

export interface JobPoolOptions {
  readonly runner: JobRunner;
  /** Most containers at once; the rest wait. */
  readonly concurrencyMax?: number;
  /** Longest run of a job that sets no timeout of its own. */
  readonly runtimeMsMax?: number;
  /** Most containers waiting; one more is refused. */
  readonly waitingMax?: number;
}

export const CONCURRENCY_MAX = 16;
export const WAITING_MAX = 10_000;
export const RUNTIME_MS_MAX = 24 * 3_600_000;

/** How a pooled job ended: as its container did, or for a reason of the pool's. */
export type PooledEnd =
  | JobEnd
  | { readonly kind: 'timedOut'; readonly exitCode: number | undefined }
  | { readonly kind: 'stopped'; readonly exitCode: number | undefined };

export interface PooledJobOptions {
  /** Belongs to a job that already has a place (another container of its task): starts at once, beyond the count. */
  readonly withoutPlace?: boolean;
  /** From when the command runs; undefined: the pool's own limit. */
  readonly timeoutMs?: number;
  /** The job got its place and is being prepared. */
  readonly onStarting?: () => void;
  /** The command runs. */
  readonly onRunning?: () => void;
  readonly onLine?: (line: LogLine) => void;
}

export interface PooledJob {
  /** Never rejects. */
  readonly ended: Promise<PooledEnd>;
  /** Takes it out of the queue, or stops it. */
  stop(): void;
  readonly log: LogBuffer;
}

/** Thrown when too many jobs wait. */
export class PoolFullError extends Error {
  constructor(waitingMax: number) {
    super(`more than ${waitingMax} jobs wait to run`);
    this.name = 'PoolFullError';
  }
}

/** Runs the jobs of Batch and of ECS: so many at once, with a time limit and a bounded log each. */
export class JobPool {
  readonly runner: JobRunner;
  readonly #concurrencyMax: number;
  readonly #waitingMax: number;
  readonly #runtimeMsMax: number;
  readonly #waiting: (() => void)[] = [];
  readonly #jobs = new Set<PooledJob>();
  #active = 0;
  #closed = false;

  constructor(options: JobPoolOptions) {
    this.runner = options.runner;
    this.#concurrencyMax = options.concurrencyMax ?? CONCURRENCY_MAX;
    this.#waitingMax = options.waitingMax ?? WAITING_MAX;
    this.#runtimeMsMax = options.runtimeMsMax ?? RUNTIME_MS_MAX;
  }

  /** Queues a job. Throws {@link PoolFullError}. */
  run(job: ContainerJob, options: PooledJobOptions): PooledJob {
    if (options.withoutPlace !== true && this.#waiting.length >= this.#waitingMax)
      throw new PoolFullError(this.#waitingMax);
    const log = new LogBuffer(Date.now, options.onLine);
    const place = Promise.withResolvers<void>();
    let stopped = false;
    let running: RunningJob | undefined;
    const turn = (): void => place.resolve();
    if (options.withoutPlace === true) turn();
    else this.#waiting.push(turn);
    const ended = place.promise.then(async (): Promise<PooledEnd> => {
      if (stopped || this.#closed) return { kind: 'stopped', exitCode: undefined };
      options.onStarting?.();
      running = this.runner.start(job, (chunk) => log.write(chunk));
      const end = await this.#watch(running, options);
      log.end();
      if (!stopped || end.kind === 'timedOut') return end;
      return { kind: 'stopped', exitCode: exitCodeOf(end) };
    });
    const pooled: PooledJob = {
      log,
      ended,
      stop: () => {
        if (stopped) return;
        stopped = true;
        if (running !== undefined) running.stop();
        else this.#leaveQueue(turn);
      },
    };
    this.#jobs.add(pooled);
    void ended.then(() => this.#release(pooled, options.withoutPlace === true));
    this.#admit();
    return pooled;
  }

  /** Stops everything at once and waits for it. */
  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...this.#jobs];
    for (const turn of this.#waiting.splice(0)) {
      this.#active += 1;
      turn();
    }
    await this.runner.close();
    await Promise.all(jobs.map((job) => job.ended));
  }

  #admit(): void {
    while (this.#active < this.#concurrencyMax) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#active += 1;
      next();
    }
  }

  #leaveQueue(turn: () => void): void {
    const at = this.#waiting.indexOf(turn);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#active += 1;
    turn();
  }

  #release(job: PooledJob, withoutPlace: boolean): void {
    this.#jobs.delete(job);
    if (withoutPlace) return;
    this.#active -= 1;
    this.#admit();
  }

  async #watch(running: RunningJob, options: PooledJobOptions): Promise<PooledEnd> {
    let timer: NodeJS.Timeout | undefined;
    let timedOut = false;
    void running.started.then((isRunning) => {
      if (!isRunning) return;
      options.onRunning?.();
      const limitMs = Math.min(options.timeoutMs ?? this.#runtimeMsMax, this.#runtimeMsMax);
      timer = setTimeout(() => {
        timedOut = true;
        running.stop();
      }, limitMs);
    });
    const end = await running.ended;
    // `started` was settled before `ended`, but its reaction may still be due.
    await running.started;
    clearTimeout(timer);
    return timedOut ? { kind: 'timedOut', exitCode: exitCodeOf(end) } : end;
  }
}

function exitCodeOf(end: PooledEnd): number | undefined {
  return end.kind === 'notStarted' ? undefined : end.exitCode;
}
