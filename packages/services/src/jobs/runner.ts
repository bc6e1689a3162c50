/** One container to run, for Batch or for ECS: what the job or container definition says after overrides. */
export interface ContainerJob {
  /** Unique on this machine, `[a-z0-9-]`: names the container and labels the process. */
  readonly name: string;
  /** Image reference as the definition has it. */
  readonly image: string;
  /** Replaces the image's ENTRYPOINT; undefined: the image's. */
  readonly entryPoint: readonly string[] | undefined;
  /** Replaces the image's CMD; undefined: the image's. */
  readonly command: readonly string[] | undefined;
  /** The job's own variables; the runner adds those that point AWS SDKs at the yard, which the job's own override. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string | undefined;
  readonly user: string | undefined;
  readonly memoryMb: number | undefined;
  readonly readonlyRootFilesystem: boolean;
  /** Absolute paths with an empty writable volume of the container's own. */
  readonly writablePaths: readonly string[];
  /** From SIGTERM to SIGKILL when the job is stopped. */
  readonly stopTimeoutMs: number;
}

/** How a container ended. */
export type JobEnd =
  | {
      readonly kind: 'exited';
      /** 128 + signal number for a process that a signal ended: 137 after SIGKILL, 143 after SIGTERM. */
      readonly exitCode: number;
      /** True when the engine says that the memory limit ended it. */
      readonly outOfMemory: boolean;
    }
  /** It never ran. The reason begins as ECS names it: `CannotPullContainerError: ...`, `CannotStartContainerError: ...`. */
  | { readonly kind: 'notStarted'; readonly reason: string };

/** A container on its way: being prepared, running or ended. */
export interface RunningJob {
  /** Resolves when the command runs; to false when it ended without ever having run. Never rejects. */
  readonly started: Promise<boolean>;
  /** Resolves at the end. Never rejects. */
  readonly ended: Promise<JobEnd>;
  /** SIGTERM now and SIGKILL after the job's stop timeout. May be called at any time and more than once. */
  stop(): void;
  /** SIGKILL now. */
  kill(): void;
}

/** Can this runner run this image? `reason` is one line for people. */
export interface Readiness {
  readonly ready: boolean;
  readonly reason: string;
}

/** Runs containers. Two real implementations: a container engine, and process groups. */
export interface JobRunner {
  /** How jobs run, and why so: one line for the CLI. */
  describe(): string;
  /** Builds or looks up the image. Never rejects. */
  prepare(image: string): Promise<Readiness>;
  /** Starts a job; what it prints reaches `onOutput` in pieces as they come. */
  start(job: ContainerJob, onOutput: (chunk: Buffer) => void): RunningJob;
  /** Kills what still runs and waits for its end. */
  close(): Promise<void>;
}

/** Variables that point the AWS SDKs and tools at the yard. */
export function awsEnvironment(endpoint: string, region: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}
