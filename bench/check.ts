/**
 * How many definitions are checked, and compiled, in a second of CPU time: `node bench/check.ts`.
 * The definitions are those of ../shared/definitions where they are present, else this repository's own.
 * The ratio is to JSON.parse of the same texts, which is the least that reading them costs.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, load, parse } from '@stepyard/asl';

const RUNS = 9;
const SECONDS_A_RUN = 0.5;

const root = fileURLToPath(new URL('..', import.meta.url));
const shared = resolve(root, '..', 'shared', 'definitions');

interface Wrapped {
  readonly text?: string;
  readonly definition?: unknown;
}

function texts(): string[] {
  if (!existsSync(shared)) {
    const own = readdirSync(join(root, 'definitions')).filter((name) => name.endsWith('.asl.json'));
    return own.map((name) => readFileSync(join(root, 'definitions', name), 'utf8'));
  }
  return readdirSync(shared).flatMap((folder) =>
    readdirSync(join(shared, folder)).map((name) => {
      const { text, definition }: Wrapped = JSON.parse(readFileSync(join(shared, folder, name), 'utf8'));
      return text ?? JSON.stringify(definition);
    }),
  );
}

/** CPU seconds that one pass over all texts takes: the median of several runs. */
function measure(all: readonly string[], work: (text: string) => unknown): number {
  const runs: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const start = process.cpuUsage();
    let passes = 0;
    let used = 0;
    while (used < SECONDS_A_RUN) {
      for (const text of all) work(text);
      passes += 1;
      const { user, system } = process.cpuUsage(start);
      used = (user + system) / 1e6;
    }
    runs.push(used / passes);
  }
  return runs.toSorted((a, b) => a - b)[RUNS >> 1] ?? Number.NaN;
}

function attempt(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const all = texts();
const characters = all.reduce((sum, text) => sum + text.length, 0);
console.log(`${all.length} definitions, ${Math.round(characters / all.length)} characters each on average`);
const base = measure(all, attempt);
const rows: readonly (readonly [string, (text: string) => unknown])[] = [
  ['JSON.parse', attempt],
  ['parse with places', parse],
  ['check', (text) => check(text)],
  ['check and compile', (text) => load(text)],
];
for (const [name, work] of rows) {
  const seconds = measure(all, work);
  const rate = Math.round(all.length / seconds).toLocaleString('en');
  console.log(`${name.padEnd(20)} ${rate.padStart(9)}/s   ${(seconds / base).toFixed(1)} x JSON.parse`);
}
