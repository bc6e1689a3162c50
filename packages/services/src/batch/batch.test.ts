import {
  BatchClient,
  DescribeJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
} from '@aws-sdk/client-batch';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '@stepyard/asl';
import { JobPool } from '../jobs/job-pool.ts';
import { NODE_DOCKERFILE, TestImages } from '../jobs/test-images.ts';
import type { LogRecord } from '../service.ts';
import { clientOptions, serve } from '../wire/test-server.ts';
import { BatchService } from './batch.ts';

const images = new TestImages();
const NODE = images.add('node', NODE_DOCKERFILE);
afterAll(() => images.remove());

let batch: BatchService;
let records: LogRecord[];

function serviceWith(options: Partial<ConstructorParameters<typeof JobPool>[0]> = {}): BatchService {
  const pool = new JobPool({ runner: images.runner(), ...options });
  return new BatchService({ pool, log: (record) => records.push(record), finishedMax: 3 });
}

beforeEach(async () => {
  records = [];
  batch = serviceWith();
  await prepare(batch);
});
afterEach(() => batch.close());

async function call(operation: string, input: JsonObject): Promise<JsonObject> {
  const { output } = await batch.call(operation, input);
  return output;
}

async function prepare(service: BatchService): Promise<void> {
  await service.call('CreateComputeEnvironment', { computeEnvironmentName: 'fargate', type: 'MANAGED' });
  await service.call('CreateJobQueue', {
    jobQueueName: 'queue',
    priority: 1,
    computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'fargate' }],
  });
}

