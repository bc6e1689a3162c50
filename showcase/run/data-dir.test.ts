import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { UsageError } from '../options.ts';
import { freshName, makeDataDir } from './data-dir.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepyard-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder that is given is made where it is missing, and used again where it is not', () => {
  const path = join(folder, 'a', 'b');
  expect(makeDataDir(path)).toBe(path);
  expect(existsSync(path)).toBe(true);
  expect(makeDataDir(path)).toBe(path);
});

test('where no folder can be made, the user is asked for another', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeDataDir(join(folder, 'file', 'x'))).toThrow(UsageError);
});

test('each start has a fresh folder, even two in one second', () => {
  const now = new Date('2026-11-22T11:05:09.123Z');
  const first = freshName(folder, now);
  expect(first).toBe(join(folder, 'showcase-20261122-110509'));
  makeDataDir(first);
  const second = freshName(folder, now);
  expect(second).toBe(`${first}-2`);
});
