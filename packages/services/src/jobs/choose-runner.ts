import { findContainerEngine, type ContainerEngine } from './container-engine.ts';
import { ContainerRunner } from './container-runner.ts';
import type { ImageRegistry } from './image-registry.ts';
import { ProcessRunner } from './process-runner.ts';
import type { ContainerJob, JobEnd, JobRunner, Readiness, RunningJob } from './runner.ts';

export type JobsMode = 'auto' | 'container' | 'process';

export interface ChooseRunnerOptions {
  readonly mode: JobsMode;
  readonly images: ImageRegistry;
  /** Variables every job gets, given the name under which it reaches this machine. */
  readonly environment: (host: string) => Readonly<Record<string, string>>;
  /** `--job-build-arg`. */
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** `--container-arg`: further arguments of `docker create`, after those of the environment. */
  readonly containerArgs?: readonly string[];
  /** Engines to try, in order; `docker` and `podman` when not given. */
  readonly engines?: readonly string[];
  /** Hears of each image that falls back to a process group. */
  readonly onNote?: (message: string) => void;
}

const LOCAL_HOST = '127.0.0.1';

/**
 * The runner that `--jobs` asks for. Throws an Error with one line for the user when containers are asked for and no engine
 * answers.
 */
export async function chooseRunner(options: ChooseRunnerOptions): Promise<JobRunner> {
  if (options.mode === 'process') return processRunner(options, '--jobs process');
  const found = await findContainerEngine({
    ...(options.engines === undefined ? {} : { candidates: options.engines }),
    runArgs: options.containerArgs ?? [],
  });
  if (found.engine === undefined) {
    if (options.mode === 'container') throw new Error(`--jobs container: ${found.reason}`);
    return processRunner(options, `no container engine: ${found.reason}`);
  }
  if (options.mode === 'container') return containerRunner(options, found.engine, '--jobs container');
  return new AutoRunner(
    containerRunner(options, found.engine, `${found.engine.file} answers`),
    processRunner(options, `the container engine cannot run the image`),
    options.images,
    options.onNote ?? (() => undefined),
  );
}

function processRunner(options: ChooseRunnerOptions, why: string): ProcessRunner {
  return new ProcessRunner({
    images: options.images,
    environment: () => options.environment(LOCAL_HOST),
    why,
  });
}

function containerRunner(
  options: ChooseRunnerOptions,
  engine: ContainerEngine,
  why: string,
): ContainerRunner {
  return new ContainerRunner({
    engine,
    images: options.images,
    environment: options.environment,
    buildArgs: options.buildArgs ?? {},
    why,
  });
}

/**
 * Containers, and process groups for asset images that the engine cannot build (no registry within reach, say) or whose
 * containers it cannot start (a machine that forbids what the engine asks for). An image that is no asset always goes to
 * the engine: there is nothing else that could run it.
 */
class AutoRunner implements JobRunner {
  readonly #container: ContainerRunner;
  readonly #process: ProcessRunner;
  readonly #images: ImageRegistry;
  readonly #onNote: (message: string) => void;
  /** Why an image goes to a process group. */
  readonly #fallbacks = new Map<string, string>();
  /** The images among them that were built and did not start: they are not tried again. */
  readonly #unstartable = new Map<string, string>();

  constructor(
    container: ContainerRunner,
    processes: ProcessRunner,
    images: ImageRegistry,
    onNote: (message: string) => void,
  ) {
    this.#container = container;
    this.#process = processes;
    this.#images = images;
    this.#onNote = onNote;
  }

  describe(): string {
    const fallbacks = [...this.#fallbacks].map(
      ([image, reason]) => `${image} runs as a process group: ${reason}`,
    );
    return [this.#container.describe(), ...fallbacks].join('; ');
  }

  async prepare(image: string): Promise<Readiness> {
    const unstartable = this.#unstartable.get(image);
    const inContainer =
      unstartable === undefined
        ? await this.#container.prepare(image)
        : { ready: false, reason: unstartable };
    if (inContainer.ready || this.#images.find(image) === undefined) {
      this.#fallbacks.delete(image);
      return inContainer;
    }
    const asProcess = await this.#process.prepare(image);
    if (!asProcess.ready) return inContainer;
    if (!this.#fallbacks.has(image)) this.#onNote(`${image} runs as a process group: ${inContainer.reason}`);
    this.#fallbacks.set(image, inContainer.reason);
    return { ready: true, reason: `${asProcess.reason}, because ${inContainer.reason}` };
  }

  start(job: ContainerJob, onOutput: (chunk: Buffer) => void): RunningJob {
    const first = this.prepare(job.image).then(() => {
      const runner = this.#fallbacks.has(job.image) ? this.#process : this.#container;
      return runner.start(job, onOutput);
    });
    return new AutoRun(first, async (end) => {
      if (end.kind !== 'notStarted' || !/^Cannot(?:Create|Start)ContainerError/u.test(end.reason)) return;
      if (this.#images.find(job.image) === undefined || this.#fallbacks.has(job.image)) return;
      this.#unstartable.set(job.image, end.reason);
      await this.prepare(job.image);
      return this.#fallbacks.has(job.image) ? this.#process.start(job, onOutput) : undefined;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#container.close(), this.#process.close()]);
  }
}

/** A job whose runner is still being chosen, and that may have another run instead of one that never started. */
class AutoRun implements RunningJob {
  readonly started: Promise<boolean>;
  readonly ended: Promise<JobEnd>;
  #run: Promise<RunningJob>;
  #wanted: 'run' | 'stop' | 'kill' = 'run';

  constructor(first: Promise<RunningJob>, instead: (end: JobEnd) => Promise<RunningJob | undefined>) {
    this.#run = first;
    this.ended = first
      .then((job) => job.ended)
      .then(async (end) => {
        const other = this.#wanted === 'run' ? await instead(end) : undefined;
        if (other === undefined) return end;
        this.#run = Promise.resolve(other);
        if (this.#wanted !== 'run') other[this.#wanted]();
        return other.ended;
      });
    this.started = first
      .then((job) => job.started)
      .then((started) => started || this.ended.then((end) => end.kind === 'exited'));
  }

  stop(): void {
    if (this.#wanted === 'run') this.#wanted = 'stop';
    void this.#run.then((job) => job.stop());
  }

  kill(): void {
    this.#wanted = 'kill';
    void this.#run.then((job) => job.kill());
  }
}
