import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { readDockerfile, type ImageConfig } from './dockerfile.ts';
import { startGuarded, type GuardedProcess } from './guarded-process.ts';
import type { ImageRegistry } from './image-registry.ts';
import { layOut, underRoot } from './root-directory.ts';
import type { ContainerJob, JobEnd, JobRunner, Readiness, RunningJob } from './runner.ts';
import { messageOf } from '../message-of.ts';

export interface ProcessRunnerOptions {
  readonly images: ImageRegistry;
  /** Variables every job gets: those that point the AWS SDKs at the yard. Asked for at each start. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** Why processes and not containers, for {@link JobRunner.describe}. */
  readonly why: string;
}

interface Prepared {
  readonly directory: string;
  readonly config: ImageConfig;
}

/**
 * Runs the command of an asset's Dockerfile as a process group, in a fresh copy of what the Dockerfile copies into the image.
 * What a container gives beyond that (a memory limit, a read-only root, another user, RUN instructions) is not there, and the
 * job's log says so where the Dockerfile asks for it. An image that is no asset cannot run at all: its job fails to start.
 */
export class ProcessRunner implements JobRunner {
  readonly #options: ProcessRunnerOptions;
  readonly #running = new Set<RunningJob>();

  constructor(options: ProcessRunnerOptions) {
    this.#options = options;
  }

  describe(): string {
    return `jobs run as process groups on this machine (${this.#options.why})`;
  }

  prepare(image: string): Promise<Readiness> {
    try {
      this.#read(image);
      return Promise.resolve({ ready: true, reason: 'runs the command of its Dockerfile' });
    } catch (error) {
      return Promise.resolve({ ready: false, reason: messageOf(error) });
    }
  }

  start(job: ContainerJob, onOutput: (chunk: Buffer) => void): RunningJob {
    let root: string | undefined;
    try {
      const { directory, config } = this.#read(job.image);
      root = mkdtempSync(join(tmpdir(), 'stepyard-job-'));
      layOut(root, directory, config);
      if (config.runs.length > 0) {
        onOutput(
          Buffer.from(`[stepyard] process mode does not execute: RUN ${config.runs.join('; RUN ')}\n`),
        );
      }
      const running = this.#launch(job, config, root, onOutput);
      this.#running.add(running);
      void running.ended.then(() => this.#running.delete(running));
      return running;
    } catch (error) {
      if (root !== undefined) rmSync(root, { recursive: true, force: true });
      return neverStarted(messageOf(error));
    }
  }

  async close(): Promise<void> {
    const running = [...this.#running];
    for (const job of running) job.kill();
    await Promise.all(running.map((job) => job.ended));
  }

  /** Throws an Error whose message is the reason as ECS would begin it. */
  #read(reference: string): Prepared {
    const image = this.#options.images.find(reference);
    if (image === undefined) {
      throw new Error(
        `CannotPullContainerError: ${reference} is not an image asset of the deployed assembly, and without a container ` +
          `engine no image can be pulled (install docker or podman, or use --jobs container)`,
      );
    }
    const config = guardedRead(resolve(image.directory, image.dockerfile), image);
    if (config.unsupported.length > 0) {
      throw new Error(
        `CannotPullContainerError: ${image.dockerfile} of ${image.directory} needs a container engine: ${config.unsupported.join('; ')}`,
      );
    }
    return { directory: image.directory, config };
  }

  #launch(
    job: ContainerJob,
    config: ImageConfig,
    root: string,
    onOutput: (chunk: Buffer) => void,
  ): RunningJob {
    const words = commandOf(job, config).map((word) => underRoot(root, word));
    const [file, ...args] = words;
    if (file === undefined) {
      throw new Error('CannotStartContainerError: neither the job nor the Dockerfile names a command');
    }
    const nodeDirectory = dirname(process.execPath);
    const variables = { ...this.#options.environment(), ...config.environment, ...job.environment };
    const guarded = startGuarded(
      {
        // The image's Node is this one: the version is pinned to what Lambda and the image have.
        file: isNode(file) ? process.execPath : file,
        args,
        cwd: join(root, job.workingDirectory ?? config.workingDirectory),
        env: {
          ...variables,
          HOME: root,
          PATH: `${nodeDirectory}${delimiter}${process.env['PATH'] ?? ''}`,
        },
        directory: root,
        orphanCommand: undefined,
      },
      onOutput,
    );
    return watch(job, guarded, root);
  }
}

function guardedRead(
  path: string,
  image: { readonly buildArgs: Readonly<Record<string, string>>; readonly target: string | undefined },
): ImageConfig {
  try {
    return readDockerfile(readFileSync(path, 'utf8'), image);
  } catch (error) {
    throw new Error(`CannotPullContainerError: ${path}: ${messageOf(error)}`, { cause: error });
  }
}

function commandOf(job: ContainerJob, config: ImageConfig): readonly string[] {
  const command = job.command ?? (job.entryPoint === undefined ? config.command : undefined) ?? [];
  return [...(job.entryPoint ?? config.entryPoint ?? []), ...command];
}

function isNode(file: string): boolean {
  return file === 'node' || file === '/usr/local/bin/node' || file === '/usr/bin/node';
}

function watch(job: ContainerJob, guarded: GuardedProcess, root: string): RunningJob {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const ended = guarded.ended.then((end): JobEnd => {
    isOver = true;
    clearTimeout(timer);
    rmSync(root, { recursive: true, force: true });
    return end.kind === 'failed'
      ? { kind: 'notStarted', reason: `CannotStartContainerError: ${end.message}` }
      : { kind: 'exited', exitCode: end.exitCode, outOfMemory: false };
  });
  return {
    started: guarded.started.then((pid) => pid !== undefined),
    ended,
    stop: () => {
      // After its end there is nothing to stop, and a timer would keep this process alive for nothing.
      if (isOver || timer !== undefined) return;
      guarded.signal('SIGTERM');
      timer = setTimeout(() => guarded.signal('SIGKILL'), job.stopTimeoutMs);
    },
    kill: () => guarded.signal('SIGKILL'),
  };
}

/** A job whose preparation failed. */
export function neverStarted(reason: string): RunningJob {
  return {
    started: Promise.resolve(false),
    ended: Promise.resolve({ kind: 'notStarted', reason }),
    stop: () => undefined,
    kill: () => undefined,
  };
}
