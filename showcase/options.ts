import { parseArgs } from 'node:util';

/** A mistake on the command line: one clear line, exit 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

export type JobsMode = 'auto' | 'container' | 'process';

export interface Options {
  readonly help: boolean;
  /** Ends after the summary instead of staying up. */
  readonly once: boolean;
  /** A file of the user's own records; undefined: the sample records. */
  readonly recordsFile: string | undefined;
  /** The field that tells records apart. */
  readonly key: string;
  /** Lets the Batch job, or the Fargate task, fail: its FAILED execution is then what is expected. */
  readonly failJob: boolean;
  readonly failTask: boolean;
  /** undefined: a fresh folder in `.stepyard/`. */
  readonly dataDir: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly jobs: JobsMode;
}

const DEFAULT_PORT = 4566;
const DEFAULT_HOST = '127.0.0.1';
const JOBS_MODES: readonly JobsMode[] = ['auto', 'container', 'process'];

export const HELP = `Usage: npm start [-- OPTIONS]

Synthesises the CDK app of this repository, deploys it to a yard on this machine, runs every use case and says how each
went. The yard then stays up until Ctrl-C.

  --once            end after the summary; the exit status is 1 if a use case did not end as it should
  --records FILE    transfer your own records: JSON array (.json), JSON Lines (.jsonl) or CSV with a header (.csv)
  --key NAME        the field that tells your records apart; it is a string or an integer (default: id)
  --fail-job        let the Batch job fail: its execution is expected to end FAILED, with a notification
  --fail-task       let the Fargate task fail, likewise
  --data DIR        keep everything in DIR, and find it there again (default: a fresh folder in .stepyard/)
  --port PORT       where the yard listens; 0 takes any free port (default: ${DEFAULT_PORT})
  --host HOST       the address it listens on (default: ${DEFAULT_HOST})
  --jobs MODE       how Batch jobs and Fargate tasks run: auto, container or process (default: auto)
  --help            this text
`;

/** Reads the command line after `node showcase/main.mjs`. Throws {@link UsageError}. */
export function parseOptions(argv: readonly string[]): Options {
  const values = parse(argv);
  if (values.key !== undefined && values.records === undefined) {
    throw new UsageError('--key names a field of your own records: give --records FILE with it.');
  }
  return {
    help: values.help === true,
    once: values.once === true,
    recordsFile: values.records === undefined ? undefined : filled('--records', values.records),
    key: values.key === undefined ? 'id' : filled('--key', values.key),
    failJob: values['fail-job'] === true,
    failTask: values['fail-task'] === true,
    dataDir: values.data === undefined ? undefined : filled('--data', values.data),
    port: values.port === undefined ? DEFAULT_PORT : parsePort(values.port),
    host: values.host === undefined ? DEFAULT_HOST : filled('--host', values.host),
    jobs: parseJobs(values.jobs ?? 'auto'),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      options: {
        once: { type: 'boolean' },
        records: { type: 'string' },
        key: { type: 'string' },
        'fail-job': { type: 'boolean' },
        'fail-task': { type: 'boolean' },
        data: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        jobs: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // Node's text goes on about `--` and dashes after its first sentence.
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(/\.?(?:\n| To )/u, 1);
    throw new UsageError(`${sentence ?? 'Bad options'}. See npm start -- --help.`);
  }
}

function filled(option: string, value: string): string {
  if (value === '') throw new UsageError(`${option} is empty. See npm start -- --help.`);
  return value;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new UsageError(`--port ${text} is no port: give a number from 0 (any) to 65535.`);
  return port;
}

function parseJobs(text: string): JobsMode {
  const mode = JOBS_MODES.find((item) => item === text);
  if (mode === undefined) throw new UsageError(`--jobs ${text} is not one of ${JOBS_MODES.join(', ')}.`);
  return mode;
}
