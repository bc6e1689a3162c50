import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startYard } from '@stepyard/server';
import { afterAll, expect, test } from 'vitest';
import { pruneRuns } from './prune.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepyard-prune-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the oldest runs go; the newest, other folders, and what a yard uses stay', async () => {
  const runs = [1, 2, 3, 4, 5].map((day) => `showcase-2026110${day}-120000`);
  for (const name of [...runs, 'tools', 'showcase-mine']) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'yard.log'), 'x');
  }
  const yard = await startYard({ dataDir: join(folder, runs[0] ?? ''), jobs: 'process' });
  try {
    expect(pruneRuns(folder, 2)).toEqual(runs.slice(1, 3));
  } finally {
    await yard.close();
  }
  expect(readdirSync(folder).toSorted()).toEqual([runs[0], runs[3], runs[4], 'showcase-mine', 'tools']);
  expect(pruneRuns(folder, 2)).toEqual([runs[0]]);
  expect(existsSync(join(folder, 'tools', 'yard.log'))).toBe(true);
});

test('where nothing has run there is nothing to remove', () => {
  expect(pruneRuns(join(folder, 'none'))).toEqual([]);
});
