import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import {
  BatchService,
  chooseRunner,
  EcsService,
  findContainerEngine,
  ImageRegistry,
  JobPool,
} from '@stepyard/services';
import { BASE_IMAGE_TAG, makeBaseImage } from './make-base-image.ts';

/** What podman needs inside a plain virtual machine; harmless elsewhere. */
const CONTAINER_ARGS = [
  '--security-opt=seccomp=unconfined',
  '--ulimit=nofile=1024:1024',
  '--ulimit=nproc=1024:1024',
];
const IMAGE = 'job-image';
const repository = resolve(import.meta.dirname, '../..');
/** A copy, as CDK stages the asset: tests beside the image are no part of it. */
const context = mkdtempSync(join(tmpdir(), 'stepyard-job-image-'));

let skipReason: string | undefined;
let batch: BatchService | undefined;
let ecs: EcsService | undefined;

beforeAll(async () => {
  const found = await findContainerEngine();
  skipReason = process.platform === 'linux' ? found.reason : 'the base image is made of Linux programs';
  if (skipReason !== undefined || found.engine === undefined) return;
  cpSync(join(repository, 'containers/job'), context, { recursive: true });
  await makeBaseImage(found.engine);
  const images = new ImageRegistry();
  images.register({
    reference: IMAGE,
    assetHash: digestOf(['Dockerfile', 'job.mjs']),
    directory: context,
    dockerfile: 'Dockerfile',
    buildArgs: {},
    target: undefined,
  });
  const runner = await chooseRunner({
    mode: 'container',
    images,
    environment: () => ({}),
    buildArgs: { BASE_IMAGE: BASE_IMAGE_TAG },
    containerArgs: CONTAINER_ARGS,
  });
  const pool = new JobPool({ runner });
  batch = new BatchService({ pool });
  ecs = new EcsService({ pool });
}, 300_000);
afterAll(async () => {
  await batch?.close();
  await ecs?.close();
  rmSync(context, { recursive: true, force: true });
});

/** Another content is another image; the same is not built twice. */
function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(readFileSync(join(context, file)));
  return hash.digest('hex');
}

function needed<T>(service: T | undefined, running: TestContext): T {
  return service ?? running.skip(`no container engine: ${skipReason ?? ''}`);
}

function first(value: Json | undefined): JsonObject {
  const [item] = isArray(value) ? value : [];
  return isObject(item) ? item : {};
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

const NEVER = AbortSignal.any([]);
const CASES = [
  { input: '{"records":3}', succeeds: true, exitCode: 0 },
  { input: '{"fail":true,"exitCode":3}', succeeds: false, exitCode: 3 },
];

for (const { input, succeeds, exitCode } of CASES) {
  test(`Batch runs the job image in a container: ${input}`, async (running) => {
    const service = needed(batch, running);
    await service.call('CreateJobQueue', { jobQueueName: `queue-${exitCode}` });
    await service.call('RegisterJobDefinition', {
      jobDefinitionName: 'job',
      type: 'container',
      containerProperties: { image: IMAGE, readonlyRootFilesystem: true, user: '1000:1000' },
    });
    const { output } = await service.call('SubmitJob', {
      jobName: 'job',
      jobQueue: `queue-${exitCode}`,
      jobDefinition: 'job',
      containerOverrides: { environment: [{ name: 'JOB_INPUT', value: input }] },
    });
    const id = text(output['jobId']);
    let job: JsonObject = {};
    while (job['stoppedAt'] === undefined) {
      if (job['status'] !== undefined) await service.whenJobChanged(id, NEVER);
      job = first((await service.call('DescribeJobs', { jobs: [id] })).output['jobs']);
    }
    expect(job).toMatchObject({ status: succeeds ? 'SUCCEEDED' : 'FAILED', container: { exitCode } });
    expect(service.logs(id)?.length).toBeGreaterThan(0);
  });

  test(`ECS runs the job image in a container: ${input}`, async (running) => {
    const service = needed(ecs, running);
    await service.call('CreateCluster', { clusterName: 'cluster' });
    await service.call('RegisterTaskDefinition', {
      family: 'job',
      containerDefinitions: [{ name: 'job', image: IMAGE, readonlyRootFilesystem: true }],
    });
    const { output } = await service.call('RunTask', {
      cluster: 'cluster',
      taskDefinition: 'job',
      overrides: {
        containerOverrides: [{ name: 'job', environment: [{ name: 'JOB_INPUT', value: input }] }],
      },
    });
    const arn = text(first(output['tasks'])['taskArn']);
    let task: JsonObject = {};
    while (task['lastStatus'] !== 'STOPPED') {
      if (task['lastStatus'] !== undefined) await service.whenJobChanged(arn, NEVER);
      const described = await service.call('DescribeTasks', { cluster: 'cluster', tasks: [arn] });
      task = first(described.output['tasks']);
    }
    expect(task).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode }] });
    expect(service.logs(arn)?.length).toBeGreaterThan(0);
  });
}
