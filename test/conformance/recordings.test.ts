// Runs the histories and answers recorded on AWS against a yard of this repository. They are kept beside it, not in it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startYard } from '@stepyard/server';
import known from './known-differences.json' with { type: 'json' };

const RUNNER = resolve(import.meta.dirname, '../../../shared/conformance/run.mjs');
const isPresent = existsSync(RUNNER);

const AREAS = [
  'activities',
  'arguments',
  'assign',
  'base',
  'callback',
  'context_object',
  'error_handling',
  'evaluate_jsonata',
  'express',
  'local_mocking',
  'outputdecl',
  'query_language',
  'scenarios',
  'services',
  'states_variables',
  'timeouts',
];
const NEEDS = ['pure', 'lambda', 'activity', 'sqs', 'dynamodb', 'states', 'sns', 'events', 's3'];

interface Result {
  readonly id: string;
  /** `pass`: every recorded field; `lenient`: all but texts of causes, headers and the like. */
  readonly status: 'pass' | 'lenient' | 'fail' | 'error' | 'skipped';
}

async function runRecordings(): Promise<readonly Result[]> {
  const yard = await startYard({ jobs: 'process' });
  const directory = await mkdtemp(join(tmpdir(), 'stepyard-recordings-'));
  try {
    const report = join(directory, 'report.json');
    const selection = [
      '--area',
      AREAS.join(),
      '--needs',
      NEEDS.join(),
      '--skip-suspect',
      '--concurrency',
      '4',
    ];
    const args = [RUNNER, '--endpoint', yard.origin, ...selection, '--json', report];
    await promisify(execFile)(process.execPath, args, { maxBuffer: 16_000_000 });
    const { results }: { results: Result[] } = JSON.parse(await readFile(report, 'utf8'));
    return results;
  } finally {
    await yard.close();
    await rm(directory, { recursive: true });
  }
}

/**
 * known-differences.json names the few that may differ: `lenient` in texts, headers or durations, `none` in more. A case that
 * does better than it says is no failure; whoever makes it so takes it off the list.
 */
const MAY_BE_LENIENT = new Set([...known.lenient, ...known.none]);
const MAY_FAIL = new Set(known.none);

test.runIf(isPresent)(
  'recorded cases that passed still pass (skipped where ../shared/conformance is not there)',
  { timeout: 120_000 },
  async () => {
    const results = await runRecordings();
    expect(results.length).toBeGreaterThan(250);
    const worse = results.filter(({ id, status }) => {
      if (status === 'pass' || status === 'skipped') return false;
      return status === 'lenient' ? !MAY_BE_LENIENT.has(id) : !MAY_FAIL.has(id);
    });
    expect(worse.map(({ id, status }) => `${status} ${id}`)).toEqual([]);
  },
);
