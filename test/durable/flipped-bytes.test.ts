/** A byte of the journal's file that is not what was written: what is told is the truth, or that the file is damaged. Nothing else. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Store } from '@stepyard/engine';
import { ReplayMismatch, StoreError, openSqliteStore, recordedInputs } from '@stepyard/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { corpsesOfAll, makeFolder } from './corpses.ts';
import { play } from './scenario.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';

/** The process died here: early on, and when nearly everything had ended. */
const DIED_AT = [110, 225];
/** Of the bytes of each file so many are changed, and more when STEPYARD_SWEEP is set. */
const LOOKED_AT = process.env['STEPYARD_SWEEP'] === undefined ? 300 : 6000;
/** With so many of them a process goes on. */
const GONE_ON_WITH = LOOKED_AT / 5;
const KINDS: readonly Parameters<Store['resources']>[0][] = [
  'machine',
  'revision',
  'version',
  'alias',
  'activity',
  'tags',
];
const START_MS = Date.UTC(2026, 0, 1);

const folder = makeFolder();
const path = join(folder, 'journal.sqlite');
const files: Buffer[] = [];
beforeAll(async () => {
  const directory = makeFolder();
  const corpses = await corpsesOfAll(directory, START_MS);
  for (const corpse of corpses) {
    const file = join(corpse.directory, 'journal.sqlite');
    // Closing moves all of the log into the file: nothing mends it.
    if (DIED_AT.includes(corpse.at)) await openSqliteStore({ path: file }).close();
    if (DIED_AT.includes(corpse.at)) files.push(readFileSync(file));
    rmSync(corpse.directory, { recursive: true });
  }
  rmSync(directory, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All that a store tells, in lines: of what is damaged, that it is. */
function allOf(store: Store): string[] {
  const lines: string[] = [];
  const tell = (what: string, read: () => unknown): void => {
    try {
      lines.push(`${what} ${JSON.stringify(read())}`);
    } catch (error) {
      lines.push(`${what} ${refusalOf(error)}`);
    }
  };
  const all = Number.MAX_SAFE_INTEGER;
  for (const kind of KINDS) tell(kind, () => store.resources(kind));
  tell('awake', () => store.awake().map(({ sequence }) => sequence));
  tell('timers', () => store.dueTimers(all, all));
  tell('tally', () => store.tally());
  for (let sequence = 1; sequence <= store.lastSequence(); sequence++) {
    tell(`execution ${sequence}`, () => store.execution(sequence));
    tell(`map runs of ${sequence}`, () => store.mapRunsOf(sequence));
    tell(`inputs of ${sequence}`, () => {
      const row = store.execution(sequence);
      return row === undefined ? [] : recordedInputs(store, row.started.executionArn);
    });
  }
  return lines;
}

/** Throws what was not thrown on purpose, or does not name the file in one line. */
function refusalOf(error: unknown): string {
  if (!(error instanceof StoreError) && !(error instanceof ReplayMismatch)) throw error;
  expect(error.message).toContain(path);
  expect(error.message).not.toContain('\n');
  return 'is damaged';
}

function open(): Store | undefined {
  try {
    return openSqliteStore({ path });
  } catch (error) {
    refusalOf(error);
    return undefined;
  }
}

function write(file: Uint8Array): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
  writeFileSync(path, file);
}

/** Changes a byte, mostly one that is not zero: much of a file is empty. */
function flip(file: Buffer, random: Seeded): string {
  const harmed = Buffer.from(file);
  let at = random.below(file.length);
  while (harmed[at] === 0 && !random.oneIn(20)) at = random.below(file.length);
  const by = 1 + random.below(255);
  harmed[at] = (harmed[at] ?? 0) ^ by;
  write(harmed);
  return `byte ${at} of ${file.length} changed by ${by}`;
}

interface Told {
  /** How often the file was refused, something of it was said to be damaged, or the byte did not matter. */
  readonly refused: number;
  readonly damaged: number;
  readonly harmless: number;
  /** Otherwise: what was told that is not true. */
  readonly untrue: readonly string[];
}

async function flipSome(file: Buffer, times: number, random: Seeded): Promise<Told> {
  write(file);
  const whole = openSqliteStore({ path });
  const truth = allOf(whole);
  await whole.close();
  const counts = { refused: 0, damaged: 0, harmless: 0 };
  const untrue: string[] = [];
  for (let count = 0; count < times; count++) {
    const how = flip(file, random);
    const store = open();
    if (store === undefined) {
      counts.refused++;
      continue;
    }
    const found = allOf(store);
    // oxlint-disable-next-line no-await-in-loop
    await store.close();
    const others = truth.filter((line, index) => found[index] !== line && !isRefusal(found[index]));
    if (others.length > 0 || found.length !== truth.length)
      untrue.push(`${how}: not ${others.join('; ')}`.slice(0, 300));
    else if (found.some(isRefusal)) counts.damaged++;
    else counts.harmless++;
  }
  return { ...counts, untrue };
}

function isRefusal(line: string | undefined): boolean {
  return line?.endsWith(' is damaged') === true;
}

test('what is told is true, or that the file is damaged', { timeout: 900_000 }, async () => {
  const random = seeded(11);
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop
    const told = await flipSome(file, LOOKED_AT, random);
    expect(told.untrue).toEqual([]);
    expect(told.refused).toBeGreaterThan(LOOKED_AT / 20);
    expect(told.damaged).toBeGreaterThan(LOOKED_AT / 4);
  }
});

test('without checksums the same is found out', { timeout: 300_000 }, async () => {
  write(files[1] ?? Buffer.alloc(0));
  const database = new DatabaseSync(path);
  for (const table of ['resource', 'execution', 'log', 'map_run'])
    database.exec(`UPDATE ${table} SET sum = NULL`);
  database.exec('UPDATE execution SET state_sum = NULL, log_sum = NULL');
  database.close();
  // What was harmed is told as if it were true, or is not even JSON.
  const found = await flipSome(readFileSync(path), 100, seeded(12)).then(
    ({ untrue }) => untrue.length > 0,
    (error: unknown) => error instanceof SyntaxError,
  );
  expect(found).toBe(true);
});

test(
  'a process that goes on with it ends what it can, and says of the rest why not',
  { timeout: 900_000 },
  async () => {
    const random = seeded(13);
    const ends = new Map<string, number>();
    for (let count = 0; count < GONE_ON_WITH; count++) {
      const how = flip(files[count % files.length] ?? Buffer.alloc(0), random);
      // oxlint-disable-next-line no-await-in-loop
      for (const end of await goOn()) {
        expect(`${how}: ${end}`).toMatch(ENDS);
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }
      for (const note of ['calls', 'started', 'tokens', 'answered'])
        rmSync(join(folder, `${note}.log`), { force: true });
    }
    expect(ends.get('SUCCEEDED')).toBeGreaterThan(GONE_ON_WITH / 2);
    expect(ends.get('is damaged')).toBeGreaterThan(GONE_ON_WITH / 10);
  },
);

const ENDS = /: (?:SUCCEEDED|FAILED|TIMED_OUT|is damaged)/u;

/** How all that is there ended. */
async function goOn(): Promise<string[]> {
  const store = open();
  if (store === undefined) return ['is damaged'];
  try {
    await play(store, folder, START_MS + 3 * 3_600_000, () => undefined);
  } catch (error) {
    await store.close();
    return [refusalOf(error)];
  }
  const after = open();
  if (after === undefined) return ['is damaged'];
  const ends: string[] = [];
  for (let sequence = 1; sequence <= after.lastSequence(); sequence++) {
    try {
      const row = after.execution(sequence);
      if (row !== undefined) ends.push(row.status);
    } catch (error) {
      ends.push(refusalOf(error));
    }
  }
  await after.close();
  return ends;
}
