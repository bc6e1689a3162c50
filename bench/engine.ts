/**
 * The engine over its store: `node bench/engine.ts [--only=TEXT] [--short]`. A Distributed Map whose children are executions with
 * histories, in memory and durable; crowds of executions that wait for tasks, durable; what one execution alone commits; replay.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import {
  createMemoryStore,
  openEngine,
  openSqliteStore,
  replay,
  systemClock,
  type Engine,
  type Store,
  type TaskRunner,
} from '@stepyard/engine';
import { cpuUsOf, median, pairUs } from './measure.ts';
import { Notes } from './notes.ts';
import { isShort, isWanted, printHead, printLimit, printRow } from './report.ts';
import { distributedMap, startedWith, tasksAndPasses } from './workloads.ts';

const directory = mkdtempSync(join(tmpdir(), 'stepyard-bench-'));
const runner: TaskRunner = { run: async () => ({ kind: 'succeeded', output: { ok: true } }) };
let stores = 0;

const open = (store: Store): Promise<Engine> =>
  openEngine({ clock: systemClock, store, runner, seed: 'bench' });
const durableStore = (): Store => openSqliteStore({ path: join(directory, `${++stores}.db`) });

async function machine(engine: Engine, definition: Json): Promise<string> {
  const roleArn = 'arn:aws:iam::000000000000:role/bench';
  const request = { name: 'bench', definition: JSON.stringify(definition), roleArn };
  return (await engine.createStateMachine(request)).stateMachineArn;
}

async function runToEnd(engine: Engine, stateMachineArn: string, input: string): Promise<string> {
  const { executionArn } = await engine.start({ stateMachineArn, input });
  const { status } = await engine.whenEnded(executionArn);
  if (status !== 'SUCCEEDED') throw new Error(`wrong: ${status}`);
  return executionArn;
}

/** The bytes of the histories of an execution and all its children, and how many events they have. */
async function historiesOf(engine: Engine, executionArn: string): Promise<{ events: number; bytes: number }> {
  const total = { events: 0, bytes: 0 };
  const add = async (arn: string): Promise<void> => {
    const page = await engine.historyBytes({ executionArn: arn, maxResults: 1000 });
    total.events += page.count;
    for (const chunk of page.chunks) total.bytes += chunk.length;
  };
  await add(executionArn);
  const [mapRun] = (await engine.listMapRuns({ executionArn })).items;
  let after: string | undefined;
  do {
    const page = await engine.list({
      mapRunArn: mapRun?.mapRunArn ?? '',
      maxResults: 1000,
      ...(after === undefined ? {} : { after }),
    });
    for (const child of page.items) await add(child.executionArn);
    after = page.next;
  } while (after !== undefined);
  return total;
}

/** Median CPU times of one Distributed Map, each in an engine of its own. */
async function distributedMapUs(
  count: number,
  newStore: () => Store,
): Promise<{ run: number; wire: number; wall: number }> {
  const { definition, input } = distributedMap(count);
  const text = JSON.stringify(input);
  const times: { run: number[]; wire: number[]; wall: number[] } = { run: [], wire: [], wall: [] };
  for (let round = 0; round < (isShort ? 2 : 5); round++) {
    const engine = await open(newStore());
    const arn = await machine(engine, definition);
    const startedMs = performance.now();
    let executionArn = '';
    const runUs = await cpuUsOf(async () => {
      executionArn = await runToEnd(engine, arn, text);
    });
    times.wall.push((performance.now() - startedMs) * 1000);
    let events = 0;
    const wireUs = await cpuUsOf(async () => {
      ({ events } = await historiesOf(engine, executionArn));
    });
    if (events !== 4 * count + 10) throw new Error(`wrong: ${events} events`);
    times.run.push(runUs);
    times.wire.push(runUs + wireUs);
    await engine.close();
  }
  return { run: median(times.run), wire: median(times.wire), wall: median(times.wall) };
}

async function distributedMaps(): Promise<void> {
  const count = isShort ? 1000 : 10_000;
  const what = `Distributed Map, ${count.toLocaleString('en')} children`;
  if (!isWanted(what)) return;
  const text = JSON.stringify(distributedMap(count).input);
  const { floorUs } = pairUs(
    () => undefined,
    () => {
      const notes = new Notes();
      for (const item of (JSON.parse(text) as { items: { v: number }[] }).items) {
        notes.enter('Pass', 'Pick', item);
        notes.exit('Pass', 'Pick', { v: item.v });
      }
      return notes;
    },
  );
  const memory = await distributedMapUs(count, createMemoryStore);
  printRow({ what: `${what}: run`, oursUs: memory.run, floorUs, wanted: 1 });
  printRow({ what: `${what}: run + wire`, oursUs: memory.wire, floorUs, wanted: 4 });
  const durable = await distributedMapUs(count, durableStore);
  printLimit({ what: `${what}: durable`, value: durable.wall / 1000, unit: 'ms', atMost: 150 });
}

/** 64 executions at once, each a loop over a Task and four Pass states, every answer committed with FULL. */
async function crowd(): Promise<void> {
  const what = 'durable: 64 executions, a Task and four Pass in turn';
  if (!isWanted(what)) return;
  const loops = isShort ? 20 : 100;
  const { definition, transitions } = tasksAndPasses(loops);
  const rates: number[] = [];
  for (let round = 0; round < (isShort ? 2 : 5); round++) {
    const engine = await open(durableStore());
    const arn = await machine(engine, definition);
    const startedMs = performance.now();
    await Promise.all(Array.from({ length: 64 }, () => runToEnd(engine, arn, '{"i":0}')));
    rates.push((64 * transitions) / ((performance.now() - startedMs) / 1000));
    await engine.close();
  }
  printLimit({ what, value: median(rates), unit: 'transitions/s', atLeast: 200_000 });
}

/** What one execution alone commits: its start, each answer, and nothing for pure states. */
async function alone(): Promise<void> {
  const what = 'durable: commits of one execution with 10 Tasks';
  if (!isWanted(what)) return;
  const store = durableStore();
  let commits = 0;
  const commit = store.commit.bind(store);
  store.commit = (writes) => {
    commits++;
    return commit(writes);
  };
  const engine = await open(store);
  const arn = await machine(engine, tasksAndPasses(10).definition);
  const before = commits;
  await runToEnd(engine, arn, '{"i":0}');
  printLimit({ what, value: commits - before, unit: 'commits', atMost: 11 });
  await engine.close();
}

function replays(): void {
  const what = 'replay of 25,000 events';
  if (!isWanted(what)) return;
  const program = compile({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'A' } } });
  const turns = [{ atEventId: 0, timeMs: 0, inputs: [startedWith('{"n":1}')] }];
  if (replay(program, turns).events.length !== 25_000) throw new Error('wrong: the history is not full');
  const { oursUs } = pairUs(
    () => replay(program, turns),
    () => undefined,
  );
  printLimit({ what, value: oursUs / 1000, unit: 'ms', atMost: 20 });
}

printHead();
try {
  await distributedMaps();
  await crowd();
  await alone();
  replays();
} finally {
  rmSync(directory, { recursive: true, force: true });
}
