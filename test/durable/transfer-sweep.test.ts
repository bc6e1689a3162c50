/**
 * The workflow that moves records from a table to a queue, killed at its calls and commits: at no moment is a record in neither place,
 * and none is sent twice, as a FIFO queue drops what it has had within five minutes.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Order } from './transfer.ts';
import { RECORDS, fill, transfer, whereabouts } from './transfer.ts';
import { inTurns, makeCompileCache, runVictim, sampleOf } from './victims.ts';

const VICTIM = fileURLToPath(new URL('./transfer-victim.ts', import.meta.url));
/** Of all points so many are tried, unless STEPYARD_SWEEP is set: a process and what comes after it take seconds of CPU. */
const SAMPLE = 12;
/** They wait for retries most of the time. */
const AT_ONCE = 4;

const compileCache = makeCompileCache();
const filled = mkdtempSync(join(tmpdir(), 'stepyard-filled-'));
beforeAll(() => fill(filled));
afterAll(() => {
  rmSync(compileCache, { recursive: true, force: true });
  rmSync(filled, { recursive: true, force: true });
});

async function inFolder<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-transfer-'));
  try {
    cpSync(filled, directory, { recursive: true });
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The names of the points that an undisturbed transfer passes. */
function pointsOf(order: Order): Promise<string[]> {
  return inFolder(async (directory) =>
    JSON.parse(await runVictim(VICTIM, [directory, '0', order], compileCache)),
  );
}

/** What is wrong right after the kill at the point, and what after another process has gone on. */
function killAt(at: number, order: Order): Promise<string[]> {
  return inFolder(async (directory) => {
    await runVictim(VICTIM, [directory, String(at), order], compileCache);
    const { inTable, inQueue } = await whereabouts(directory);
    const lost = RECORDS.filter((id) => !inTable.includes(id) && !inQueue.includes(id));
    if (lost.length > 0) return [`killed at point ${at}: ${lost.join()} in neither place`];
    const { status, error } = await transfer(directory, order, () => undefined);
    const after = await whereabouts(directory);
    const isRight = status === 'SUCCEEDED' && after.inTable.length === 0;
    const isOnce = after.inQueue.toSorted((one, other) => one.localeCompare(other)).join() === RECORDS.join();
    return isRight && isOnce ? [] : [`killed at point ${at}: ${status} ${error}, ${JSON.stringify(after)}`];
  });
}

test(
  'killed anywhere, a record is in the table or in the queue, and in the end once in the queue',
  { timeout: 900_000 },
  async () => {
    const points = await pointsOf('send first');
    expect(points.filter((name) => name === 'after SendMessage')).toHaveLength(RECORDS.length);
    expect(points.filter((name) => name === 'after DeleteItem')).toHaveLength(RECORDS.length);
    const isWhole = process.env['STEPYARD_SWEEP'] !== undefined;
    const calls = [points.indexOf('after SendMessage') + 1, points.indexOf('after DeleteItem') + 1];
    const swept = isWhole
      ? points.map((_, index) => index + 1)
      : [...calls, ...sampleOf(points.length, SAMPLE)];
    const wrong = await inTurns(swept, AT_ONCE, (at) => killAt(at, 'send first'));
    expect(wrong).toEqual([]);
  },
);

test('a workflow that deletes first is found out', { timeout: 300_000 }, async () => {
  const points = await pointsOf('delete first');
  const wrong = await killAt(points.indexOf('after DeleteItem') + 1, 'delete first');
  expect(wrong.join()).toContain('in neither place');
});
