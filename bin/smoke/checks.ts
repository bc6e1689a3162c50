import { randomUUID } from 'node:crypto';
import type { UseCase } from '../../lib/outputs.ts';
import { OUTPUT } from '../../lib/outputs.ts';
import { answerQuestion } from '../worker/answer.ts';
import { workUntilStopped } from '../worker/poll.ts';
import { activityService } from '../worker/step-functions.ts';
import type { Ended, Executions } from './executions.ts';
import { notified } from './notifications.ts';
import type { DeployedStack } from './outputs.ts';

/** Runs one deployed use case. Resolves when it did what it should; rejects with what it did instead. */
export type Check = (stack: DeployedStack, executions: Executions) => Promise<string>;

const NOTIFICATION_TIMEOUT_MS = 120_000;

export const CHECKS: Readonly<Record<UseCase, Check>> = {
  'batch-job-notification': checkJob,
  'fargate-task-notification': checkJob,
  'transfer-records': async (stack, executions) => {
    const machineArn = stack.output(OUTPUT.stateMachineArn);
    const ended = await executions.run(machineArn, { source: { records: someRecords(), key: 'id' } });
    expectStatus(ended, 'SUCCEEDED');
    await expectNotification(stack, ended);
    return `records transferred: ${JSON.stringify(ended.output)}`;
  },
  'transfer-records-express': async (stack, executions) => {
    const batch = await executions.runSync(stack.output(OUTPUT.stateMachineArn), { startKey: null });
    expectStatus(batch, 'SUCCEEDED');
    const parentArn = stack.output(OUTPUT.parentStateMachineArn);
    const ended = await executions.run(parentArn, { source: { records: someRecords(), key: 'id' } });
    expectStatus(ended, 'SUCCEEDED');
    await expectNotification(stack, ended);
    return `records transferred in batches: ${JSON.stringify(ended.output)}`;
  },
  'state-tour': checkTours,
};

/** A job that succeeds ends SUCCEEDED, one that fails FAILED, and both are told. */
async function checkJob(stack: DeployedStack, executions: Executions): Promise<string> {
  const machineArn = stack.output(OUTPUT.stateMachineArn);
  const [succeeded, failed] = await Promise.all([
    executions.run(machineArn, { records: 3 }),
    executions.run(machineArn, { fail: true }),
  ]);
  expectStatus(succeeded, 'SUCCEEDED');
  expectStatus(failed, 'FAILED');
  await expectNotification(stack, succeeded);
  await expectNotification(stack, failed);
  return 'a job succeeded, a job failed, both were told';
}

/** Both tours, with a worker in this process. */
async function checkTours(stack: DeployedStack, executions: Executions): Promise<string> {
  const stop = new AbortController();
  const worker = workUntilStopped({
    service: activityService({
      activityArn: stack.output(OUTPUT.activityArn),
      workerName: 'smoke',
      endpoint: undefined,
    }),
    answer: answerQuestion,
    heartbeatMs: 20_000,
    stop: stop.signal,
    log: () => undefined,
  });
  try {
    for (const key of [OUTPUT.stateMachineArn, OUTPUT.jsonataStateMachineArn]) {
      const ended = await executions.run(stack.output(key), { name: 'Ada', numbers: [1, 2, 3] });
      expectStatus(ended, 'SUCCEEDED');
    }
  } finally {
    stop.abort();
    await worker;
  }
  return 'both tours were taken';
}

/** Records nobody has seen before: what was sent a minute ago would be dropped as a duplicate. */
function someRecords(): { id: string; value: number }[] {
  const run = randomUUID();
  return Array.from({ length: 20 }, (_, value) => ({ id: `smoke-${run}-${value}`, value }));
}

function expectStatus(ended: Ended, status: string): void {
  if (ended.status === status) return;
  throw new Error(
    `${ended.executionArn} ended ${ended.status} (${ended.error ?? 'no error'}) instead of ${status}`,
  );
}

async function expectNotification(stack: DeployedStack, { executionArn }: Ended): Promise<void> {
  const queueUrl = stack.output(OUTPUT.notificationQueueUrl);
  if (await notified(queueUrl, executionArn, NOTIFICATION_TIMEOUT_MS)) return;
  throw new Error(`no notification of ${executionArn} within ${NOTIFICATION_TIMEOUT_MS / 1000} s`);
}
