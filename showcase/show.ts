import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { synthesise } from '@stepyard/server';
import { OUTPUT, stackName } from '../lib/outputs.ts';
import type { Options } from './options.ts';
import { createProgress, type Progress } from './report/progress.ts';
import type { Screen } from './report/screen.ts';
import { endText, summary } from './report/summary.ts';
import { count, duration } from './report/text.ts';
import { startActivityWorker } from './run/activity-worker.ts';
import { createClients, destroyClients, type Clients } from './run/clients.ts';
import { makeDataDir } from './run/data-dir.ts';
import { Inbox } from './run/notifications.ts';
import { runUseCase, type Result } from './run/run-use-case.ts';
import { required, STAGE, useCases, type Records, type UseCase } from './run/use-cases.ts';
import { checkPort, openYard, type ShowcaseYard } from './run/yard.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));

/**
 * Synthesises, deploys, runs every use case and says how each went. Unless `once` is asked for, stays up until `signal`
 * aborts. Gives the exit status.
 */
export async function show(
  options: Options,
  records: Records,
  screen: Screen,
  signal: AbortSignal,
): Promise<number> {
  const startedMs = Date.now();
  const progress = createProgress(screen);
  await checkPort(options);
  const dataDir = makeDataDir(options.dataDir);
  try {
    progress.log(whatIsTransferred(options, records));
    const assemblyDir = await synthesiseApp(dataDir, progress, signal);
    const yard = await openYard({ ...options, dataDir, assemblyDir }, (line) => progress.log(line));
    try {
      return await showIn(
        yard,
        async (clients) => {
          const results = await runAll(clients, useCases(yard.outputs, records, options), progress, signal);
          progress.close();
          const report = {
            endpoint: yard.origin,
            dataDir,
            durationMs: Date.now() - startedMs,
            staysUp: !options.once,
          };
          screen.write(`${summary(results, report).join('\n')}\n`);
          if (!options.once) await untilAborted(signal);
          return results.every(({ problems }) => problems.length === 0) ? 0 : 1;
        },
        progress,
      );
    } finally {
      await yard.close();
    }
  } finally {
    progress.close();
  }
}

/** Runs `body` with clients of the yard and a worker for its activity. */
async function showIn(
  yard: ShowcaseYard,
  body: (clients: Clients) => Promise<number>,
  progress: Progress,
): Promise<number> {
  const clients = createClients(yard.origin);
  const worker = startActivityWorker(
    yard.origin,
    required(yard.outputs, stackName(STAGE, 'state-tour'), OUTPUT.activityArn),
    (reason) => progress.log(`The activity worker is gone: ${reason}`),
  );
  try {
    return await body(clients);
  } finally {
    await worker.stop();
    destroyClients(clients);
  }
}

/** All at once: they share nothing but the machine. */
async function runAll(
  clients: Clients,
  cases: readonly UseCase[],
  progress: Progress,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const inboxes = new Map<string, Inbox>();
  return Promise.all(
    cases.map(async (useCase) => {
      const { name, notificationQueueUrl } = useCase;
      const inbox = inboxes.get(notificationQueueUrl) ?? new Inbox();
      inboxes.set(notificationQueueUrl, inbox);
      progress.begin(name);
      const result = await runUseCase(clients, useCase, inbox, (step) => progress.step(name, step), signal);
      progress.end(name, endText(result), result.problems.length === 0);
      return result;
    }),
  );
}

function whatIsTransferred({ recordsFile }: Options, { records }: Records): string {
  return recordsFile === undefined
    ? `Transferring ${count(records.length)} sample records, and one that cannot be sent (your own: --records FILE).`
    : `Transferring ${count(records.length)} records from ${recordsFile}.`;
}

async function synthesiseApp(dataDir: string, progress: Progress, signal: AbortSignal): Promise<string> {
  const startedMs = Date.now();
  const outDir = resolve(join(dataDir, 'cdk.out'));
  const done = progress.busy(`Synthesising the CDK app (stage ${STAGE})`);
  try {
    await synthesise({
      appDir: REPOSITORY,
      outDir,
      onOutput: (text) => process.stderr.write(text),
      signal,
    });
  } finally {
    done();
  }
  progress.log(`Synthesised the CDK app (stage ${STAGE}) in ${duration(Date.now() - startedMs)}.`);
  return outDir;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
