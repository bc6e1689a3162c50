/** What a failing disk may leave of a killed process's journal: a prefix of what was committed, or a clear refusal. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '@stepyard/engine';
import { StoreError, openSqliteStore, recordedInputs, storeViolations } from '@stepyard/engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeCompileCache, runVictim } from './victims.ts';

const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));
/** Late in the scenario, when there is much to lose. */
const KILLED_AT = 220;
const CUTS = 48;
const ONE_LINE = /^[^\n]+$/u;

const folder = mkdtempSync(join(tmpdir(), 'stepyard-torn-'));
const compileCache = makeCompileCache();
let truth: readonly string[] = [];
let log = Buffer.alloc(0);

beforeAll(async () => {
  await runVictim(VICTIM, [folder, String(KILLED_AT)], compileCache);
  log = readFileSync(join(folder, 'journal.sqlite-wal'));
  truth = withCopy(() => undefined, contents);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(compileCache, { recursive: true, force: true });
});

/** Everything that the executions were told, one after the other: what was archived in the end, too. */
function contents(store: Store): string[] {
  const rows = store.executions({ of: 'all', limit: 1000 });
  return rows
    .toReversed()
    .flatMap(({ sequence, started }) =>
      recordedInputs(store, started.executionArn).map(
        (input) => `input ${sequence} ${JSON.stringify(input)}`,
      ),
    );
}

/** Harms a copy of the corpse, opens it, looks into it. */
function withCopy<Result>(harm: (path: string) => void, look: (store: Store) => Result): Result {
  const copy = mkdtempSync(join(tmpdir(), 'stepyard-torn-'));
  try {
    const path = join(copy, 'journal.sqlite');
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(join(folder, `journal.sqlite${end}`)))
        copyFileSync(join(folder, `journal.sqlite${end}`), `${path}${end}`);
    }
    harm(path);
    const store = openSqliteStore({ path });
    try {
      return look(store);
    } finally {
      void store.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Of each execution there is its beginning, as it was committed, or nothing. */
function isPrefix(found: readonly string[]): boolean {
  const inputsOf = (all: readonly string[], sequence: string): string =>
    all.filter((line) => line.split(' ')[1] === sequence).join('\n');
  const sequences = new Set(found.map((line) => line.split(' ')[1] ?? ''));
  return [...sequences].every((sequence) => inputsOf(truth, sequence).startsWith(inputsOf(found, sequence)));
}

test('the log cut off anywhere gives the beginning of what was committed', () => {
  expect(truth.length).toBeGreaterThan(10);
  const lengths = new Set<number>();
  for (let cut = 0; cut <= CUTS; cut++) {
    const bytes = Math.floor((log.length * cut) / CUTS);
    withCopy(
      (path) => truncateSync(`${path}-wal`, bytes),
      (store) => {
        const found = contents(store);
        expect({ bytes, wrong: storeViolations(store) }).toEqual({ bytes, wrong: [] });
        expect({ bytes, isPrefix: isPrefix(found) }).toEqual({ bytes, isPrefix: true });
        lengths.add(found.length);
      },
    );
  }
  // From nothing to everything, with much in between.
  expect(Math.max(...lengths)).toBe(truth.length);
  expect(Math.min(...lengths)).toBe(0);
  expect(lengths.size).toBeGreaterThan(8);
});

test('a byte of the log that has changed ends what is believed of it', () => {
  for (let cut = 1; cut < CUTS; cut++) {
    const at = Math.floor((log.length * cut) / CUTS) + (cut % 7);
    withCopy(
      (path) => {
        const harmed = Buffer.from(log);
        harmed[at] = (harmed[at] ?? 0) ^ 0x55;
        writeFileSync(`${path}-wal`, harmed);
      },
      (store) => {
        expect({ at, wrong: storeViolations(store) }).toEqual({ at, wrong: [] });
        expect({ at, isPrefix: isPrefix(contents(store)) }).toEqual({ at, isPrefix: true });
      },
    );
  }
});

test('the index of the log may be gone', () => {
  const found = withCopy((path) => rmSync(`${path}-shm`, { force: true }), contents);
  expect(found).toEqual(truth);
});

test('a file whose head is damaged is refused in one line', () => {
  const open = (): unknown =>
    withCopy(
      (path) => {
        // All of it is in the file: the log has nothing to mend it with.
        void openSqliteStore({ path }).close();
        const file = readFileSync(path);
        file.fill(0xff, 0, 64);
        writeFileSync(path, file);
      },
      () => undefined,
    );
  expect(open).toThrow(StoreError);
  expect(open).toThrow(ONE_LINE);
});
