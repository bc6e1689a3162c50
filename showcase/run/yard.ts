import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { finished } from 'node:stream/promises';
import { join } from 'node:path';
import type { YardDeployment } from '@stepyard/server';
import { startYard } from '@stepyard/server';
import { UsageError, type Options } from '../options.ts';
import { clip, count, duration } from '../report/text.ts';
import type { StackOutputs } from './use-cases.ts';

export interface ShowcaseYard {
  readonly origin: string;
  readonly outputs: StackOutputs;
  close(): Promise<void>;
}

export interface YardPlace extends Pick<Options, 'port' | 'host' | 'jobs'> {
  readonly dataDir: string;
  readonly assemblyDir: string;
}

/**
 * Finds out before the app is synthesised, which takes a while, whether the yard will get its port. Throws {@link UsageError}.
 */
export async function checkPort({ port, host }: Pick<Options, 'port' | 'host'>): Promise<void> {
  const probe = createServer();
  try {
    await once(probe.listen(port, host), 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const reason = code === 'EADDRINUSE' ? 'is taken' : `cannot be used (${code})`;
    throw new UsageError(
      `Port ${port} on ${host} ${reason}: choose another with --port (0 takes any free one).`,
    );
  }
  probe.close();
  await once(probe, 'close');
}

/** A note on the screen; `yard.log` has it whole. */
const NOTE_CHARS_MAX = 160;

/**
 * Starts the yard in this process and deploys the assembly into it. What functions and jobs write goes to `yard.log` in the
 * data folder. Rejects with UserError for what the user can mend.
 */
export async function openYard(place: YardPlace, say: (line: string) => void): Promise<ShowcaseYard> {
  const logFile = createWriteStream(join(place.dataDir, 'yard.log'), { flags: 'a' });
  const startedMs = Date.now();
  try {
    const yard = await startYard({
      port: place.port,
      host: place.host,
      jobs: place.jobs,
      dataDir: place.dataDir,
      assemblyDir: place.assemblyDir,
      log: ({ source, logGroup, message }) => {
        logFile.write(`${new Date().toISOString()} ${logGroup ?? source}: ${message.trimEnd()}\n`);
        // Where a job runs is worth knowing at once; the rest can be read there.
        if (source === 'jobs' && logGroup === undefined)
          say(clip(message.replace(/^\S+ runs /u, 'The job image runs '), NOTE_CHARS_MAX));
      },
    });
    for (const { type, name, stackName, detail } of yard.deployment.unhosted) {
      logFile.write(
        `not hosted: ${type} ${name} (${stackName})${detail === undefined ? '' : `: ${detail}`}\n`,
      );
    }
    say(deployed(yard.deployment, Date.now() - startedMs));
    say(`The yard listens on ${yard.origin}; ${yard.describeJobs()}.`);
    return {
      origin: yard.origin,
      outputs: outputsOf(yard.deployment),
      close: async () => {
        await yard.close();
        logFile.end();
        await finished(logFile);
      },
    };
  } catch (error) {
    logFile.end();
    throw error;
  }
}

function deployed({ stacks, machines, unhosted }: YardDeployment, durationMs: number): string {
  const resources = stacks.reduce((sum, stack) => sum + stack.resources.length, 0);
  const missing =
    unhosted.length === 0
      ? ''
      : ` Not hosted (by name in yard.log): ${[...countTypes(unhosted)].map(([type, times]) => `${type} ×${times}`).join(', ')}.`;
  return `Deployed ${stacks.length} stacks with ${count(resources)} resources and ${machines.length} state machines in ${duration(durationMs)}.${missing}`;
}

function countTypes(items: readonly { readonly type: string }[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of items) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

function outputsOf({ stacks }: YardDeployment): StackOutputs {
  return new Map(
    stacks.map(({ name, outputs }) => [
      name,
      Object.fromEntries(
        Object.entries(outputs).map(([key, { value }]) => [key, typeof value === 'string' ? value : '']),
      ),
    ]),
  );
}
