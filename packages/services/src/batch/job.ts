import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '@stepyard/asl';
import type { JobPool, PooledEnd, PooledJob } from '../jobs/job-pool.ts';
import type { LogLine } from '../jobs/log-buffer.ts';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';
import type { JobDefinition } from './job-definitions.ts';
import { mayRetry, type JobSpec } from './job-spec.ts';
import type { NamedResource } from './queues.ts';
import { messageOf } from '../message-of.ts';

export type JobStatus =
  'SUBMITTED' | 'PENDING' | 'RUNNABLE' | 'STARTING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED';

export interface JobFields {
  readonly name: string;
  readonly queue: NamedResource;
  readonly computeEnvironment: NamedResource | undefined;
  readonly definition: JobDefinition;
  readonly spec: JobSpec;
  readonly dependsOn: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

interface Attempt {
  readonly taskArn: string;
  readonly logStreamName: string;
  /** False while it only waits for a place to run. */
  begun: boolean;
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
  statusReason: string;
}

const TIMED_OUT = 'Job attempt duration exceeded timeout';
const EXITED = 'Essential container in task exited';

/** One submitted job and its attempts. Times are epoch milliseconds, as Batch's own are. */
export class BatchJob {
  readonly id = randomUUID();
  readonly fields: JobFields;
  readonly createdAt = Date.now();
  status: JobStatus = 'SUBMITTED';
  readonly #onStatus: (job: BatchJob) => void;
  readonly #onLine: (line: LogLine, logStream: string) => void;
  readonly #attempts: Attempt[] = [];
  readonly #logs: PooledJob[] = [];
  #statusReason: string | undefined;
  #stoppedAt: number | undefined;
  #running: PooledJob | undefined;
  #endedBy: { readonly kind: 'terminated' | 'cancelled'; readonly reason: string } | undefined;

  constructor(
    fields: JobFields,
    onStatus: (job: BatchJob) => void,
    onLine: (line: LogLine, logStream: string) => void,
  ) {
    this.fields = fields;
    this.#onStatus = onStatus;
    this.#onLine = onLine;
  }

  get arn(): string {
    return `arn:${PARTITION}:batch:${REGION}:${ACCOUNT_ID}:job/${this.id}`;
  }

  get hasEnded(): boolean {
    return this.status === 'SUCCEEDED' || this.status === 'FAILED';
  }

  /** Waits for the jobs it depends on. */
  hold(): void {
    this.#become('PENDING');
  }

  /** Runs it to its end, attempt by attempt. Never rejects. */
  async run(pool: JobPool): Promise<void> {
    for (let number = 1; !this.hasEnded; number += 1) {
      this.#become('RUNNABLE');
      const attempt = newAttempt(this.fields);
      const end = await this.#runAttempt(pool, attempt, number);
      if (attempt.begun) this.#attempts.push(attempt);
      this.#conclude(attempt, end, number);
    }
  }

