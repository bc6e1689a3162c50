/** A yard that is killed, and started again on its data with the same assembly: a process of its own each time. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListMapRunsCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.mjs', import.meta.url));
const STATES = 'arn:aws:states:us-east-1:000000000000';
const POLL = { timeout: 30_000, interval: 50 };

let directory: string;
let child: ChildProcess;
let origin: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-restart-'));
});
afterEach(async () => {
  await kill();
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<void> {
  const args = ['start', '--port', '0', '--no-console', '--jobs', 'process', '--assembly', 'cdk.out'];
  child = spawn(process.execPath, [MAIN, ...args, '--data', 'data'], { cwd: directory });
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
  await expect.poll(() => out + err, POLL).toMatch(/ready at http:\S+\n/u);
  origin = /ready at (\S+)\n/u.exec(out)?.[1] ?? '';
}

async function kill(): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

const options = () => ({
  endpoint: origin,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const sfn = () => new SFNClient(options());

const WAIT = { Type: 'Wait', Seconds: 4, End: true };
const MACHINES = {
  wait: { StartAt: 'W', States: { W: WAIT } },
  token: {
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: {
          QueueUrl: 'http://sqs.us-east-1.localhost/000000000000/tokens',
          'MessageBody.$': '$$.Task.Token',
        },
        End: true,
      },
    },
  },
  activity: { StartAt: 'T', States: { T: { Type: 'Task', Resource: `${STATES}:activity:work`, End: true } } },
  job: {
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::batch:submitJob.sync',
        Parameters: { JobName: 'j', JobQueue: 'jobs', JobDefinition: 'sleeper' },
        Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Lost' }],
        End: true,
      },
      Lost: { Type: 'Pass', Result: 'lost', End: true },
    },
  },
  parent: {
    StartAt: 'T',
    States: {
      T: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Parameters: { StateMachineArn: `${STATES}:stateMachine:wait`, Input: { from: 'parent' } },
        OutputPath: '$.Output',
        End: true,
      },
    },
  },
  map: {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Label: 'L',
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'C',
          States: {
            C: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 1, Next: 'P' }], Default: 'W' },
            P: { Type: 'Pass', End: true },
            W: WAIT,
          },
        },
        End: true,
      },
    },
  },
};

/** As CDK writes it: the machines, an activity, a queue, and a Batch job that sleeps. */
function writeAssembly(): void {
  const write = (path: string, value: object): void =>
    writeFileSync(join(directory, 'cdk.out', path), JSON.stringify(value));
  mkdirSync(join(directory, 'cdk.out', 'asset.img'), { recursive: true });
  const dockerfile = 'FROM scratch\nENTRYPOINT ["node", "-e"]\nCMD ["setTimeout(() => {}, 60000)"]';
  writeFileSync(join(directory, 'cdk.out', 'asset.img', 'Dockerfile'), dockerfile);
  const machines = Object.entries(MACHINES).map(([name, definition]) => [
    name,
    {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineName: name,
        RoleArn: 'arn:aws:iam::000000000000:role/r',
        DefinitionString: JSON.stringify(definition),
      },
    },
  ]);
  const resources = {
    work: { Type: 'AWS::StepFunctions::Activity', Properties: { Name: 'work' } },
    tokens: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'tokens' } },
    environment: {
      Type: 'AWS::Batch::ComputeEnvironment',
      Properties: {
        ComputeEnvironmentName: 'environment',
        Type: 'MANAGED',
        ComputeResources: { Type: 'FARGATE', MaxvCpus: 4, Subnets: ['s'], SecurityGroupIds: ['g'] },
      },
    },
    queue: {
      Type: 'AWS::Batch::JobQueue',
      Properties: {
        JobQueueName: 'jobs',
        Priority: 1,
        ComputeEnvironmentOrder: [{ Order: 1, ComputeEnvironment: { Ref: 'environment' } }],
      },
    },
    definition: {
      Type: 'AWS::Batch::JobDefinition',
      Properties: {
        JobDefinitionName: 'sleeper',
        Type: 'container',
        PlatformCapabilities: ['FARGATE'],
        ContainerProperties: {
          Image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/repo:img',
          ExecutionRoleArn: 'arn:aws:iam::000000000000:role/r',
          ResourceRequirements: [
            { Type: 'VCPU', Value: '1' },
            { Type: 'MEMORY', Value: '2048' },
          ],
        },
      },
    },
  };
  write('S.template.json', { Resources: { ...resources, ...Object.fromEntries(machines) } });
  write('S.assets.json', {
    version: '53.0.0',
    files: {},
    dockerImages: {
      img: {
        source: { directory: 'asset.img' },
        destinations: { d: { repositoryName: 'repo', imageTag: 'img' } },
      },
    },
  });
  write('manifest.json', {
    version: '53.0.0',
    artifacts: {
      'S.assets': { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } },
      S: {
        type: 'aws:cloudformation:stack',
        properties: { templateFile: 'S.template.json' },
        dependencies: ['S.assets'],
      },
    },
  });
}

