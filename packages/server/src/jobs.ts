import {
  BatchService,
  chooseRunner,
  EcsService,
  ImageRegistry,
  JobPool,
  REGION,
  type HostedService,
  type JobsMode,
  type LogSink,
} from '@stepyard/services';
import { messageOf, UserError } from './user-error.ts';

export interface JobsOptions {
  readonly mode: JobsMode;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly containerArgs: readonly string[];
  /** The port of the gateway: jobs reach the yard's services through it. */
  readonly port: number;
  readonly log: LogSink;
}

/** Batch and ECS over one pool of jobs. */
export interface Jobs {
  readonly images: ImageRegistry;
  readonly hosted: readonly HostedService[];
  /** How jobs run, and why so: one line. */
  describe(): string;
  close(): Promise<void>;
}

/** Rejects with {@link UserError} when containers are asked for and no engine answers. */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const images = new ImageRegistry();
  const { log } = options;
  const runner = await chooseRunner({
    mode: options.mode,
    images,
    buildArgs: options.buildArgs,
    containerArgs: options.containerArgs,
    environment: (host) => awsEnvironment(`http://${host}:${options.port}`),
    onNote: (message) => log({ source: 'jobs', message }),
  }).catch((error: unknown) => {
    throw new UserError(`${messageOf(error)}: start a container engine, or use --jobs process.`);
  });
  const pool = new JobPool({ runner });
  const hosted = [new BatchService({ pool, log }), new EcsService({ pool, log })];
  return {
    images,
    hosted,
    describe: () => runner.describe(),
    async close() {
      await Promise.all(hosted.map((service) => service.close()));
    },
  };
}

/** What points an AWS SDK in a child process at the yard. */
function awsEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
}
