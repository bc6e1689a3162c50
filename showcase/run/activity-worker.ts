import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CREDENTIALS, REGION } from './clients.ts';

const SCRIPT = fileURLToPath(new URL('../../bin/activity-worker.ts', import.meta.url));
const STOP_TIMEOUT_MS = 3000;

/** A program of its own, as a worker would be that runs on somebody's machine. */
export interface Worker {
  /** Ends the process. */
  stop(): Promise<void>;
}

/** Starts the worker that answers the tours' questions. `onExit` is called when it ends without having been stopped. */
export function startActivityWorker(
  endpoint: string,
  activityArn: string,
  onExit: (reason: string) => void,
): Worker {
  const child = spawn(process.execPath, [SCRIPT, activityArn], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stopping = false;
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  child.once('error', (error) => onExit(error.message));
  child.once('exit', (code, signal) => {
    if (!stopping) onExit(`it ended with ${code ?? signal ?? 'nothing'}: ${complaint.trim()}`);
  });
  return {
    stop: async () => {
      stopping = true;
      await stop(child);
    },
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}