async function startMachine(name: keyof typeof MACHINES, input: unknown = {}): Promise<string> {
  const stateMachineArn = `${STATES}:stateMachine:${name}`;
  const started = await sfn().send(
    new StartExecutionCommand({ stateMachineArn, name: 'run', input: JSON.stringify(input) }),
  );
  return started.executionArn ?? '';
}

async function describe(executionArn: string) {
  return await sfn().send(new DescribeExecutionCommand({ executionArn }));
}

async function types(executionArn: string): Promise<(string | undefined)[]> {
  const { events = [] } = await sfn().send(new GetExecutionHistoryCommand({ executionArn }));
  return events.map(({ type }) => type);
}

async function output(executionArn: string): Promise<string | undefined> {
  await expect.poll(async () => (await describe(executionArn)).status, POLL).toBe('SUCCEEDED');
  return (await describe(executionArn)).output;
}

test(
  'after SIGKILL everything goes on, and the same assembly is deployed again',
  { timeout: 120_000 },
  async () => {
    writeAssembly();
    await start();
    const arns = {
      wait: await startMachine('wait', { a: 1 }),
      token: await startMachine('token'),
      activity: await startMachine('activity', 'task'),
      job: await startMachine('job'),
      parent: await startMachine('parent'),
      map: await startMachine('map', [1, 2]),
    };
    await expect.poll(() => types(arns.token), POLL).toContain('TaskSubmitted');
    await expect.poll(() => types(arns.job), POLL).toContain('TaskSubmitted');
    await expect.poll(() => types(arns.parent), POLL).toContain('TaskSubmitted');
    const before = await types(arns.token);

    await kill();
    await start();

    expect(await types(arns.token)).toEqual(before);
    const { events = [] } = await sfn().send(new GetExecutionHistoryCommand({ executionArn: arns.token }));
    const parameters = JSON.parse(events[2]?.taskScheduledEventDetails?.parameters ?? '{}') as {
      MessageBody: string;
    };
    await sfn().send(new SendTaskSuccessCommand({ taskToken: parameters.MessageBody, output: '"token"' }));
    const taken = await sfn().send(new GetActivityTaskCommand({ activityArn: `${STATES}:activity:work` }));
    expect(taken.input).toBe('"task"');
    await sfn().send(new SendTaskSuccessCommand({ taskToken: taken.taskToken, output: '"worked"' }));
    expect(await output(arns.token)).toBe('"token"');
    expect(await output(arns.activity)).toBe('"worked"');
    expect(await output(arns.job)).toBe('"lost"');
    expect(await output(arns.wait)).toBe('{"a":1}');
    expect(JSON.parse((await output(arns.parent)) ?? '')).toMatchObject({ from: 'parent' });
    expect(await output(arns.map)).toBe('[1,2]');
    const { mapRuns = [] } = await sfn().send(new ListMapRunsCommand({ executionArn: arns.map }));
    const listed = await sfn().send(new ListExecutionsCommand({ mapRunArn: mapRuns[0]?.mapRunArn }));
    expect(listed.executions?.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  },
);
