import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { firstLine, lastLine, runEngine, type ContainerEngine } from './container-engine.ts';
import { startGuarded, type GuardedProcess } from './guarded-process.ts';
import type { ContainerImage } from './image.ts';
import type { ImageRegistry } from './image-registry.ts';
import type { ContainerJob, JobEnd, JobRunner, Readiness, RunningJob } from './runner.ts';

export interface ContainerRunnerOptions {
  readonly engine: ContainerEngine;
  readonly images: ImageRegistry;
  /**
   * Variables every job gets, given the name under which a container reaches this machine: `127.0.0.1` on Linux (the host's
   * network), `host.docker.internal` elsewhere. Asked for at each start.
   */
  readonly environment: (host: string) => Readonly<Record<string, string>>;
  /** `--job-build-arg NAME=VALUE`: over the assembly's own build arguments. */
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly why: string;
}

const BUILD_TIMEOUT_MS = 15 * 60_000;
/** Pulling an image happens within `create`. */
const CREATE_TIMEOUT_MS = 10 * 60_000;
const QUICK_TIMEOUT_MS = 60_000;

/** Runs jobs in containers of docker or podman. */
export class ContainerRunner implements JobRunner {
  readonly #options: ContainerRunnerOptions;
  readonly #running = new Set<RunningJob>();
  /** Builds under way or done, by tag. */
  readonly #builds = new Map<string, Promise<Readiness>>();

  constructor(options: ContainerRunnerOptions) {
    this.#options = options;
  }

  describe(): string {
    const { engine, why } = this.#options;
    return `jobs run in containers of ${engine.name} ${engine.version} (${why})`;
  }

