import { randomUUID } from 'node:crypto';
import type { JobPool, PooledEnd, PooledJob } from '../jobs/job-pool.ts';
import type { LogLine } from '../jobs/log-buffer.ts';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';
import type { ContainerSpec, Dependency } from './task-spec.ts';
import type { TaskDefinition } from './task-definitions.ts';
import { messageOf } from '../message-of.ts';

export type TaskStatus = 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEPROVISIONING' | 'STOPPED';
export type StopCode = 'EssentialContainerExited' | 'TaskFailedToStart' | 'UserInitiated';

export interface TaskFields {
  readonly clusterName: string;
  readonly definition: TaskDefinition;
  readonly containers: readonly ContainerSpec[];
  readonly launchType: string;
  readonly platformVersion: string;
  readonly startedBy: string | undefined;
  readonly group: string;
  readonly subnet: string | undefined;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

/** One container on its way. */
export interface TaskContainer {
  readonly spec: ContainerSpec;
  readonly id: string;
  status: 'PENDING' | 'RUNNING' | 'STOPPED';
  exitCode: number | undefined;
  reason: string | undefined;
  pooled: PooledJob | undefined;
  readonly running: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<void>;
}

/** Epoch milliseconds of the stages of a task's life, as far as it got. */
export interface TaskTimes {
  readonly createdAt: number;
  pullStartedAt?: number;
  pullStoppedAt?: number;
  startedAt?: number;
  stoppingAt?: number;
  executionStoppedAt?: number;
  stoppedAt?: number;
}

/** One task and its containers. */
export class EcsTask {
  readonly id = randomUUID().replaceAll('-', '');
  readonly attachmentId = randomUUID();
  readonly fields: TaskFields;
  readonly containers: readonly TaskContainer[];
  readonly times: TaskTimes = { createdAt: Date.now() };
  status: TaskStatus = 'PROVISIONING';
  version = 1;
  stopCode: StopCode | undefined;
  stoppedReason: string | undefined;
  readonly #onStatus: (task: EcsTask) => void;
  readonly #onLine: (container: ContainerSpec, line: LogLine) => void;
  /** Resolves when the first container got its place among the jobs that run. */
  readonly #placed = Promise.withResolvers<void>();

  constructor(
    fields: TaskFields,
    onStatus: (task: EcsTask) => void,
    onLine: (container: ContainerSpec, line: LogLine) => void,
  ) {
    this.fields = fields;
    this.#onStatus = onStatus;
    this.#onLine = onLine;
    this.containers = fields.containers.map((spec) => ({
      spec,
      id: randomUUID(),
      status: 'PENDING',
      exitCode: undefined,
      reason: undefined,
      pooled: undefined,
      running: Promise.withResolvers<void>(),
      ended: Promise.withResolvers<void>(),
    }));
  }

  get arn(): string {
    return `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT_ID}:task/${this.fields.clusterName}/${this.id}`;
  }

  get hasStopped(): boolean {
    return this.status === 'STOPPED';
  }

  /** Runs all containers to the task's end. Never rejects. */
  async run(pool: JobPool): Promise<void> {
    const first = this.containers.find((container) => container.spec.dependsOn.length === 0);
    await Promise.all(
      this.containers.map((container) => this.#runContainer(pool, container, container === first)),
    );
    this.times.executionStoppedAt ??= Date.now();
    this.#become('DEPROVISIONING');
    // Containers that are not essential may all have come to an end by themselves.
    this.stopCode ??= 'EssentialContainerExited';
    this.stoppedReason ??= 'Essential container in task exited';
    this.times.stoppedAt = Date.now();
    this.#become('STOPPED');
  }

  /** Stops every container; the first call gives the reason. */
  stop(stopCode: StopCode, reason: string): void {
    if (this.stopCode !== undefined || this.hasStopped) return;
    this.stopCode = stopCode;
    this.stoppedReason = reason;
    this.times.stoppingAt = Date.now();
    this.#placed.resolve();
    for (const container of this.containers) {
      if (container.pooled !== undefined) container.pooled.stop();
      else this.#endContainer(container, undefined, undefined);
    }
  }

  /** What its containers printed, container after container. */
  logs(): readonly LogLine[] {
    return this.containers.flatMap((container) => [...(container.pooled?.log.lines() ?? [])]);
  }

  async #runContainer(pool: JobPool, container: TaskContainer, isFirst: boolean): Promise<void> {
    if (!isFirst) await this.#placed.promise;
    const unmet = await this.#dependenciesOf(container);
    if (this.stopCode !== undefined) return;
    if (unmet !== undefined) return this.#failToStart(container, unmet);
    const job = { ...container.spec.job, name: `stepyard-ecs-${this.id}-${container.id.slice(0, 8)}` };
    try {
      container.pooled = pool.run(job, {
        withoutPlace: !isFirst,
        onStarting: () => this.#onContainerStarting(),
        onRunning: () => this.#onContainerRunning(container),
        onLine: (line) => this.#onLine(container.spec, line),
      });
    } catch (error) {
      return this.#failToStart(container, messageOf(error));
    }
    this.#conclude(container, await container.pooled.ended);
  }

  /** Waits for the containers that this one depends on; why it cannot start, or undefined. */
  async #dependenciesOf(container: TaskContainer): Promise<string | undefined> {
    for (const dependency of container.spec.dependsOn) {
      const other = this.containers.find(({ spec }) => spec.name === dependency.containerName);
      if (other === undefined) continue;
      await (dependency.condition === 'START' ? other.running.promise : other.ended.promise);
      if (!isMet(dependency, other)) {
        return `dependency container ${dependency.containerName} did not reach ${dependency.condition}`;
      }
    }
    return undefined;
  }

  #onContainerStarting(): void {
    this.#placed.resolve();
    if (this.status !== 'PROVISIONING') return;
    this.times.pullStartedAt = Date.now();
    this.#become('PENDING');
  }

  #onContainerRunning(container: TaskContainer): void {
    container.status = 'RUNNING';
    container.running.resolve();
    this.times.pullStoppedAt ??= Date.now();
    if (this.containers.some(({ status }) => status === 'PENDING')) return;
    this.times.startedAt = Date.now();
    this.#become('RUNNING');
  }

  #conclude(container: TaskContainer, end: PooledEnd): void {
    if (end.kind === 'notStarted') return this.#failToStart(container, end.reason);
    const reason =
      end.kind === 'exited' && end.outOfMemory
        ? 'OutOfMemoryError: Container killed due to memory usage'
        : undefined;
    this.#endContainer(container, end.exitCode, reason);
    if (container.spec.essential) {
      this.stop('EssentialContainerExited', 'Essential container in task exited');
    }
  }

  #failToStart(container: TaskContainer, reason: string): void {
    this.#endContainer(container, undefined, reason);
    this.stop('TaskFailedToStart', reason);
  }

  #endContainer(container: TaskContainer, exitCode: number | undefined, reason: string | undefined): void {
    container.status = 'STOPPED';
    container.exitCode = exitCode;
    container.reason = reason;
    container.running.resolve();
    container.ended.resolve();
  }

  #become(status: TaskStatus): void {
    this.status = status;
    this.version += 1;
    this.#onStatus(this);
  }
}

function isMet(dependency: Dependency, other: TaskContainer): boolean {
  if (dependency.condition === 'SUCCESS') return other.exitCode === 0;
  const hasExited = other.exitCode !== undefined;
  return hasExited || (dependency.condition === 'START' && other.status === 'RUNNING');
}
