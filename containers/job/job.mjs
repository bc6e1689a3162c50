// The job that AWS Batch and Fargate run in their workflows: it makes some records and digests them.
//
// Environment: JOB_INPUT is the execution's input as JSON, EXECUTION_ID the execution's ARN, RETRY_COUNT the attempt of the state.
// JOB_INPUT: {"records": 3} how many; {"seconds": 2} how long it takes at least; {"fail": true} makes it fail, with
// {"exitCode": 3} if another exit code than 1 is wanted.
//
// Output: one JSON object a line. Exit codes: 0 done, 1 asked to fail, 2 bad input, 143 told to stop (SIGTERM).
import { createHash } from 'node:crypto';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const RECORDS_MAX = 1_000_000;
const SECONDS_MAX = 3_600;
const EXIT_BAD_INPUT = 2;
const EXIT_STOPPED = 143;

/** Reads JOB_INPUT; throws an Error with one clear line when it is not what the job understands. */
export function readInput(text) {
  let input;
  try {
    input = JSON.parse(text === undefined || text === '' ? '{}' : text);
  } catch (error) {
    throw new Error(`JOB_INPUT is not JSON: ${error.message}`, { cause: error });
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new Error('JOB_INPUT must be a JSON object');
  }
  const { records = 3, seconds = 0, fail = false, exitCode = 1 } = input;
  requireNumber('records', records, Number.isSafeInteger(records), RECORDS_MAX);
  requireNumber('seconds', seconds, Number.isFinite(seconds), SECONDS_MAX);
  requireNumber('exitCode', exitCode, Number.isSafeInteger(exitCode) && exitCode > 0, 255);
  if (typeof fail !== 'boolean') throw new Error('JOB_INPUT.fail must be true or false');
  return { records, seconds, fail, exitCode };
}

function requireNumber(name, value, valid, max) {
  if (!valid || value < 0 || value > max) {
    throw new Error(`JOB_INPUT.${name} must be a number up to ${max}, not ${JSON.stringify(value)}`);
  }
}

/** The work: SHA-256 over `count` generated records. The same count gives the same digest on every machine. */
export function digestRecords(count) {
  const hash = createHash('sha256');
  for (let number = 1; number <= count; number += 1) {
    hash.update(JSON.stringify({ id: `record-${number}`, value: (number * 7919) % 104_729 }));
    hash.update('\n');
  }
  return hash.digest('hex');
}

function log(level, message, fields = {}) {
  const executionId = process.env.EXECUTION_ID;
  process.stdout.write(
    `${JSON.stringify({ time: new Date().toISOString(), level, message, executionId, ...fields })}\n`,
  );
}

async function main() {
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  let input;
  try {
    input = readInput(process.env.JOB_INPUT);
  } catch (error) {
    log('ERROR', error.message);
    return EXIT_BAD_INPUT;
  }
  log('INFO', 'job started', { ...input, retryCount: process.env.RETRY_COUNT });
  try {
    await sleep(input.seconds * 1000, undefined, { signal: stop.signal });
  } catch {
    log('WARN', 'job stopped before its end');
    return EXIT_STOPPED;
  }
  if (input.fail) {
    log('ERROR', 'job failed, as its input asked for', { exitCode: input.exitCode });
    return input.exitCode;
  }
  log('INFO', 'job done', { records: input.records, digest: digestRecords(input.records) });
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await main();
}
