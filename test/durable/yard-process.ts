/** `stepyard start` as a process of its own, on data that a test does bad things to. */
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { SFNClient } from '@aws-sdk/client-sfn';

const MAIN = fileURLToPath(new URL('../../packages/server/src/cli/main.mjs', import.meta.url));

export interface YardProcess {
  /** Asks once: a refusal is what a test wants to see. */
  readonly client: SFNClient;
  readonly origin: string;
  readonly pid: number;
  /** All that it wrote on stderr so far. */
  readonly complaints: () => string;
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** A yard that did not start. */
export interface Refusal {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null;
  readonly stderr: string;
}

/** Starts it; gives the yard, or how it ended. `filesMax`: how many files it may have open. */
export async function startYardProcess(dataDir: string, filesMax?: number): Promise<YardProcess | Refusal> {
  const args = [MAIN, 'start', '--port', '0', '--no-console', '--jobs', 'process', '--data', dataDir];
  const limited = ['-c', `ulimit -n ${filesMax}; exec "$@"`, 'sh', process.execPath, ...args];
  const child = filesMax === undefined ? spawn(process.execPath, args) : spawn('sh', limited);
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const origin = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      const found = /ready at (\S+)\n/u.exec(stdout)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const ended = once(child, 'close').then(([status]: unknown[]) => ({
    status: typeof status === 'number' ? status : null,
    stderr,
  }));
  const first = await Promise.race([origin, ended]);
  if (typeof first !== 'string') return first;
  const client = new SFNClient({
    endpoint: first,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    client,
    origin: first,
    pid: child.pid ?? 0,
    complaints: () => stderr,
    kill: () => kill(child, client),
  };
}

async function kill(child: ChildProcess, client: SFNClient): Promise<void> {
  client.destroy();
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGKILL');
  await gone;
}
