import { resolve } from 'node:path';
import type { Yard } from '../yard.ts';
import type { StartArguments } from './arguments.ts';
import type { Output } from './output.ts';

/** A clean close that takes longer than this is given up; by then every acknowledged change is on disk anyway. */
const CLOSE_TIMEOUT_MS = 10_000;
/** As a shell reports a program that SIGINT ended. */
const FORCED_STATUS = 130;

/**
 * Starts the yard and stays until SIGINT or SIGTERM, or until the deployment is over with `--once`. Gives the exit status.
 * Throws UserError for what the user can mend.
 */
export async function start(args: StartArguments, output: Output): Promise<number> {
  const note = (line: string): void => output.err(`${line}\n`);
  const stop = interruption(note);
  try {
    const { startYard } = await import('../yard.ts');
    const yard = await startYard({
      port: args.port,
      host: args.host,
      dataDir: args.dataDir,
      durability: args.durability,
      retentionDays: args.retentionDays,
      assemblyDir: args.assembly,
      appDir: args.app,
      onAppOutput: (text) => output.err(text),
      jobs: args.jobs,
      jobBuildArgs: args.jobBuildArgs,
      containerArgs: args.containerArgs,
      endpoints: args.endpoints,
      mocksFile: args.mocksFile,
      virtualTime: args.virtualTime,
      console: args.console,
      log: ({ source, logGroup, message }) => {
        if (logGroup === undefined || args.verbose) note(`${logGroup ?? source}: ${message.trimEnd()}`);
      },
      signal: stop.signal,
    });
    try {
      output.out(summary(yard, args));
      if (!args.once) await stop.requested;
    } finally {
      await closeInTime(yard, note);
    }
    return 0;
  } catch (error) {
    if (stop.signal.aborted) return FORCED_STATUS;
    throw error;
  } finally {
    stop.release();
  }
}

/** The first SIGINT or SIGTERM asks for the end; the second does not wait for it. */
function interruption(log: (line: string) => void): {
  readonly requested: Promise<void>;
  readonly signal: AbortSignal;
  release(): void;
} {
  const controller = new AbortController();
  const requested = Promise.withResolvers<undefined>();
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(FORCED_STATUS);
    log(`${name}: closing; once more to stop at once.`);
    controller.abort();
    requested.resolve(undefined);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    requested: requested.promise,
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

async function closeInTime(yard: Yard, log: (line: string) => void): Promise<void> {
  const timer = setTimeout(() => {
    log(`The yard did not close within ${CLOSE_TIMEOUT_MS / 1000} s.`);
    process.exit(1);
  }, CLOSE_TIMEOUT_MS);
  try {
    await yard.close();
  } finally {
    clearTimeout(timer);
  }
}

function summary(yard: Yard, args: StartArguments): string {
  const { machines, unhosted } = yard.deployment;
  const lines = [
    `Stepyard is ready at ${yard.origin}`,
    ...(args.console ? [`Console: ${yard.origin}/_stepyard/`] : []),
    dataLine(args),
    `Jobs: ${yard.describeJobs()}`,
  ];
  if (machines.length > 0) {
    lines.push(
      '',
      'State machines:',
      ...machines.map(({ name, type, arn }) => `  ${name} (${type})  ${arn}`),
    );
  }
  if (unhosted.length > 0) {
    lines.push('', 'Not hosted here, left out:', ...unhosted.map(unhostedLine));
  }
  lines.push(
    ...elsewhereLines(args),
    '',
    'To use it:',
    // The AWS CLI before version 2, and boto3, read AWS_DEFAULT_REGION only. Without the last they ask for sync-127.0.0.1 to start an
    // Express execution, and to test a state.
    `  export AWS_ENDPOINT_URL=${yard.origin} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DISABLE_HOST_PREFIX_INJECTION=true`,
  );
  if (!args.once) lines.push('To stop: Ctrl-C');
  return `${lines.join('\n')}\n`;
}

function dataLine({ dataDir, durability }: StartArguments): string {
  if (dataDir === undefined) return 'Data: in memory, kept nowhere';
  const directory = `Data: ${resolve(dataDir)}`;
  return durability === 'memory' ? `${directory}, but executions in memory` : directory;
}

/** Any service may be somewhere else, so that a name nobody has is no mistake that could be found: it is shown. */
function elsewhereLines({ endpoints }: StartArguments): string[] {
  const names = Object.keys(endpoints);
  return names.length === 0
    ? []
    : ['', 'Elsewhere:', ...names.map((name) => `  ${name}  ${endpoints[name]}`)];
}

function unhostedLine({ stackName, type, name, detail }: Yard['deployment']['unhosted'][number]): string {
  return `  ${type}  ${name} (${stackName})${detail === undefined ? '' : `: ${detail}`}`;
}
