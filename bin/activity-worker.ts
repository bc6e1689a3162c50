// A worker for the state tour's activity. It runs anywhere that can call Step Functions: on a laptop, a server, in a
// container. It asks for a question, answers it, and asks again, until it is stopped with Ctrl-C or SIGTERM.
//
//   npm run worker -- --activity-arn ARN [--endpoint http://127.0.0.1:4566] [--worker-name NAME]
//
// `npm run` has the Node of the lock file; with Node 24 of your own, `node bin/activity-worker.ts` does the same.
import { hostname } from 'node:os';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { answerQuestion } from './worker/answer.ts';
import { workUntilStopped } from './worker/poll.ts';
import { activityService } from './worker/step-functions.ts';

const USAGE = 'usage: npm run worker -- --activity-arn ARN [--endpoint URL] [--worker-name NAME]';
/** A third of what the tour's state allows between two heartbeats. */
const HEARTBEAT_MS = 20_000;
const EXIT_USAGE = 2;

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

function readArguments(): { activityArn: string; endpoint: string | undefined; workerName: string } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'activity-arn': { type: 'string' },
      endpoint: { type: 'string' },
      'worker-name': { type: 'string' },
    },
  });
  const activityArn = values['activity-arn'] ?? positionals[0] ?? '';
  if (!/^arn:[^:]+:states:[^:]+:\d{12}:activity:.+$/u.test(activityArn) || positionals.length > 1) {
    throw new TypeError(activityArn === '' ? 'which activity?' : `${activityArn} is no ARN of an activity`);
  }
  const workerName = values['worker-name'] ?? `${hostname()}-${process.pid}`;
  return { activityArn, endpoint: values.endpoint, workerName: workerName.slice(0, 80) };
}

async function main(): Promise<number> {
  let connection;
  try {
    connection = readArguments();
  } catch (error) {
    log(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
    return EXIT_USAGE;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  log(`${connection.workerName} waits for work at ${connection.activityArn}`);
  try {
    const answered = await workUntilStopped({
      service: activityService(connection),
      answer: answerQuestion,
      heartbeatMs: HEARTBEAT_MS,
      stop: stop.signal,
      log,
    });
    log(`stopped; answered ${answered}`);
    return 0;
  } catch (error) {
    log(`cannot ask for work: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`);
    return 1;
  }
}

process.exitCode = await main();