  prepare(reference: string): Promise<Readiness> {
    const image = this.#options.images.find(reference);
    if (image === undefined) return this.#lookUp(reference);
    const tag = this.#tagOf(image);
    const known = this.#builds.get(tag);
    if (known !== undefined) return known;
    const build = this.#build(image, tag);
    this.#builds.set(tag, build);
    // A failed build may succeed the next time: a base image was pulled, a network came back.
    void build.then(({ ready }) => ready || this.#builds.delete(tag));
    return build;
  }

  start(job: ContainerJob, onOutput: (chunk: Buffer) => void): RunningJob {
    const running = new ContainerRun(this, this.#options.engine, job, onOutput);
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    return running;
  }

  async close(): Promise<void> {
    const running = [...this.#running];
    for (const job of running) job.kill();
    await Promise.all(running.map((job) => job.ended));
  }

  /** The arguments of `create`, without the engine's global ones. */
  createArgs(job: ContainerJob): readonly string[] {
    const { engine, images } = this.#options;
    const onLinux = process.platform === 'linux';
    const host = onLinux ? '127.0.0.1' : 'host.docker.internal';
    const variables = { ...this.#options.environment(host), ...job.environment };
    const image = images.find(job.image);
    const [entry, ...entryArgs] = job.entryPoint ?? [];
    return [
      'create',
      '--name',
      job.name,
      '--label',
      'stepyard.job=1',
      ...(onLinux ? ['--network', 'host'] : ['--add-host', 'host.docker.internal:host-gateway']),
      ...(image === undefined ? [] : ['--pull', 'never']),
      ...(job.memoryMb === undefined ? [] : ['--memory', `${job.memoryMb}m`]),
      ...(job.readonlyRootFilesystem ? ['--read-only'] : []),
      // Podman would put a writable /tmp into a read-only root; Fargate and docker do not.
      ...(job.readonlyRootFilesystem && engine.name === 'podman' ? ['--read-only-tmpfs=false'] : []),
      ...job.writablePaths.flatMap((path) => ['--volume', path]),
      ...(job.user === undefined ? [] : ['--user', job.user]),
      ...(job.workingDirectory === undefined ? [] : ['--workdir', job.workingDirectory]),
      ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...(entry === undefined ? [] : ['--entrypoint', entry]),
      ...engine.runArgs,
      image === undefined ? job.image : this.#tagOf(image),
      ...entryArgs,
      ...(job.command ?? []),
    ];
  }

  async #lookUp(reference: string): Promise<Readiness> {
    const { engine } = this.#options;
    const present = await runEngine(engine, ['image', 'inspect', reference], QUICK_TIMEOUT_MS);
    return present.exitCode === 0
      ? { ready: true, reason: `${engine.name} has ${reference}` }
      : { ready: true, reason: `${engine.name} will pull ${reference}` };
  }

  async #build(image: ContainerImage, tag: string): Promise<Readiness> {
    const { engine } = this.#options;
    const present = await runEngine(engine, ['image', 'inspect', tag], QUICK_TIMEOUT_MS);
    if (present.exitCode === 0) return { ready: true, reason: `${engine.name} has ${tag}` };
    const result = await runEngine(engine, this.#buildArgs(image, tag), BUILD_TIMEOUT_MS);
    if (result.exitCode === 0) return { ready: true, reason: `${engine.name} built ${tag}` };
    return {
      ready: false,
      reason: `CannotPullContainerError: ${engine.name} could not build ${image.directory}: ${lastLine(result.stderr)}`,
    };
  }

  #buildArgs(image: ContainerImage, tag: string): readonly string[] {
    const args = { ...image.buildArgs, ...this.#options.buildArgs };
    return [
      'build',
      '--tag',
      tag,
      '--file',
      resolve(image.directory, image.dockerfile),
      ...(image.target === undefined ? [] : ['--target', image.target]),
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      image.directory,
    ];
  }

  /** Names what was built from what: other build arguments or another stage are another image. */
  #tagOf(image: ContainerImage): string {
    const inputs = JSON.stringify([image.dockerfile, image.target, image.buildArgs, this.#options.buildArgs]);
    const digest = createHash('sha256').update(inputs).digest('hex').slice(0, 8);
    return `localhost/stepyard-job:${image.assetHash.slice(0, 64)}-${digest}`;
  }
}

/** One container from `create` to `rm`. */
class ContainerRun implements RunningJob {
  readonly started: Promise<boolean>;
  readonly ended: Promise<JobEnd>;
  readonly #engine: ContainerEngine;
  readonly #job: ContainerJob;
  readonly #startedResolvers = Promise.withResolvers<boolean>();
  /** The attached client; undefined until the container is created. */
  #client: GuardedProcess | undefined;
  #wanted: 'run' | 'stop' | 'kill' = 'run';

  constructor(
    runner: ContainerRunner,
    engine: ContainerEngine,
    job: ContainerJob,
    onOutput: (chunk: Buffer) => void,
  ) {
    this.#engine = engine;
    this.#job = job;
    this.started = this.#startedResolvers.promise;
    this.ended = this.#run(runner, onOutput).then((end) => {
      this.#startedResolvers.resolve(end.kind === 'exited');
      return end;
    });
  }

  stop(): void {
    if (this.#wanted !== 'run') return;
    this.#wanted = 'stop';
    if (this.#client !== undefined) this.#stopContainer();
  }

  kill(): void {
    if (this.#wanted === 'kill') return;
    this.#wanted = 'kill';
    if (this.#client !== undefined) this.#killContainer();
  }

  async #run(runner: ContainerRunner, onOutput: (chunk: Buffer) => void): Promise<JobEnd> {
    const readiness = await runner.prepare(this.#job.image);
    if (!readiness.ready) return { kind: 'notStarted', reason: readiness.reason };
    if (this.#wanted !== 'run') return { kind: 'notStarted', reason: 'stopped before it was started' };
    const created = await runEngine(this.#engine, runner.createArgs(this.#job), CREATE_TIMEOUT_MS);
    if (created.exitCode !== 0) return { kind: 'notStarted', reason: notCreated(created.stderr) };
    try {
      return await this.#attach(onOutput);
    } finally {
      await runEngine(this.#engine, ['rm', '--force', '--volumes', this.#job.name], QUICK_TIMEOUT_MS);
    }
  }

  async #attach(onOutput: (chunk: Buffer) => void): Promise<JobEnd> {
    if (this.#wanted !== 'run') return { kind: 'notStarted', reason: 'stopped before it was started' };
    const { file, globalArgs } = this.#engine;
    let tail = '';
    this.#client = startGuarded(
      {
        file,
        args: [...globalArgs, 'start', '--attach', this.#job.name],
        cwd: undefined,
        env: ownEnvironment(),
        directory: undefined,
        orphanCommand: [file, ...globalArgs, 'rm', '--force', '--volumes', this.#job.name],
      },
      (chunk) => {
        tail = (tail + chunk.toString()).slice(-4_096);
        onOutput(chunk);
      },
    );
    void this.#client.started.then((pid) => pid !== undefined && this.#startedResolvers.resolve(true));
    const client = await this.#client.ended;
    const state = await this.#inspect();
    if (state?.hasRun !== true) {
      return { kind: 'notStarted', reason: `CannotStartContainerError: ${lastLine(tail)}` };
    }
    const exitCode = state.exitCode ?? (client.kind === 'exited' ? client.exitCode : 137);
    return { kind: 'exited', exitCode, outOfMemory: state.outOfMemory };
  }

  async #inspect(): Promise<
    { hasRun: boolean; exitCode: number | undefined; outOfMemory: boolean } | undefined
  > {
    const result = await runEngine(
      this.#engine,
      ['inspect', '--type', 'container', this.#job.name],
      QUICK_TIMEOUT_MS,
    );
    if (result.exitCode !== 0) return undefined;
    const [container]: {
      State?: { StartedAt?: string; ExitCode?: number; OOMKilled?: boolean };
    }[] = JSON.parse(result.stdout);
    const state = container?.State;
    return {
      hasRun: state?.StartedAt !== undefined && !state.StartedAt.startsWith('0001-'),
      exitCode: state?.ExitCode,
      outOfMemory: state?.OOMKilled === true,
    };
  }

  #stopContainer(): void {
    const seconds = Math.ceil(this.#job.stopTimeoutMs / 1_000);
    const args = ['stop', '--time', String(seconds), this.#job.name];
    void runEngine(this.#engine, args, this.#job.stopTimeoutMs + QUICK_TIMEOUT_MS);
  }

  #killContainer(): void {
    void runEngine(this.#engine, ['kill', this.#job.name], QUICK_TIMEOUT_MS);
  }
}

/** This process's environment: the engine finds its socket and its storage by it. */
function ownEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Which of the two things `create` does went wrong: getting the image, or making a container of it. */
function notCreated(stderr: string): string {
  const pull = /pull|manifest|denied|unauthorized|no such image|not known|registry|resolve|short-name/iu.test(
    stderr,
  );
  const code = pull ? 'CannotPullContainerError' : 'CannotCreateContainerError';
  return `${code}: ${pull ? lastLine(stderr) : firstLine(stderr)}`;
}
