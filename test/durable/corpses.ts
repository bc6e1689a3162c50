/**
 * What a process leaves behind when it is killed at a point: its files, as they are then. SQLite writes to the file as it goes, and the
 * operating system keeps what was written, whoever dies: so a copy that is made at the point, while the process stands still, is what
 * SIGKILL would have left there, without a process for every point. (That a real kill leaves no less is what victims are for.)
 */
import { cpSync, existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '@stepyard/engine';
import { crashAtWrites } from './crash-points.ts';
import { play } from './scenario.ts';
import type { Seeded } from './seeded.ts';

let atPoint: () => void = () => undefined;
let isWatched = false;

/** In memory, where there is room: what a kill leaves does not depend on the disk, and nobody has to wait for one. */
export function makeFolder(): string {
  return mkdtempSync(join(hasRoom(MEMORY) ? MEMORY : tmpdir(), 'stepyard-sweep-'));
}

const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 29;

function hasRoom(directory: string): boolean {
  if (!existsSync(directory)) return false;
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize > ROOM_BYTES;
}

export interface Corpse {
  /** Of the point at which it was made, from 1. */
  readonly at: number;
  readonly directory: string;
}

/** A copy of the folder, under the numbers of the points at which its owner died. The one who asked for it removes it. */
function copyOf(directory: string, at: number): Corpse {
  const copy = makeFolder();
  cpSync(directory, copy, { recursive: true });
  return { at, directory: copy };
}

/** Plays the scenario from what is in the folder, and calls `point` at every point on the way, the opening of the journal among them. */
async function playWatched(
  directory: string,
  startMs: number,
  point: () => void,
): Promise<readonly string[]> {
  if (!isWatched) crashAtWrites(() => atPoint());
  isWatched = true;
  atPoint = point;
  try {
    return await play(
      openSqliteStore({ path: join(directory, 'journal.sqlite') }),
      directory,
      startMs,
      point,
    );
  } finally {
    atPoint = () => undefined;
  }
}

/** Plays on; gives a corpse for every point. */
export async function corpsesOfAll(directory: string, startMs: number): Promise<Corpse[]> {
  const corpses: Corpse[] = [];
  await playWatched(directory, startMs, () => corpses.push(copyOf(directory, corpses.length + 1)));
  return corpses;
}

/** Plays on; gives corpses of so many points, each point as likely as any other. */
export async function corpsesOfSome(
  directory: string,
  startMs: number,
  many: number,
  random: Seeded,
): Promise<Corpse[]> {
  const chosen: Corpse[] = [];
  let passed = 0;
  await playWatched(directory, startMs, () => {
    passed++;
    const place = passed <= many ? passed - 1 : random.below(passed);
    if (place >= many) return;
    const former = chosen[place];
    if (former !== undefined) rmSync(former.directory, { recursive: true, force: true });
    chosen[place] = copyOf(directory, passed);
  });
  return chosen;
}
