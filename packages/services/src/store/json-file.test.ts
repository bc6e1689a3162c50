import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { JsonFile } from './json-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'stepyard-json-file-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('gives what was written last, and leaves no other file', () => {
  const path = join(directory, 'below', 'value.json');
  const file = new JsonFile<number[]>(path);
  expect(file.read([])).toEqual([]);
  file.write([1]);
  file.write([1, 2]);
  expect(new JsonFile<number[]>(path).read([])).toEqual([1, 2]);
  expect(readdirSync(join(directory, 'below'))).toEqual(['value.json']);
});

test('a damaged file is an error, not an empty store', () => {
  const path = join(directory, 'damaged.json');
  writeFileSync(path, '[1,');
  expect(() => new JsonFile<number[]>(path).read([])).toThrow(SyntaxError);
});

test('without a path nothing is kept', () => {
  const file = new JsonFile<number>(undefined);
  file.write(1);
  expect(file.read(0)).toBe(0);
});
