/** Every operation of Batch as SDK v3 calls it. */
import {
  BatchClient,
  CancelJobCommand,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  CreateSchedulingPolicyCommand,
  DeregisterJobDefinitionCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  ListJobsCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TerminateJobCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { JobPool } from '../jobs/job-pool.ts';
import { NODE_DOCKERFILE, TestImages } from '../jobs/test-images.ts';
import { clientOptions, recordOperations, serve } from '../wire/test-server.ts';
import { BatchService } from './batch.ts';

const images = new TestImages();
const image = images.add('node', NODE_DOCKERFILE);
let batch: BatchService;
let client: BatchClient;
let server: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  batch = new BatchService({ pool: new JobPool({ runner: images.runner() }) });
  server = await serve(batch);
  client = new BatchClient(clientOptions(server.origin));
});
afterAll(async () => {
  client.destroy();
  await server.close();
  await batch.close();
  images.remove();
});

test('every listed operation', async () => {
  const called = recordOperations(client);
  const computeEnvironment = 'env';
  await client.send(
    new CreateComputeEnvironmentCommand({ computeEnvironmentName: computeEnvironment, type: 'MANAGED' }),
  );
  await client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: 'ENABLED' }));
  const environments = await client.send(new DescribeComputeEnvironmentsCommand({}));
  expect(environments.computeEnvironments).toMatchObject([
    { computeEnvironmentName: 'env', state: 'ENABLED' },
  ]);
  const jobQueue = 'queue';
  const computeEnvironmentOrder = [{ order: 1, computeEnvironment }];
  await client.send(
    new CreateJobQueueCommand({ jobQueueName: jobQueue, priority: 1, computeEnvironmentOrder }),
  );
  await client.send(new UpdateJobQueueCommand({ jobQueue, priority: 2 }));
  const queues = await client.send(new DescribeJobQueuesCommand({ jobQueues: [jobQueue] }));
  expect(queues.jobQueues).toMatchObject([{ jobQueueName: 'queue', priority: 2 }]);
  const registered = await client.send(
    new RegisterJobDefinitionCommand({
      jobDefinitionName: 'sleeps',
      type: 'container',
      containerProperties: { image, command: ['setTimeout(() => {}, 60_000)'] },
    }),
  );
  expect(registered.revision).toBe(1);
  const definitions = await client.send(new DescribeJobDefinitionsCommand({ jobDefinitionName: 'sleeps' }));
  expect(definitions.jobDefinitions).toMatchObject([{ revision: 1, status: 'ACTIVE' }]);

  const job = { jobName: 'j', jobQueue, jobDefinition: 'sleeps' };
  const { jobId } = await client.send(new SubmitJobCommand(job));
  const later = await client.send(new SubmitJobCommand({ ...job, dependsOn: [{ jobId }] }));
  await client.send(new CancelJobCommand({ jobId: later.jobId, reason: 'not wanted' }));
  await client.send(new TerminateJobCommand({ jobId, reason: 'enough' }));
  await vi.waitFor(
    async () => {
      const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [jobId ?? '', later.jobId ?? ''] }));
      expect(jobs?.map(({ status }) => status)).toEqual(['FAILED', 'FAILED']);
    },
    { timeout: 20_000 },
  );
  const failed = await client.send(new ListJobsCommand({ jobQueue, jobStatus: 'FAILED' }));
  expect(failed.jobSummaryList).toHaveLength(2);
  await client.send(new DeregisterJobDefinitionCommand({ jobDefinition: 'sleeps:1' }));
  expect([...called].toSorted()).toEqual([...batch.operations].toSorted());
});

test('what is not listed is refused by name, what is missing as Batch says it', async () => {
  await expect(client.send(new CreateSchedulingPolicyCommand({ name: 'fair' }))).rejects.toMatchObject({
    name: 'StepyardOperationNotHosted',
    $metadata: { httpStatusCode: 501 },
  });
  const none = new SubmitJobCommand({ jobName: 'j', jobQueue: 'none', jobDefinition: 'none' });
  await expect(client.send(none)).rejects.toMatchObject({ name: 'ClientException' });
});
