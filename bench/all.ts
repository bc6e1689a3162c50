/** Runs every benchmark of this folder, one after the other, each in a process of its own: `npm run bench`. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const NO_BENCHMARKS = new Set(['all.ts', 'measure.ts']);

for (const file of readdirSync(import.meta.dirname).toSorted()) {
  if (!file.endsWith('.ts') || NO_BENCHMARKS.has(file)) continue;
  console.log(`\n${file}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file)], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
