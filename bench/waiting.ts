/**
 * Executions that wait an hour: `node bench/waiting.ts [--only=TEXT] [--short | --long]`. 10,000 in memory, and 100,000 in a durable
 * store (10,000 with --short, a million with --long): memory, and how long it takes to open them again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  createMemoryStore,
  openEngine,
  openSqliteStore,
  systemClock,
  type Engine,
  type Store,
} from '@stepyard/engine';
import { isShort, isWanted, printLimit } from './report.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const directory = mkdtempSync(join(tmpdir(), 'stepyard-bench-'));
const runner = { run: () => Promise.reject(new Error('no task runs here')) };
const open = (store: Store): Promise<Engine> =>
  openEngine({ clock: systemClock, store, runner, seed: 'bench' });

async function begin(engine: Engine, count: number): Promise<void> {
  const definition = JSON.stringify({
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 3600, End: true } },
  });
  const roleArn = 'arn:aws:iam::000000000000:role/bench';
  const { stateMachineArn } = await engine.createStateMachine({ name: 'm', definition, roleArn });
  for (let begun = 0; begun < count; begun += 1000) {
    await Promise.all(
      Array.from({ length: 1000 }, () => engine.start({ stateMachineArn, input: '{"n":1}' })),
    );
  }
}

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

async function inMemory(): Promise<void> {
  const count = 10_000;
  const what = `${count.toLocaleString('en')} waiting, in memory`;
  if (!isWanted(what)) return;
  const engine = await open(createMemoryStore());
  await begin(engine, 1000);
  const before = heapBytes();
  await begin(engine, count);
  printLimit({ what, value: (heapBytes() - before) / 1024 / count, unit: 'KiB each', atMost: 2 });
  await engine.close();
}

async function durable(): Promise<void> {
  const count = process.argv.includes('--long') ? 1_000_000 : isShort ? 10_000 : 100_000;
  const what = `${count.toLocaleString('en')} waiting, durable`;
  if (!isWanted(what)) return;
  const path = join(directory, 'waiting.db');
  const engine = await open(openSqliteStore({ path }));
  await begin(engine, count);
  const resident = process.memoryUsage().rss / 1024 / 1024;
  printLimit({ what: `${what}: resident`, value: resident, unit: 'MiB', atMost: 512 });
  await engine.close();
  const before = performance.now();
  const again = await open(openSqliteStore({ path }));
  printLimit({ what: `${what}: open`, value: performance.now() - before, unit: 'ms', atMost: 1000 });
  await again.close();
}

try {
  await inMemory();
  await durable();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