async function register(name: string, script: string, more: JsonObject = {}): Promise<void> {
  await call('RegisterJobDefinition', {
    jobDefinitionName: name,
    type: 'container',
    containerProperties: {
      image: NODE,
      command: [script],
      environment: [{ name: 'FROM_DEFINITION', value: 'd' }],
      resourceRequirements: [{ type: 'MEMORY', value: '512' }],
    },
    ...more,
  });
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

async function submit(definition: string, more: JsonObject = {}): Promise<string> {
  const output = await call('SubmitJob', {
    jobName: 'job',
    jobQueue: 'queue',
    jobDefinition: definition,
    ...more,
  });
  return text(output['jobId']);
}

interface Described {
  status: string;
  statusReason: string;
  isTerminated: boolean;
  isCancelled: boolean;
  attempts: { statusReason: string; container: { exitCode?: number; reason?: string } }[];
  container: { exitCode?: number; logStreamName: string; reason?: string };
}

async function job(id: string): Promise<Described> {
  const output = await call('DescribeJobs', { jobs: [id] });
  return (output['jobs'] as unknown as Described[])[0] as Described;
}

async function ended(id: string): Promise<Described> {
  const never = AbortSignal.any([]);
  for (;;) {
    const described = await job(id);
    if (described.status === 'SUCCEEDED' || described.status === 'FAILED') return described;
    await batch.whenJobChanged(id, never);
  }
}

async function running(id: string): Promise<void> {
  while ((await job(id)).status !== 'RUNNING') await batch.whenJobChanged(id, AbortSignal.any([]));
}

function printed(id: string): string {
  return (batch.logs(id) ?? []).map((line) => line.message).join('\n');
}

const SLEEP = 'setTimeout(() => {}, 60_000)';

describe('a job', () => {
  test('runs and succeeds, with what its definition and its submission say', async () => {
    await register('def', 'console.log(JSON.stringify([process.argv.at(-1), process.env]))', {
      parameters: { who: 'nobody', other: 'x' },
    });
    const id = await submit('def', {
      parameters: { who: 'Ada' },
      containerOverrides: {
        command: [
          'console.log(JSON.stringify([process.argv.slice(1), process.env]))',
          'to-Ref::who',
          'Ref::no',
        ],
        environment: [{ name: 'OWN', value: '1' }],
      },
    });
    expect(await ended(id)).toMatchObject({
      jobName: 'job',
      jobQueue: 'arn:aws:batch:us-east-1:000000000000:job-queue/queue',
      jobDefinition: 'arn:aws:batch:us-east-1:000000000000:job-definition/def:1',
      status: 'SUCCEEDED',
      statusReason: 'Essential container in task exited',
      container: {
        exitCode: 0,
        logStreamName: expect.stringMatching(/^def\/default\/[0-9a-f]{32}$/u) as string,
        environment: [
          { name: 'FROM_DEFINITION', value: 'd' },
          { name: 'OWN', value: '1' },
        ],
      },
      attempts: [{ container: { exitCode: 0 }, statusReason: 'Essential container in task exited' }],
    });
    const [args, environment] = JSON.parse(printed(id)) as [string[], Record<string, string>];
    expect(args).toEqual(['to-Ada', 'Ref::no']);
    expect(environment).toMatchObject({
      OWN: '1',
      AWS_BATCH_JOB_ID: id,
      AWS_BATCH_JOB_ATTEMPT: '1',
      AWS_BATCH_JQ_NAME: 'queue',
      AWS_BATCH_CE_NAME: 'fargate',
    });
    expect(records).toEqual([
      {
        source: 'batch',
        logGroup: '/aws/batch/job',
        logStream: expect.stringMatching(/^def\/default\/[0-9a-f]{32}$/u) as string,
        message: printed(id),
      },
    ]);
  });

  test('is tried again as often as its retry strategy says', async () => {
    const script = 'process.exit(process.env.AWS_BATCH_JOB_ATTEMPT === "3" ? 0 : 5)';
    await register('def', script, { retryStrategy: { attempts: 3 } });
    const described = await ended(await submit('def'));
    expect(described.status).toBe('SUCCEEDED');
    expect(described.attempts.map((attempt) => attempt.container.exitCode)).toEqual([5, 5, 0]);
    const failed = await ended(await submit('def', { retryStrategy: { attempts: 2 } }));
    expect(failed).toMatchObject({ status: 'FAILED', statusReason: 'Essential container in task exited' });
    expect(failed.attempts).toHaveLength(2);
  });

  test('the first matching rule of evaluateOnExit decides', async () => {
    await register('def', 'process.exit(5)', {
      retryStrategy: {
        attempts: 3,
        evaluateOnExit: [
          { onReason: 'CannotPull*', action: 'RETRY' },
          { onExitCode: '5', action: 'EXIT' },
        ],
      },
    });
    expect((await ended(await submit('def'))).attempts).toHaveLength(1);
  });

  test('that takes too long is stopped and not tried again', async () => {
    await batch.close();
    batch = serviceWith({ runtimeMsMax: 300 });
    await prepare(batch);
    await register('def', SLEEP, { retryStrategy: { attempts: 3 }, timeout: { attemptDurationSeconds: 60 } });
    const described = await ended(await submit('def'));
    expect(described).toMatchObject({
      status: 'FAILED',
      statusReason: 'Job attempt duration exceeded timeout',
      attempts: [{ statusReason: 'Job attempt duration exceeded timeout' }],
    });
  });

  test('whose image nobody has fails, and never pretends', async () => {
    await call('RegisterJobDefinition', {
      jobDefinitionName: 'def',
      type: 'container',
      containerProperties: { image: 'busybox' },
    });
    expect(await ended(await submit('def'))).toMatchObject({
      status: 'FAILED',
      statusReason: 'Task failed to start',
      container: { reason: expect.stringMatching(/^CannotPullContainerError: busybox/u) as string },
    });
  });

  test('can be terminated while it runs', async () => {
    await register('def', SLEEP, { retryStrategy: { attempts: 3 } });
    const id = await submit('def');
    await running(id);
    await call('TerminateJob', { jobId: id, reason: 'Stopped by Step Functions' });
    expect(await ended(id)).toMatchObject({
      status: 'FAILED',
      statusReason: 'Stopped by Step Functions',
      isTerminated: true,
      container: { exitCode: 143 },
    });
  });

  test('can be cancelled before it starts, and only then', async () => {
    await batch.close();
    batch = serviceWith({ concurrencyMax: 1 });
    await prepare(batch);
    await register('def', SLEEP);
    const [first, second] = [await submit('def'), await submit('def')];
    await running(first);
    await call('CancelJob', { jobId: first, reason: 'no' });
    await call('CancelJob', { jobId: second, reason: 'not needed' });
    expect(await ended(second)).toMatchObject({
      status: 'FAILED',
      statusReason: 'not needed',
      isCancelled: true,
      attempts: [],
    });
    expect((await job(first)).status).toBe('RUNNING');
  });

  test('waits for the jobs that it depends on, and fails with them', async () => {
    await register('good', 'setTimeout(() => console.log(Date.now()), 50)');
    await register('bad', 'process.exit(1)');
    const first = await submit('good');
    const second = await submit('good', { dependsOn: [{ jobId: first }] });
    expect((await job(second)).status).toBe('PENDING');
    await ended(second);
    expect(Number(printed(second))).toBeGreaterThan(Number(printed(first)));
    const failing = await submit('bad');
    const dependent = await submit('good', { dependsOn: [{ jobId: failing }] });
    expect(await ended(dependent)).toMatchObject({ status: 'FAILED', statusReason: 'Dependent Job failed' });
  });

  test('is forgotten when enough others have finished after it', async () => {
    await register('def', '1');
    const first = await submit('def');
    await ended(first);
    for (let i = 0; i < 3; i += 1) await ended(await submit('def'));
    expect((await call('DescribeJobs', { jobs: [first] }))['jobs']).toEqual([]);
    expect(batch.logs(first)).toBeUndefined();
  });
});

describe('requests', () => {
  test('definitions have revisions; the latest active one is taken by name', async () => {
    await register('def', '1');
    await register('def', '2');
    await call('DeregisterJobDefinition', { jobDefinition: 'def:2' });
    await ended(await submit('def'));
    const { jobDefinitions } = await call('DescribeJobDefinitions', { jobDefinitionName: 'def' });
    expect(jobDefinitions).toMatchObject([
      { revision: 1, status: 'ACTIVE', containerProperties: { command: ['1'] } },
      { revision: 2, status: 'INACTIVE' },
    ]);
  });

  test.each([
    ['SubmitJob', { jobName: 'j', jobQueue: 'no', jobDefinition: 'def' }, 'Job Queue no does not exist'],
    [
      'SubmitJob',
      { jobName: 'j', jobQueue: 'queue', jobDefinition: 'no' },
      'Job definition no does not exist',
    ],
    ['SubmitJob', { jobName: 'a b', jobQueue: 'queue', jobDefinition: 'def' }, 'Invalid jobName: a b'],
    [
      'SubmitJob',
      { jobName: 'j', jobQueue: 'queue', jobDefinition: 'def', timeout: { attemptDurationSeconds: 59 } },
      'attemptDurationSeconds must be at least 60.',
    ],
    [
      'SubmitJob',
      { jobName: 'j', jobQueue: 'queue', jobDefinition: 'def', retryStrategy: { attempts: 11 } },
      'Job attempts must be between 1 and 10.',
    ],
    [
      'SubmitJob',
      { jobName: 'j', jobQueue: 'queue', jobDefinition: 'def', arrayProperties: { size: 2 } },
      "Stepyard's batch:SubmitJob does not support arrayProperties.",
    ],
    [
      'RegisterJobDefinition',
      { jobDefinitionName: 'x', type: 'multinode', nodeProperties: { numNodes: 2 } },
      "Stepyard's batch:RegisterJobDefinition does not support nodeProperties.",
    ],
    ['CreateJobQueue', { jobQueueName: 'queue' }, 'Object already exists'],
    ['DeleteJobQueue', { jobQueue: 'queue' }, 'Stepyard does not host batch:DeleteJobQueue.'],
    [
      'SubmitJob',
      {
        jobName: 'j',
        jobQueue: 'queue',
        jobDefinition: 'def',
        containerOverrides: { environment: [{ name: 'BIG', value: 'x'.repeat(30_720) }] },
      },
      "The job's command and environment are longer than 30720 characters.",
    ],
  ])('%s refuses %j', async (operation, input, message) => {
    await register('def', '1');
    await expect(call(operation, input)).rejects.toThrow(message);
  });

  test('are understood as the SDK sends them, errors included', async () => {
    const server = await serve(batch);
    const client = new BatchClient(clientOptions(server.origin));
    await client.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: 'sdk',
        type: 'container',
        containerProperties: { image: NODE, command: ['console.log("sdk")'] },
      }),
    );
    const { jobId = '' } = await client.send(
      new SubmitJobCommand({ jobName: 'j', jobQueue: 'queue', jobDefinition: 'sdk' }),
    );
    await ended(jobId);
    const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [jobId] }));
    expect(jobs?.[0]?.status).toBe('SUCCEEDED');
    await expect(
      client.send(new SubmitJobCommand({ jobName: 'j', jobQueue: 'no', jobDefinition: 'sdk' })),
    ).rejects.toMatchObject({ name: 'ClientException', message: 'Job Queue no does not exist' });
    client.destroy();
    await server.close();
  });
});
