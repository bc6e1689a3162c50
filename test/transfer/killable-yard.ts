import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Clients } from '../../showcase/run/clients.ts';
import { createClients, destroyClients } from '../../showcase/run/clients.ts';
import type { StackOutputs } from '../../showcase/run/use-cases.ts';

const SCRIPT = fileURLToPath(new URL('./yard-process.ts', import.meta.url));

export interface KillableYard {
  readonly clients: Clients;
  readonly outputs: StackOutputs;
  /** Ends the process as it stands: SIGKILL, or SIGTERM for an orderly end. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Starts a yard in another process and waits until it has deployed the assembly. */
export async function startKillableYard(dataDir: string, assemblyDir: string): Promise<KillableYard> {
  const child = spawn(process.execPath, [SCRIPT, dataDir, assemblyDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-4000);
  });
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    exited.then(() => Promise.reject(new Error(`the yard ended before it was ready: ${complaint}`))),
  ]);
  const ready: { origin: string; outputs: [string, Record<string, string>][] } = JSON.parse(String(line[0]));
  const clients = createClients(ready.origin);
  return {
    clients,
    outputs: new Map(ready.outputs),
    end: async (signal) => {
      destroyClients(clients);
      child.kill(signal);
      await exited;
    },
  };
}
