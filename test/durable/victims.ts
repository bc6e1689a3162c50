/** Processes that are started to be killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Sources are compiled once, not by every victim: a folder that whoever makes it removes. */
export function makeCompileCache(): string {
  return mkdtempSync(join(tmpdir(), 'stepyard-compiled-'));
}

/** Runs the script to its end, or to its death by SIGKILL; gives what it printed. Rejects when it fails in another way. */
export async function runVictim(
  script: string,
  args: readonly string[],
  compileCache: string,
): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache },
  });
  let printed = '';
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  const [code, signal]: unknown[] = await once(child, 'close');
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`the victim failed: ${complaint}`);
  return printed;
}

/** So many of the points 1 to `count`, evenly spread, each from another place of its stretch: not always the same kind of point. */
export function sampleOf(count: number, most: number): number[] {
  const step = Math.max(1, Math.floor(count / most));
  return Array.from({ length: Math.floor(count / step) }, (_, index) => 1 + index * step + (index % step));
}

/** What is found wrong at the points, so many of them at once. */
export async function inTurns(
  points: readonly number[],
  atOnce: number,
  killAt: (point: number) => Promise<readonly string[]>,
): Promise<string[]> {
  const wrong: string[] = [];
  const left = points.values();
  const some = async (): Promise<void> => {
    for (const at of left) wrong.push(...(await killAt(at)));
  };
  await Promise.all(Array.from({ length: atOnce }, some));
  return wrong;
}
