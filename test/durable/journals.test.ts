/** Journals that released versions left (`npm run journal`): today's interpreter tells the same of them, and goes on from there. */
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteStore, storeViolations } from '@stepyard/engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from './corpses.ts';
import { JOURNALS, end, histories, load } from './journals.ts';

const versions = readdirSync(JOURNALS)
  .filter((name) => name.endsWith('.sql'))
  .map((name) => name.slice(0, -4));
let path = '';
let folder = '';
beforeEach(() => {
  folder = makeFolder();
  path = join(folder, 'journal.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is wrong with the file, and how many of its executions run. */
async function look(): Promise<{ wrong: string[]; running: number }> {
  const store = openSqliteStore({ path });
  const found = { wrong: storeViolations(store), running: store.runningCount() };
  await store.close();
  return found;
}

test.each(versions)('the journal of version %s is told as it was', async (version) => {
  load(version, path);
  const { wrong, running } = await look();
  expect(wrong).toEqual([]);
  expect(running).toBeGreaterThan(2);
  expect(await histories(path)).toBe(readFileSync(join(JOURNALS, `${version}.txt`), 'utf8'));
});

test.each(versions)('what ran in the journal of version %s comes to its end', async (version) => {
  load(version, path);
  await end(path);
  expect(await look()).toEqual({ wrong: [], running: 0 });
});
