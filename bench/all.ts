/**
 * Runs the benchmarks, one after the other, each in a process of its own: `npm run bench -- [--only=TEXT] [--short]`. Those of the
 * interpreter, the engine and the yard come first; `--only` keeps the rows whose name has the text in it.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FIRST = ['core.ts', 'engine.ts', 'http.ts', 'waiting.ts', 'growth.ts'];
const NO_BENCHMARKS = new Set([
  'all.ts',
  'floor-server.ts',
  'measure.ts',
  'notes.ts',
  'report.ts',
  'workloads.ts',
]);

const words = process.argv.slice(2);
const others = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !NO_BENCHMARKS.has(file) && !FIRST.includes(file))
  .toSorted();
// The rest have other rows, and know no `--only`.
const files = words.some((word) => word.startsWith('--only=')) ? FIRST : [...FIRST, ...others];

for (const file of files) {
  console.log(`\n${file}`);
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, file), ...words], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
