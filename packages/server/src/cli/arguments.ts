import { parseArgs } from 'node:util';
import type { Durability } from '../open-store.ts';
import { UserError, messageOf } from '../user-error.ts';

export type Command =
  /** `command`: help on that one alone. */
  | { readonly kind: 'help'; readonly command?: string }
  | { readonly kind: 'version' }
  | ({ readonly kind: 'start' } & StartArguments)
  | { readonly kind: 'check'; readonly files: readonly string[]; readonly format: CheckFormat }
  | ({ readonly kind: 'graph' } & GraphArguments)
  | ({ readonly kind: 'run' } & RunArguments)
  | ({ readonly kind: 'prune' } & PruneArguments);

export type CheckFormat = 'text' | 'json' | 'github';
export type GraphFormat = 'svg' | 'mermaid';
export type JobsMode = 'auto' | 'container' | 'process';

export interface GraphArguments {
  readonly file: string;
  readonly format: GraphFormat;
  /** The file to write; undefined: standard output. */
  readonly out: string | undefined;
}

export interface RunArguments {
  readonly file: string;
  /** JSON text, or `@` and the name of a file that holds it. */
  readonly input: string;
  readonly substitutions: Readonly<Record<string, string>>;
  readonly mocksFile: string | undefined;
  /** undefined: the only one that the mocks file has for the machine. */
  readonly testCase: string | undefined;
  readonly virtualTime: boolean;
  readonly express: boolean;
  /** Print the history, too. */
  readonly history: boolean;
  /** Print one JSON document instead of text. */
  readonly json: boolean;
}

export interface PruneArguments {
  readonly dataDir: string;
  readonly olderThanDays: number;
}

export interface StartArguments {
  /** A CDK app's directory, or a synthesised assembly's; at most one. */
  readonly app: string | undefined;
  readonly assembly: string | undefined;
  readonly port: number;
  readonly host: string;
  /** undefined: everything in memory, nothing is kept. */
  readonly dataDir: string | undefined;
  readonly durability: Durability;
  /** How long executions are kept after their end. */
  readonly retentionDays: number;
  readonly jobs: JobsMode;
  readonly jobBuildArgs: Readonly<Record<string, string>>;
  /** Further arguments for the container engine, when it makes a job's container. */
  readonly containerArgs: readonly string[];
  /** Service id -> URL of the endpoint that has it instead of the yard. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly mocksFile: string | undefined;
  /** `manual`: it passes only when it is advanced in the console. */
  readonly virtualTime: boolean | 'manual';
  /** Serve the web console. */
  readonly console: boolean;
  readonly once: boolean;
  /** Print what functions and jobs log. */
  readonly verbose: boolean;
}

const DEFAULT_PORT = 4566;
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_DATA_DIR = '.stepyard';
/** As long as AWS keeps them (developer guide, quotas: retention of closed executions). */
const DEFAULT_RETENTION_DAYS = 90;
const DAYS_MAX = 36_500;
const COMMANDS = ['start', 'run', 'check', 'graph', 'prune'];

/** Reads the command line after `node main.mjs`. Throws {@link UserError}. */
export function parseCommand(argv: readonly string[]): Command {
  const [command, ...rest] = argv;
  if (command === undefined || ['help', '--help', '-h'].includes(command)) return helpOn(rest[0]);
  if (argv.includes('--help') || argv.includes('-h')) return helpOn(command);
  if (command === 'version' || command === '--version' || command === '-v') return { kind: 'version' };
  switch (command) {
    case 'start':
      return { kind: 'start', ...parseStart(rest) };
    case 'check':
      return { kind: 'check', ...parseCheck(rest) };
    case 'graph':
      return { kind: 'graph', ...parseGraph(rest) };
    case 'run':
      return { kind: 'run', ...parseRun(rest) };
    case 'prune':
      return { kind: 'prune', ...parsePrune(rest) };
    default:
      throw noCommand(command);
  }
}

function helpOn(command: string | undefined): Command {
  if (command === undefined || command.startsWith('-')) return { kind: 'help' };
  if (!COMMANDS.includes(command)) throw noCommand(command);
  return { kind: 'help', command };
}

function noCommand(command: string): UserError {
  return new UserError(
    `There is no command '${command}'. Commands: ${COMMANDS.join(', ')}. See stepyard --help.`,
  );
}

function parseStart(args: readonly string[]): StartArguments {
  const { values } = parseOptions(args, false, {
    app: { type: 'string' },
    assembly: { type: 'string' },
    port: { type: 'string' },
    host: { type: 'string' },
    data: { type: 'string' },
    memory: { type: 'boolean' },
    durability: { type: 'string' },
    'retention-days': { type: 'string' },
    'no-console': { type: 'boolean' },
    jobs: { type: 'string' },
    'job-build-arg': { type: 'string', multiple: true },
    'container-arg': { type: 'string', multiple: true },
    endpoint: { type: 'string', multiple: true },
    verbose: { type: 'boolean' },
    mocks: { type: 'string' },
    'virtual-time': { type: 'boolean' },
    'manual-time': { type: 'boolean' },
    once: { type: 'boolean' },
  });
  if (values.app !== undefined && values.assembly !== undefined) {
    throw new UserError(
      '--app and --assembly exclude each other: give the app, or what it was synthesised to.',
    );
  }
  if (values.data !== undefined && values.memory === true) {
    throw new UserError(
      '--data and --memory exclude each other: keep the data in a directory, or keep none.',
    );
  }
  if (values['virtual-time'] === true && values['manual-time'] === true) {
    throw new UserError(
      '--virtual-time and --manual-time exclude each other: virtual time passes at once, or by hand.',
    );
  }
  const retentionDays = values['retention-days'];
  return {
    app: values.app,
    assembly: values.assembly,
    port: values.port === undefined ? DEFAULT_PORT : parsePort(values.port),
    host: values.host ?? DEFAULT_HOST,
    dataDir: values.memory === true ? undefined : (values.data ?? DEFAULT_DATA_DIR),
    durability: oneOf('--durability', values.durability ?? 'full', ['full', 'normal', 'memory']),
    retentionDays:
      retentionDays === undefined ? DEFAULT_RETENTION_DAYS : parseDays('--retention-days', retentionDays),
    jobs: oneOf('--jobs', values.jobs ?? 'auto', ['auto', 'container', 'process']),
    jobBuildArgs: Object.fromEntries(
      (values['job-build-arg'] ?? []).map((text) => parseNamed('--job-build-arg', text)),
    ),
    containerArgs: values['container-arg'] ?? [],
    endpoints: Object.fromEntries((values.endpoint ?? []).map(parseEndpoint)),
    mocksFile: values.mocks,
    virtualTime: values['manual-time'] === true ? 'manual' : values['virtual-time'] === true,
    console: values['no-console'] !== true,
    once: values.once === true,
    verbose: values.verbose === true,
  };
}

