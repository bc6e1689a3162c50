import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '../options.ts';
import { pruneRuns } from './prune.ts';

const PARENT = '.stepyard';

/** The folder for everything that is kept: the given one, or a fresh one in `.stepyard/`, where old ones go. Throws {@link UsageError}. */
export function makeDataDir(given: string | undefined): string {
  const path = given === undefined ? freshName(resolve(PARENT), new Date()) : resolve(given);
  if (given === undefined) pruneRuns(resolve(PARENT));
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`The data folder ${path} cannot be made (${code}): choose another with --data.`);
  }
  return path;
}

/** A name that is not taken yet. */
export function freshName(parent: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/gu, '').replace('T', '-');
  const base = join(parent, `showcase-${stamp}`);
  // Two in one second: the number keeps them apart.
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!existsSync(name)) return name;
  }
}