  /** Ends it without another attempt; a running container is stopped. Nothing happens to a job that has ended. */
  terminate(reason: string): void {
    if (this.hasEnded || this.#endedBy !== undefined) return;
    this.#endedBy = { kind: 'terminated', reason };
    this.#endIfIdle();
  }

  /** Ends it when it has not been started yet. */
  cancel(reason: string): void {
    const started = this.status === 'STARTING' || this.status === 'RUNNING';
    if (started || this.hasEnded || this.#endedBy !== undefined) return;
    this.#endedBy = { kind: 'cancelled', reason };
    this.#endIfIdle();
  }

  /** A job that it depends on has failed. */
  failDependent(): void {
    if (!this.hasEnded) this.#end('FAILED', 'Dependent Job failed');
  }

  /** What its containers printed, attempt after attempt. */
  logs(): readonly LogLine[] {
    return this.#logs.flatMap((job) => [...job.log.lines()]);
  }

  summary(): JsonObject {
    const last = this.#attempts.at(-1);
    return {
      jobArn: this.arn,
      jobId: this.id,
      jobName: this.fields.name,
      createdAt: this.createdAt,
      status: this.status,
      ...optional('statusReason', this.#statusReason),
      ...optional('startedAt', this.#startedAt()),
      ...optional('stoppedAt', this.#stoppedAt),
      container: { ...optional('exitCode', last?.exitCode), ...optional('reason', last?.reason) },
      jobDefinition: this.fields.definition.arn,
    };
  }

  /** As DescribeJobs gives it. */
  describe(): JsonObject {
    const { spec, queue, definition, dependsOn, tags } = this.fields;
    const last = this.#current ?? this.#attempts.at(-1);
    return {
      jobArn: this.arn,
      jobName: this.fields.name,
      jobId: this.id,
      jobQueue: queue.arn,
      status: this.status,
      attempts: this.#attempts.map((attempt) => describeAttempt(attempt)),
      ...optional('statusReason', this.#statusReason),
      createdAt: this.createdAt,
      retryStrategy: {
        attempts: spec.attempts,
        evaluateOnExit: spec.evaluateOnExit.map((rule) => ({
          ...optional('onStatusReason', rule.onStatusReason),
          ...optional('onReason', rule.onReason),
          ...optional('onExitCode', rule.onExitCode),
          action: rule.action,
        })),
      },
      ...optional('startedAt', this.#startedAt()),
      ...optional('stoppedAt', this.#stoppedAt),
      dependsOn: dependsOn.map((jobId) => ({ jobId })),
      jobDefinition: definition.arn,
      parameters: spec.parameters,
      container: {
        ...spec.description,
        ...(last === undefined ? {} : { taskArn: last.taskArn, logStreamName: last.logStreamName }),
        ...optional('exitCode', last?.exitCode),
        ...optional('reason', last?.reason),
      },
      ...(spec.timeoutSeconds === undefined
        ? {}
        : { timeout: { attemptDurationSeconds: spec.timeoutSeconds } }),
      tags,
      ...optional('platformCapabilities', definition.input['platformCapabilities']),
      eksAttempts: [],
      isCancelled: this.#endedBy?.kind === 'cancelled',
      isTerminated: this.#endedBy?.kind === 'terminated',
    };
  }

  #current: Attempt | undefined;

  async #runAttempt(pool: JobPool, attempt: Attempt, number: number): Promise<PooledEnd> {
    const { spec, queue, computeEnvironment } = this.fields;
    const { container } = spec;
    const job = {
      ...container,
      name: `stepyard-batch-${this.id}-${number}`,
      environment: {
        ...container.environment,
        AWS_BATCH_JOB_ID: this.id,
        AWS_BATCH_JOB_ATTEMPT: String(number),
        AWS_BATCH_JQ_NAME: queue.name,
        AWS_BATCH_CE_NAME: computeEnvironment?.name ?? '',
      },
    };
    try {
      this.#running = pool.run(job, {
        ...(spec.timeoutSeconds === undefined ? {} : { timeoutMs: spec.timeoutSeconds * 1_000 }),
        onStarting: () => {
          this.#current = attempt;
          attempt.begun = true;
          this.#become('STARTING');
        },
        onRunning: () => {
          attempt.startedAt = Date.now();
          this.#become('RUNNING');
        },
        onLine: (line) => this.#onLine(line, attempt.logStreamName),
      });
    } catch (error) {
      return { kind: 'notStarted', reason: messageOf(error) };
    }
    this.#logs.push(this.#running);
    if (this.#endedBy !== undefined) this.#running.stop();
    const end = await this.#running.ended;
    this.#running = undefined;
    this.#current = undefined;
    attempt.stoppedAt = Date.now();
    return end;
  }

  #conclude(attempt: Attempt, end: PooledEnd, number: number): void {
    attempt.exitCode = end.kind === 'notStarted' ? undefined : end.exitCode;
    attempt.statusReason = statusReasonOf(end);
    attempt.reason = reasonOf(end);
    if (this.#endedBy !== undefined) return this.#end('FAILED', this.#endedBy.reason);
    if (end.kind === 'exited' && end.exitCode === 0) return this.#end('SUCCEEDED', EXITED);
    const outcome = {
      statusReason: attempt.statusReason,
      reason: attempt.reason ?? '',
      exitCode: attempt.exitCode,
    };
    // A job that took too long is not tried again (Batch user guide, "Job timeouts"); one that the yard stops is not either.
    const again = end.kind !== 'timedOut' && end.kind !== 'stopped';
    if (again && number < this.fields.spec.attempts && mayRetry(this.fields.spec.evaluateOnExit, outcome)) {
      return;
    }
    this.#end('FAILED', attempt.statusReason);
  }

  #endIfIdle(): void {
    if (this.#running !== undefined) this.#running.stop();
    else if (this.#endedBy !== undefined) this.#end('FAILED', this.#endedBy.reason);
  }

  #startedAt(): number | undefined {
    return this.#current?.startedAt ?? this.#attempts.findLast((attempt) => attempt.startedAt)?.startedAt;
  }

  #become(status: JobStatus): void {
    this.status = status;
    this.#onStatus(this);
  }

  #end(status: 'SUCCEEDED' | 'FAILED', statusReason: string): void {
    this.#statusReason = statusReason;
    this.#stoppedAt = Date.now();
    this.#become(status);
  }
}

function newAttempt(fields: JobFields): Attempt {
  const taskId = randomUUID().replaceAll('-', '');
  const cluster = fields.computeEnvironment?.clusterName ?? 'AWSBatch';
  return {
    taskArn: `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT_ID}:task/${cluster}/${taskId}`,
    logStreamName: `${fields.definition.name}/default/${taskId}`,
    begun: false,
    startedAt: undefined,
    stoppedAt: undefined,
    exitCode: undefined,
    reason: undefined,
    statusReason: '',
  };
}

function statusReasonOf(end: PooledEnd): string {
  if (end.kind === 'timedOut') return TIMED_OUT;
  return end.kind === 'notStarted' ? 'Task failed to start' : EXITED;
}

function reasonOf(end: PooledEnd): string | undefined {
  if (end.kind === 'notStarted') return end.reason;
  return end.kind === 'exited' && end.outOfMemory
    ? 'OutOfMemoryError: Container killed due to memory usage'
    : undefined;
}

function describeAttempt(attempt: Attempt): JsonObject {
  return {
    container: {
      taskArn: attempt.taskArn,
      ...optional('exitCode', attempt.exitCode),
      ...optional('reason', attempt.reason),
      logStreamName: attempt.logStreamName,
      networkInterfaces: [],
    },
    ...optional('startedAt', attempt.startedAt),
    ...optional('stoppedAt', attempt.stoppedAt),
    statusReason: attempt.statusReason,
  };
}

function optional(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
