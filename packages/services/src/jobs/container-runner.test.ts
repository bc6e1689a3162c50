import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import { textOf } from '../assembly/assets.ts';
import { objectsOf } from '../assembly/members.ts';
import { BatchService } from '../batch/batch.ts';
import { EcsService } from '../ecs/ecs.ts';
import { findContainerEngine, runEngine, type ContainerEngine } from './container-engine.ts';
import { ContainerRunner } from './container-runner.ts';
import { JobPool } from './job-pool.ts';
import { TestImages } from './test-images.ts';

/** What podman needs inside a plain virtual machine; tried when a container does not start without. */
const VM_ARGS = [
  '--security-opt=seccomp=unconfined',
  '--ulimit=nofile=1024:1024',
  '--ulimit=nproc=1024:1024',
];
const SLEEP = 'console.log("up"); setTimeout(() => {}, 60_000)';
const IMAGE = 'job';

const images = new TestImages();
let engine: ContainerEngine | undefined;
let why = '';
let pool: JobPool;
let batch: BatchService;
let ecs: EcsService;

/** An image FROM scratch: Node, the libraries it names, and an entry point that runs its argument. */
function makeContext(): void {
  const root = join(images.directory, IMAGE, 'root');
  const copy = (from: string, path: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(realpathSync(from), join(root, path));
  };
  copy(process.execPath, '/usr/local/bin/node');
  const libraries = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
  for (const [, path] of libraries.matchAll(/(\/\S+) \(0x/gu)) if (path !== undefined) copy(path, path);
  images.add(
    IMAGE,
    'ARG GREETING=none\nFROM scratch\nARG GREETING\nCOPY root/ /\nENV PATH=/usr/local/bin GREETING=$GREETING\nUSER 1000:1000\nENTRYPOINT ["node", "-e"]\nCMD ["console.log(1)"]',
  );
}

beforeAll(async () => {
  if (process.platform !== 'linux') {
    why = "the test image is made from this machine's Linux programs";
    return;
  }
  const found = await findContainerEngine();
  if (found.engine === undefined) {
    why = found.reason;
    return;
  }
  makeContext();
  for (const runArgs of [found.engine.runArgs, [...found.engine.runArgs, ...VM_ARGS]]) {
    const candidate = { ...found.engine, runArgs };
    const tried = await tryOut(candidate);
    if (tried === undefined) {
      engine = candidate;
      break;
    }
    why = tried;
  }
  if (engine === undefined) return;
  pool = new JobPool({ runner: runnerOf(engine) });
  batch = new BatchService({ pool });
  ecs = new EcsService({ pool });
  await prepareServices();
}, 300_000);

afterAll(async () => {
  await Promise.all([batch?.close(), ecs?.close()]);
  images.remove();
});

function runnerOf(used: ContainerEngine): ContainerRunner {
  return new ContainerRunner({
    engine: used,
    images: images.images,
    environment: (host) => ({ AWS_ENDPOINT_URL: `http://${host}:4566` }),
    buildArgs: { GREETING: 'hello' },
    why: 'test',
  });
}

/** Why this engine, with these flags, cannot run the image here; undefined when it can. */
async function tryOut(candidate: ContainerEngine): Promise<string | undefined> {
  const run = runnerOf(candidate).start(
    {
      name: `stepyard-try-${process.pid}-${candidate.runArgs.length}`,
      image: IMAGE,
      entryPoint: undefined,
      command: undefined,
      environment: {},
      workingDirectory: undefined,
      user: undefined,
      memoryMb: undefined,
      readonlyRootFilesystem: false,
      writablePaths: [],
      stopTimeoutMs: 1_000,
    },
    () => undefined,
  );
  const end = await run.ended;
  if (end.kind === 'notStarted') return `${candidate.name} cannot run containers here: ${end.reason}`;
  return end.exitCode === 0 ? undefined : `${candidate.name}: exit code ${end.exitCode}`;
}

async function prepareServices(): Promise<void> {
  await batch.call('CreateComputeEnvironment', { computeEnvironmentName: 'ce' });
  await batch.call('CreateJobQueue', { jobQueueName: 'q', computeEnvironmentOrder: [] });
  await batch.call('RegisterJobDefinition', {
    jobDefinitionName: 'def',
    type: 'container',
    containerProperties: {
      image: IMAGE,
      readonlyRootFilesystem: true,
      resourceRequirements: [{ type: 'MEMORY', value: '256' }],
    },
  });
  await ecs.call('CreateCluster', { clusterName: 'cluster' });
}

function needsEngine(context: TestContext): ContainerEngine {
  return engine ?? context.skip(why);
}

async function runJob(more: JsonObject): Promise<{ job: JsonObject; output: string }> {
  const submitted = await batch.call('SubmitJob', {
    jobName: 'job',
    jobQueue: 'q',
    jobDefinition: 'def',
    ...more,
  });
  const id = textOf(submitted.output['jobId']) ?? '';
  const job = await endOfJob(id);
  return { job, output: (batch.logs(id) ?? []).map((line) => line.message).join('\n') };
}

async function endOfJob(id: string): Promise<JsonObject> {
  for (;;) {
    const { output } = await batch.call('DescribeJobs', { jobs: [id] });
    const [job] = objectsOf(output['jobs']);
    if (job?.['status'] === 'SUCCEEDED' || job?.['status'] === 'FAILED') return job;
    await batch.whenJobChanged(id, AbortSignal.any([]));
  }
}

async function runTask(container: JsonObject): Promise<string> {
  await ecs.call('RegisterTaskDefinition', {
    family: 'fam',
    containerDefinitions: [{ name: 'main', image: IMAGE, ...container }],
  });
  const { output } = await ecs.call('RunTask', { cluster: 'cluster', taskDefinition: 'fam' });
  return textOf(objectsOf(output['tasks'])[0]?.['taskArn']) ?? '';
}

async function untilTask(arn: string, status: string): Promise<JsonObject> {
  for (;;) {
    const { output } = await ecs.call('DescribeTasks', { cluster: 'cluster', tasks: [arn] });
    const [task] = objectsOf(output['tasks']);
    if (task?.['lastStatus'] === status) return task;
    await ecs.whenJobChanged(arn, AbortSignal.any([]));
  }
}

describe('Batch in a container', () => {
  test('runs the built image with its environment, user and read-only root', async (context) => {
    needsEngine(context);
    const script = `const { GREETING, OWN, AWS_ENDPOINT_URL } = process.env;
      let write = 'written';
      try { require("fs").writeFileSync("/x", "x") } catch (error) { write = error.code }
      console.log(GREETING, OWN, AWS_ENDPOINT_URL, process.getuid(), write)`;
    const { job, output } = await runJob({
      containerOverrides: { command: [script], environment: [{ name: 'OWN', value: 'a b\nc' }] },
    });
    expect(job).toMatchObject({ status: 'SUCCEEDED', container: { exitCode: 0 } });
    expect(output).toBe('hello a b\nc http://127.0.0.1:4566 1000 EROFS');
  });

  test('tells the exit code', async (context) => {
    needsEngine(context);
    const { job } = await runJob({ containerOverrides: { command: ['process.exit(3)'] } });
    expect(job).toMatchObject({ status: 'FAILED', container: { exitCode: 3 } });
  });

  test('fails when the image cannot be had', async (context) => {
    needsEngine(context);
    await batch.call('RegisterJobDefinition', {
      jobDefinitionName: 'absent',
      type: 'container',
      containerProperties: { image: 'localhost/stepyard-no-such-image:1' },
    });
    const { job } = await runJob({ jobDefinition: 'absent' });
    expect(job).toMatchObject({
      status: 'FAILED',
      statusReason: 'Task failed to start',
      container: { reason: expect.stringMatching(/^CannotPullContainerError: /u) as string },
    });
  });

  test('can be terminated, and leaves no container behind', async (context) => {
    const used = needsEngine(context);
    const { output } = await batch.call('SubmitJob', {
      jobName: 'job',
      jobQueue: 'q',
      jobDefinition: 'def',
      containerOverrides: { command: [`process.on("SIGTERM", () => process.exit(9)); ${SLEEP}`] },
    });
    const id = textOf(output['jobId']) ?? '';
    while ((batch.logs(id) ?? []).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await batch.call('TerminateJob', { jobId: id, reason: 'enough' });
    expect(await endOfJob(id)).toMatchObject({ statusReason: 'enough', container: { exitCode: 9 } });
    const listed = await runEngine(used, ['ps', '--all', '--quiet', '--filter', `name=${id}`], 10_000);
    expect(listed).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

describe('ECS in a container', () => {
  test('runs a task', async (context) => {
    needsEngine(context);
    const arn = await runTask({
      command: ['console.log("in", process.env.WHO)'],
      environment: [{ name: 'WHO', value: 'ecs' }],
    });
    expect(await untilTask(arn, 'STOPPED')).toMatchObject({
      stopCode: 'EssentialContainerExited',
      containers: [{ exitCode: 0 }],
    });
    expect(ecs.logs(arn)).toMatchObject([{ message: 'in ecs' }]);
  });

  test('tells that a program is not in the image', async (context) => {
    needsEngine(context);
    const arn = await runTask({ entryPoint: ['/no/such/program'] });
    const task = await untilTask(arn, 'STOPPED');
    expect(task).toMatchObject({
      stopCode: 'TaskFailedToStart',
      stoppedReason: expect.stringMatching(
        /^Cannot(?:Start|Create)ContainerError: .*no\/such\/program/u,
      ) as string,
    });
  });

  test('is killed with the pool', async (context) => {
    const used = needsEngine(context);
    const own = new JobPool({ runner: runnerOf(used) });
    const service = new EcsService({ pool: own });
    await service.call('CreateCluster', { clusterName: 'cluster' });
    await service.call('RegisterTaskDefinition', {
      family: 'fam',
      containerDefinitions: [{ name: 'main', image: IMAGE, command: [SLEEP] }],
    });
    const { output } = await service.call('RunTask', { cluster: 'cluster', taskDefinition: 'fam' });
    const arn = textOf(objectsOf(output['tasks'])[0]?.['taskArn']) ?? '';
    while ((service.logs(arn) ?? []).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    await service.close();
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    const listed = await runEngine(used, ['ps', '--all', '--quiet', '--filter', `name=${id}`], 10_000);
    expect(listed).toMatchObject({ exitCode: 0, stdout: '' });
  });
});
