/** A process is killed (SIGKILL) at every point where what it does becomes durable or visible; another one takes over. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import {
  openSqliteStore,
  readTaskToken,
  recordedInputs,
  storeViolations,
  type Store,
} from '@stepyard/engine';
import { afterAll, expect, test } from 'vitest';
import { linesOf, notesIn, play } from './scenario.ts';
import { inTurns, makeCompileCache, runVictim, sampleOf } from './victims.ts';

const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));
/** Of all points so many are tried, evenly spread, unless STEPYARD_SWEEP is set: a process takes half a second of CPU. */
const SAMPLE = 48;
const AT_ONCE = 2;

const compileCache = makeCompileCache();
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

const victim = (directory: string, at: number): Promise<string> =>
  runVictim(VICTIM, [directory, String(at)], compileCache);

/** Kills at the point, looks at the corpse, lets another process go on, and says what is wrong. */
async function killAt(at: number): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-sweep-'));
  try {
    await victim(directory, at);
    const path = join(directory, 'journal.sqlite');
    const corpse = openSqliteStore({ path });
    const wrong = [...storeViolations(corpse), ...broken(corpse, directory)];
    await corpse.close();
    const store = openSqliteStore({ path });
    const faults = await play(store, directory, Date.UTC(2026, 0, 1, 3), () => undefined);
    const after = openSqliteStore({ path });
    wrong.push(...faults, ...storeViolations(after), ...broken(after, directory), ...unended(after));
    await after.close();
    return [...wrong, ...damage(path)].map((what) => `killed at point ${at}: ${what}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What was acknowledged is there; what was called was called once. */
function broken(store: Store, directory: string): string[] {
  const notes = notesIn(directory);
  const lost = linesOf(notes.started).filter((arn) => store.execution(arn) === undefined);
  const unheard = linesOf(notes.answered).filter((token) => {
    const { executionArn = '', task } = readTaskToken(token) ?? {};
    const inputs = recordedInputs(store, executionArn);
    return !inputs.some((input) => input.kind === 'taskSucceeded' && input.task === task);
  });
  // An asynchronous Express execution begins again (I13).
  const calls = linesOf(notes.calls).filter((call) => !call.includes(':express:'));
  const twice = calls.filter((call, index) => calls.indexOf(call) !== index);
  return [
    ...lost.map((arn) => `${arn} was acknowledged and lost`),
    ...unheard.map((token) => `the answer by ${token} was acknowledged and lost`),
    ...twice.map((call) => `${call} was made twice`),
  ];
}

/** I13, I16: everything that was accepted has come to its end. */
function unended(store: Store): string[] {
  const rows = store.executions({ of: 'all', limit: 1000 });
  const running = rows.filter(({ status }) => status === 'RUNNING');
  // A client that heard nothing of its start asks again; the name of an Express execution does not make that one start.
  const standard = rows.filter(({ started }) => started.type === 'STANDARD');
  const machines = new Set(rows.map(({ started }) => started.stateMachineArn));
  const isComplete = machines.size === 7 && standard.length === 6;
  const missing = isComplete ? [] : [`${rows.length} executions of ${machines.size} machines`];
  return [...running.map(({ started }) => `${started.executionArn} never came to its end`), ...missing];
}

/** I15. */
function damage(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const check = database.prepare('PRAGMA integrity_check').all();
  const keys = database.prepare('PRAGMA foreign_key_check').all();
  database.close();
  return JSON.stringify(check) === '[{"integrity_check":"ok"}]' && keys.length === 0
    ? []
    : [`the file is damaged: ${JSON.stringify([check, keys])}`];
}

test(
  'killed anywhere, nothing is lost, nothing is done twice, and all comes to its end',
  { timeout: 900_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'stepyard-sweep-'));
    const count = Number(await victim(directory, 0));
    rmSync(directory, { recursive: true });
    expect(count).toBeGreaterThan(200);
    const points = sampleOf(count, process.env['STEPYARD_SWEEP'] === undefined ? SAMPLE : count);
    const wrong = await inTurns(points, AT_ONCE, killAt);
    expect(wrong).toEqual([]);
  },
);
