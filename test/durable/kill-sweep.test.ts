/** A process is killed (SIGKILL) at every point where what it does becomes durable or visible; another one takes over, and may die too. */
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { wrongAfterRestart, wrongWithCorpse } from './after-kill.ts';
import type { Corpse } from './corpses.ts';
import { corpsesOfAll, corpsesOfSome, makeFolder } from './corpses.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import { inTurns, makeCompileCache, runVictim, sampleOf } from './victims.ts';

const VICTIM = fileURLToPath(new URL('./victim.ts', import.meta.url));
/** A process takes half a second of CPU: so many of all points, evenly spread, are tried in a real one, unless STEPYARD_SWEEP is set. */
const KILLED = 24;
const KILLED_TWICE = 6;
/** A recovery passes so many points at least. */
const SECOND_POINTS = 40;
/** A corpse takes a twentieth: all points are tried, and of pairs of points so many. */
const PAIRS = 150;
const PAIRS_OF_A_SWEEP = 2000;
/** Of one first death, so many second ones. */
const SECOND_DEATHS = 3;
const AT_ONCE = 2;
const isWhole = process.env['STEPYARD_SWEEP'] !== undefined;

/** When the first process lives, the second and the third. */
const LIVES_MS = [0, 3, 6].map((hour) => Date.UTC(2026, 0, 1, hour)) as [number, number, number];

const compileCache = makeCompileCache();
afterAll(() => rmSync(compileCache, { recursive: true, force: true }));

const victim = (directory: string, at: number, life: 0 | 1): Promise<string> =>
  runVictim(VICTIM, [directory, String(at), String(LIVES_MS[life])], compileCache);

async function inFolder<Result>(work: (directory: string) => Promise<Result>): Promise<Result> {
  const directory = makeFolder();
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Kills at the point, looks at the corpse, lets another process go on, and says what is wrong. */
function killAt(at: number): Promise<string[]> {
  return inFolder(async (directory) => {
    await victim(directory, at, 0);
    return wrongWith(directory, LIVES_MS[1], `killed at point ${at}`);
  });
}

/** The same, but the one that goes on is killed too, and a third one takes over. */
function killTwice(at: number, then: number): Promise<string[]> {
  return inFolder(async (directory) => {
    await victim(directory, at, 0);
    await victim(directory, then, 1);
    return wrongWith(directory, LIVES_MS[2], `killed at point ${at}, then at ${then}`);
  });
}

async function wrongWith(directory: string, startMs: number, when: string): Promise<string[]> {
  const wrong = [...(await wrongWithCorpse(directory)), ...(await wrongAfterRestart(directory, startMs))];
  return wrong.map((what) => `${when}: ${what}`);
}

/** What is wrong with the corpses, and once another process has gone on from each. They are removed. */
async function judge(corpses: readonly Corpse[], startMs: number, of: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const { at, directory } of corpses) {
    // oxlint-disable-next-line no-await-in-loop
    wrong.push(...(await wrongWith(directory, startMs, `${of}${at}`)));
    rmSync(directory, { recursive: true, force: true });
  }
  return wrong;
}

/** What is left of the recovery from that corpse, killed in its turn. */
async function again({ directory }: Corpse, random: Seeded): Promise<Corpse[]> {
  return inFolder(async (copy) => {
    cpSync(directory, copy, { recursive: true });
    return corpsesOfSome(copy, LIVES_MS[1], SECOND_DEATHS, random);
  });
}

test(
  'killed anywhere, nothing is lost, nothing is done twice, and all comes to its end',
  { timeout: 900_000 },
  async () => {
    const count = await inFolder(async (directory) => Number(await victim(directory, 0, 0)));
    expect(count).toBeGreaterThan(200);
    const points = sampleOf(count, isWhole ? count : KILLED);
    expect(await inTurns(points, AT_ONCE, killAt)).toEqual([]);
    const twice = sampleOf(count, KILLED_TWICE);
    const then = (at: number): number => 1 + ((at * 7) % SECOND_POINTS);
    expect(await inTurns(twice, AT_ONCE, (at) => killTwice(at, then(at)))).toEqual([]);
  },
);

test('left as a kill leaves it at any point: the same', { timeout: 900_000 }, async () => {
  const corpses = await inFolder((directory) => corpsesOfAll(directory, LIVES_MS[0]));
  expect(corpses.length).toBeGreaterThan(200);
  expect(await judge(corpses, LIVES_MS[1], 'left at point ')).toEqual([]);
});

test('killed again while it recovers, or later: the same', { timeout: 3_600_000 }, async () => {
  const random = seeded(Number(process.env['STEPYARD_SEED'] ?? 6));
  const firsts = await inFolder((directory) => corpsesOfAll(directory, LIVES_MS[0]));
  const wrong: string[] = [];
  const most = isWhole ? PAIRS_OF_A_SWEEP : PAIRS;
  let pairs = 0;
  while (pairs < most) {
    const first = random.pick(firsts);
    if (first === undefined) break;
    // oxlint-disable-next-line no-await-in-loop
    const seconds = await again(first, random);
    pairs += seconds.length;
    // oxlint-disable-next-line no-await-in-loop
    wrong.push(...(await judge(seconds, LIVES_MS[2], `left at point ${first.at}, then at point `)));
  }
  for (const { directory } of firsts) rmSync(directory, { recursive: true, force: true });
  expect(pairs).toBeGreaterThanOrEqual(most);
  expect(wrong).toEqual([]);
});
