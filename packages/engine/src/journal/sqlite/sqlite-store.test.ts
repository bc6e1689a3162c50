import { chmodSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Write } from '../store.ts';
import { FORMAT_VERSION, STEPS, migrate } from './schema.ts';
import { openSqliteStore } from './sqlite-store.ts';

let directory = '';
let path = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-sqlite-'));
  path = join(directory, 'journal.sqlite');
});
afterEach(() => rmSync(directory, { recursive: true }));

const put = (key: string): Write => ({ kind: 'resource', of: 'tags', key, value: '{}' });

test('a second opener is refused while the first one has it', async () => {
  const store = openSqliteStore({ path });
  expect(() => openSqliteStore({ path })).toThrow(`The journal ${path} is in use by another process.`);
  await store.close();
  await openSqliteStore({ path }).close();
});

test('a newer format is refused, an older one is brought up in one transaction', async () => {
  await openSqliteStore({ path }).close();
  const database = new DatabaseSync(path);
  expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: FORMAT_VERSION });
  migrate(database, path, [
    ...Array<string>(FORMAT_VERSION).fill(''),
    'CREATE TABLE extra (a INTEGER) STRICT',
  ]);
  expect(database.prepare('SELECT * FROM extra').all()).toEqual([]);
  const failing = [
    ...Array<string>(FORMAT_VERSION + 1).fill(''),
    'CREATE TABLE half (a INTEGER) STRICT',
    'nonsense',
  ];
  expect(() => migrate(database, path, failing)).toThrow('syntax error');
  expect(() => database.prepare('SELECT * FROM half')).toThrow('no such table');
  database.close();
  expect(() => openSqliteStore({ path })).toThrow(`has format ${FORMAT_VERSION + 1}`);
});

test('data of the first format, which had no snapshots, is opened', async () => {
  const database = new DatabaseSync(path);
  migrate(database, path, STEPS.slice(0, 1));
  database.exec("INSERT INTO resource (kind, key, value) VALUES ('tags', 'before', '{}')");
  database.close();
  const store = openSqliteStore({ path });
  expect(store.snapshots(1)).toEqual([]);
  expect(store.resources('tags').map(({ key }) => key)).toEqual(['before']);
  await store.close();
});

test.each([
  [
    'no journal',
    () => writeFileSync(path, 'this is some other file, and it is long enough to be looked at'.repeat(20)),
  ],
  ['a file of another program', () => new DatabaseSync(path).exec('CREATE TABLE resource (a)')],
])('%s is refused in one line', (_name, make) => {
  make();
  expect(() => openSqliteStore({ path })).toThrow(/^[^\n]*journal[^\n]*$/u);
});

test('a file that lost its end is refused', async () => {
  const store = openSqliteStore({ path });
  for (let index = 0; index < 200; index++) await store.commit([put(`${index}`.repeat(100))]);
  await store.close();
  truncateSync(path, statSync(path).size >> 1);
  expect(() => openSqliteStore({ path })).toThrow(`The journal ${path} is damaged`);
});

test.skipIf(process.getuid?.() === 0)('a directory that cannot be written is refused', () => {
  chmodSync(directory, 0o500);
  expect(() => openSqliteStore({ path })).toThrow(`The journal ${path} cannot be created`);
  chmodSync(directory, 0o700);
});

test('when the disk is full the commit is refused, and every one after it', async () => {
  const store = openSqliteStore({ path });
  await store.commit([put('first')]);
  await store.close();
  const limited = new DatabaseSync(path);
  const pages = limited.prepare('PRAGMA page_count').get()?.['page_count'];
  limited.close();
  const full = openSqliteStore({ path, pagesMax: Number(pages) });
  const large: Write = { kind: 'resource', of: 'tags', key: 'large', value: 'x'.repeat(100_000) };
  const refusal = /cannot be written \(database or disk is full\): nothing more is accepted/u;
  await expect(full.commit([put('second'), large])).rejects.toThrow(refusal);
  await expect(full.commit([put('third')])).rejects.toThrow(refusal);
  expect(full.resources('tags').map(({ key }) => key)).toEqual(['first']);
  await full.close();
  const again = openSqliteStore({ path });
  expect(again.resources('tags').map(({ key }) => key)).toEqual(['first']);
  await again.close();
});
