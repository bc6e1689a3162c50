/** Journals of released versions as text: SQL that makes the file as that version left it, and the histories that it told. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import type { Engine, HistoryEvent, Store, VirtualClock } from '@stepyard/engine';
import { createVirtualClock, openEngine, openSqliteStore, printHistory } from '@stepyard/engine';
import { ACTIVITY_NAME, MACHINES } from './machines.ts';

export const JOURNALS = fileURLToPath(new URL('../regressions/journals/', import.meta.url));
const ROLE = 'arn:aws:iam::000000000000:role/r';
const START_MS = Date.UTC(2026, 0, 1);
/** By then some have ended, some wait for a time, for a worker, for an answer. */
const RECORDED_MS = 40_000;

/** JSONata, variables, Catch, nested Map and Parallel, retries: what the machines of the simulations lack. */
const VARIETY = {
  QueryLanguage: 'JSONata',
  StartAt: 'Set',
  States: {
    Set: { Type: 'Pass', Assign: { n: '{% $states.input.items[0] %}' }, Next: 'Each' },
    Each: {
      Type: 'Map',
      Items: '{% $states.input.items %}',
      ItemProcessor: {
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [
              { StartAt: 'L', States: { L: { Type: 'Pass', Output: '{% $n + 1 %}', End: true } } },
              { StartAt: 'R', States: { R: { Type: 'Wait', Seconds: 1, End: true } } },
            ],
            End: true,
          },
        },
      },
      Output: '{% $count($states.result) %}',
      Next: 'Try',
    },
    Try: {
      Type: 'Task',
      Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
      Retry: [{ ErrorEquals: ['E1'], IntervalSeconds: 1, MaxAttempts: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'Caught' }],
      Next: 'Rest',
    },
    Caught: { Type: 'Pass', Next: 'Rest' },
    Rest: { Type: 'Wait', Seconds: 3600, Next: 'Done' },
    Done: { Type: 'Succeed', Output: '{% $n %}' },
  },
};

/** Runs all machines for a while over a new journal, and closes it in order. */
export async function record(path: string): Promise<void> {
  const clock = createVirtualClock({ startMs: START_MS });
  const engine = await openEngine({
    clock,
    store: openSqliteStore({ path }),
    seed: 'recorded',
    runner: {
      run: ({ attemptId, token }) => {
        const attempt = Number(attemptId.slice(attemptId.lastIndexOf(':') + 1));
        const isFailed = token === undefined && attempt % 2 === 0;
        return Promise.resolve(
          isFailed ? { kind: 'failed', error: 'E1', cause: 'c' } : { kind: 'succeeded', output: { attempt } },
        );
      },
    },
  });
  const variety = { name: 'variety', type: 'STANDARD', definition: VARIETY } as const;
  await engine.createActivity(ACTIVITY_NAME);
  for (const { name, type, definition } of [...MACHINES, variety]) {
    // oxlint-disable-next-line no-await-in-loop
    await startOne(engine, name, type, JSON.stringify(definition));
  }
  for (let passedMs = 0; passedMs < RECORDED_MS; passedMs += 1000) {
    // oxlint-disable-next-line no-await-in-loop
    await clock.advance(1000);
  }
  await engine.close();
}

async function startOne(
  engine: Engine,
  name: string,
  type: 'STANDARD' | 'EXPRESS',
  definition: string,
): Promise<void> {
  const { stateMachineArn } = await engine.createStateMachine({ name, type, definition, roleArn: ROLE });
  await engine.start({ stateMachineArn, name: 'run', input: '{"items":[1,2,3]}' });
}

/** The whole file as SQL. */
export function dump(path: string): string {
  const database = new DatabaseSync(path, { readOnly: true });
  const masters = database.prepare('SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL').all();
  const lines = masters.map(({ sql }) => `${String(sql)};`);
  for (const { name } of masters.filter(({ type }) => type === 'table')) {
    const columns = database.prepare(`PRAGMA table_info(${String(name)})`).all();
    const quoted = columns.map((column) => `quote("${String(column['name'])}")`).join(` || ',' || `);
    const rows = database.prepare(`SELECT ${quoted} AS row FROM ${String(name)}`).all();
    lines.push(...rows.map(({ row }) => `INSERT INTO ${String(name)} VALUES (${String(row)});`));
  }
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  database.close();
  return `${lines.join('\n')}\nPRAGMA user_version = ${String(version)};\n`;
}

/** Makes the file that it was dumped from. */
export function load(name: string, path: string): void {
  const database = new DatabaseSync(path);
  database.exec(`BEGIN; ${readFileSync(join(JOURNALS, `${name}.sql`), 'utf8')} COMMIT;`);
  database.close();
}

/** What the engine tells of every execution, child executions too, in the order of their starts. */
export async function histories(path: string): Promise<string> {
  const store = openSqliteStore({ path });
  const arns = arnsIn(store);
  const engine = await goOn(store, createVirtualClock({ startMs: START_MS + RECORDED_MS }));
  const told: string[] = [];
  for (const arn of arns) {
    // oxlint-disable-next-line no-await-in-loop
    const { events } = await engine.inspect(arn);
    told.push(arn, ...linesOf(events), '');
  }
  await engine.close();
  return told.join('\n');
}

/** Opens it and lets everything come to its end: a worker takes the activity that waits for one, and nobody answers by a token. */
export async function end(path: string): Promise<void> {
  const clock = createVirtualClock({ startMs: START_MS + RECORDED_MS, autoAdvance: true });
  const engine = await goOn(openSqliteStore({ path }), clock);
  const activityArn = `arn:aws:states:us-east-1:000000000000:activity:${ACTIVITY_NAME}`;
  const task = await engine.getActivityTask({ activityArn }, new AbortController().signal);
  await engine.sendTaskSuccess({ taskToken: task?.taskToken ?? '', output: '{}' });
  await engine.whenIdle();
  await engine.close();
}

function goOn(store: Store, clock: VirtualClock): Promise<Engine> {
  const runner = { run: () => Promise.resolve({ kind: 'succeeded', output: {} } as const) };
  return openEngine({ clock, store, seed: 'gone on', runner });
}

function arnsIn(store: Store): string[] {
  const limit = Number.MAX_SAFE_INTEGER;
  const parents = store.executions({ of: 'all', limit });
  const children = parents
    .flatMap(({ sequence }) => store.mapRunsOf(sequence))
    .flatMap(({ arn }) => store.executions({ of: { mapRunArn: arn }, limit }));
  return [...parents, ...children]
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ started }) => started.executionArn);
}

/** An event a line: when, and what. */
function linesOf(events: readonly HistoryEvent[]): string[] {
  return events.map((event) => `${event.timestampMs} ${printHistory([event])}`);
}
