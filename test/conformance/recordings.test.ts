// Runs the histories and answers recorded on AWS against a yard of this repository. They are kept beside it, not in it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startYard } from '@stepyard/server';
import known from './known-differences.json' with { type: 'json' };

const RUNNER = resolve(import.meta.dirname, '../../../shared/conformance/run.mjs');
const isPresent = existsSync(RUNNER);

/** All that a case may need. */
const NEEDS = [
  'pure',
  'lambda',
  'activity',
  's3',
  'logs',
  'sqs',
  'dynamodb',
  'states',
  'sns',
  'events',
  'secretsmanager',
  'account2',
  'apigateway',
];

interface Result {
  readonly id: string;
  readonly area: string;
  /** `pass`: every recorded field; `lenient`: all but texts of causes, headers and the like. */
  readonly status: 'pass' | 'lenient' | 'fail' | 'error' | 'skipped';
}

async function runRecordings(): Promise<readonly Result[]> {
  const yard = await startYard({ jobs: 'process' });
  const directory = await mkdtemp(join(tmpdir(), 'stepyard-recordings-'));
  const run = async (more: readonly string[]): Promise<readonly Result[]> => {
    const report = join(directory, 'report.json');
    const args = [
      RUNNER,
      '--endpoint',
      yard.origin,
      '--needs',
      NEEDS.join(),
      '--skip-suspect',
      '--json',
      report,
    ];
    await promisify(execFile)(process.execPath, [...args, ...more], { maxBuffer: 16_000_000 });
    const { results }: { results: Result[] } = JSON.parse(await readFile(report, 'utf8'));
    return results;
  };
  try {
    const results = await run(['--concurrency', '4']);
    const late = results.filter((result) => IN_A_SECOND.test(result.id) && isWorse(result));
    if (late.length === 0) return results;
    const ids = join(directory, 'late.json');
    await writeFile(ids, JSON.stringify(late.map(({ id }) => id)));
    const again = await run(['--ids', ids, '--concurrency', '1']);
    const retried = new Map(again.map((result) => [result.id, result]));
    return results.map((result) => retried.get(result.id) ?? result);
  } finally {
    await yard.close();
    await rm(directory, { recursive: true });
  }
}

/**
 * These give a function one second, which its first start may take on a busy machine: they are tried once more, alone, and where more
 * than two processes wait for each core they are not judged.
 */
const IN_A_SECOND = /^evaluate_jsonata\/.*-(?:heartbeat|timeout)-seconds-/u;

function isBusy(): boolean {
  return (loadavg()[0] ?? 0) > 2 * availableParallelism();
}

/** `area  run  strict  lenient`, a line each. */
function figures(results: readonly Result[]): string {
  const run = results.filter(({ status }) => status !== 'skipped');
  const line = (area: string, of: readonly Result[]): string => {
    const strict = of.filter(({ status }) => status === 'pass').length;
    const lenient = strict + of.filter(({ status }) => status === 'lenient').length;
    return [area.padEnd(26), of.length, strict, lenient].join('\t');
  };
  const areas = Map.groupBy(run, ({ area }) => area);
  const lines = [...areas]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([area, of]) => line(area, of));
  return ['area                      \trun\tstrict\tlenient', ...lines, line('all', run)].join('\n');
}

/**
 * known-differences.json says why each of the few differs: `lenient` in texts, headers or durations, `none` in more. A case that does
 * better than it says is no failure, for some do now and then; whoever makes it so for good takes it off the list.
 */
const MAY_FAIL = new Set(known.flatMap(({ none }) => none ?? []));
const MAY_BE_LENIENT = new Set([...MAY_FAIL, ...known.flatMap(({ lenient }) => lenient ?? [])]);

function isWorse({ id, status }: Result): boolean {
  if (status === 'pass' || status === 'skipped') return false;
  return status === 'lenient' ? !MAY_BE_LENIENT.has(id) : !MAY_FAIL.has(id);
}

test.runIf(isPresent)(
  'recorded cases that passed still pass (skipped where ../shared/conformance is not there)',
  { timeout: 300_000 },
  async () => {
    const results = await runRecordings();
    console.info(figures(results));
    const ids = new Set(results.map(({ id }) => id));
    expect([...MAY_BE_LENIENT].filter((id) => !ids.has(id))).toEqual([]);
    const judged = results.filter(({ id }) => !isBusy() || !IN_A_SECOND.test(id));
    expect(judged.filter(isWorse).map(({ id, status }) => `${status} ${id}`)).toEqual([]);
  },
);