function parsePrune(args: readonly string[]): PruneArguments {
  const { values } = parseOptions(args, false, {
    data: { type: 'string' },
    'older-than-days': { type: 'string' },
  });
  const days = values['older-than-days'];
  return {
    dataDir: values.data ?? DEFAULT_DATA_DIR,
    olderThanDays: days === undefined ? DEFAULT_RETENTION_DAYS : parseDays('--older-than-days', days),
  };
}

function parseDays(flag: string, text: string): number {
  const days = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (days <= DAYS_MAX) return days;
  throw new UserError(`${flag} ${text} is no number of days: give one from 0 to ${DAYS_MAX}.`);
}

function parseCheck(args: readonly string[]): {
  readonly files: readonly string[];
  readonly format: CheckFormat;
} {
  const { values, positionals } = parseOptions(args, true, { format: { type: 'string' } });
  if (positionals.length === 0)
    throw new UserError('stepyard check needs at least one file: stepyard check FILE...');
  return {
    files: positionals,
    format: oneOf('--format', values.format ?? 'text', ['text', 'json', 'github']),
  };
}

function parseGraph(args: readonly string[]): GraphArguments {
  const { values, positionals } = parseOptions(args, true, {
    format: { type: 'string' },
    out: { type: 'string' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UserError('stepyard graph needs one file: stepyard graph FILE');
  return {
    file,
    format: oneOf('--format', values.format ?? 'svg', ['svg', 'mermaid']),
    out: values.out,
  };
}

function parseRun(args: readonly string[]): RunArguments {
  const { values, positionals } = parseOptions(args, true, {
    input: { type: 'string' },
    set: { type: 'string', multiple: true },
    mocks: { type: 'string' },
    'test-case': { type: 'string' },
    'virtual-time': { type: 'boolean' },
    express: { type: 'boolean' },
    history: { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UserError('stepyard run needs one file: stepyard run FILE');
  if (values['test-case'] !== undefined && values.mocks === undefined)
    throw new UserError('--test-case names one of a mocks file: give that with --mocks FILE.');
  return {
    file,
    input: values.input ?? '{}',
    substitutions: Object.fromEntries((values.set ?? []).map((text) => parseNamed('--set', text))),
    mocksFile: values.mocks,
    testCase: values['test-case'],
    virtualTime: values['virtual-time'] === true,
    express: values.express === true,
    history: values.history === true,
    json: values.json === true,
  };
}

type OptionTypes = Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;

function parseOptions<const T extends OptionTypes>(
  args: readonly string[],
  allowPositionals: boolean,
  options: T,
) {
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals });
  } catch (error) {
    // Node's text goes on about `--` and dashes after the first sentence.
    const [sentence] = messageOf(error).split(/\.?(?:\n| To )/u, 1);
    throw new UserError(`${sentence ?? 'Bad arguments'}. See stepyard --help.`);
  }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535))
    throw new UserError(`--port ${text} is no port: give a number from 0 (any) to 65535.`);
  return port;
}

function parseNamed(flag: string, text: string): readonly [string, string] {
  const match = /^([A-Za-z_]\w*)=(.*)$/su.exec(text);
  if (match === null) throw new UserError(`${flag} ${text} has no form NAME=VALUE.`);
  return [match[1] ?? '', match[2] ?? ''];
}

/** Services under other names than those of their SDK clients. */
const SERVICE_NAMES: Readonly<Record<string, string>> = {
  events: 'eventbridge',
  logs: 'cloudwatchlogs',
  monitoring: 'cloudwatch',
  'secrets-manager': 'secretsmanager',
};

function parseEndpoint(text: string): readonly [string, string] {
  const match = /^([a-z0-9-]+)=(.+)$/u.exec(text);
  const [, name = '', url = ''] = match ?? [];
  if (match === null || !URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol)) {
    throw new UserError(`--endpoint ${text} has no form SERVICE=URL, as in dynamodb=http://127.0.0.1:8000.`);
  }
  if (name === 'sfn' || name === 'states' || name === 'stepfunctions') {
    throw new UserError('--endpoint cannot move Step Functions: that is the yard itself.');
  }
  return [SERVICE_NAMES[name] ?? name, url];
}

function oneOf<const T extends string>(flag: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw new UserError(`${flag} ${value} is not one of ${allowed.join(', ')}.`);
  return found;
}
