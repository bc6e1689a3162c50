/** The clients that are written in Python, as they are installed: boto3 and the AWS CLI. `.ci/run` installs them. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startYard, type Yard } from '@stepyard/server';

const run = promisify(execFile);
const TOOLS = join(import.meta.dirname, '../../.stepyard/tools/bin');

/** The tool of the virtual environment, or the machine's own. */
function tool(name: string): string {
  const own = join(TOOLS, name);
  return existsSync(own) ? own : name;
}

const PYTHON = tool(process.platform === 'win32' ? 'python' : 'python3');
const AWS = tool('aws');
const hasBoto3 = spawnSync(PYTHON, ['-c', 'import boto3']).status === 0;
const hasCli = spawnSync(AWS, ['--version']).status === 0;

const PASS = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}';
const ROLE = 'arn:aws:iam::000000000000:role/test';

let yard: Yard;
beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
});
afterAll(() => yard.close());

/** What a client needs to know, and nothing of this machine's own configuration. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    AWS_ENDPOINT_URL: yard.origin,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
    AWS_CONFIG_FILE: 'none',
    AWS_SHARED_CREDENTIALS_FILE: 'none',
    AWS_PAGER: '',
  };
}

describe.skipIf(!hasBoto3)('boto3 (skipped where it is not installed: pip install boto3)', () => {
  test('drives every operation of Step Functions, success and failure, and finds its own model in the answers', async () => {
    const script = join(import.meta.dirname, 'every_operation.py');
    const { stdout } = await run(PYTHON, [script, yard.origin], { env: environment() });
    const results = JSON.parse(stdout) as Record<string, string>;
    expect(Object.keys(results)).toHaveLength(37);
    expect(Object.entries(results).filter(([, wrong]) => wrong !== '')).toEqual([]);
  }, 120_000);

  test('reads the metrics of executions, over CBOR', async () => {
    const script = `
import boto3, datetime, json, sys
now = datetime.datetime.now(datetime.timezone.utc)
client = boto3.client("cloudwatch")
points = client.get_metric_statistics(
    Namespace="AWS/States", MetricName="ExecutionsStarted",
    Dimensions=[{"Name": "StateMachineArn", "Value": sys.argv[1]}],
    StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(minutes=1),
    Period=60, Statistics=["Sum"])["Datapoints"]
print(json.dumps([sum(p["Sum"] for p in points), {type(p["Timestamp"]).__name__ for p in points}.pop()]))
try:
    client.list_metrics(NextToken="x")
except client.exceptions.InvalidParameterValueException as error:
    print(json.dumps(error.response["Error"]["Code"]))
`;
    const { stateMachineArn } = await yard.engine.createStateMachine({
      name: 'measured',
      definition: PASS,
      roleArn: ROLE,
    });
    await yard.engine.start({ stateMachineArn });
    const { stdout } = await run(PYTHON, ['-c', script, stateMachineArn], { env: environment() });
    const [sum = '', failure = ''] = stdout.trim().split('\n');
    expect(JSON.parse(sum)).toEqual([1, 'datetime']);
    expect(JSON.parse(failure)).toBe('InvalidParameterValue');
  }, 120_000);
});

describe.skipIf(!hasCli)('the AWS CLI (skipped where it is not installed: pip install awscli)', () => {
  const states = async (...args: readonly string[]): Promise<Record<string, unknown>> => {
    const { stdout } = await run(AWS, ['stepfunctions', ...args, '--output', 'json'], { env: environment() });
    return (stdout.trim() === '' ? {} : JSON.parse(stdout)) as Record<string, unknown>;
  };

  test('makes, runs, pages through and deletes a state machine', async () => {
    const create = ['create-state-machine', '--name', 'cli', '--definition', PASS, '--role-arn', ROLE];
    const { stateMachineArn: arn } = await states(...create, '--tags', 'key=team,value=a');
    const machine = ['--state-machine-arn', String(arn)];
    expect(await states('describe-state-machine', ...machine)).toMatchObject({
      name: 'cli',
      status: 'ACTIVE',
    });
    for (const name of ['one', 'two']) {
      await states('start-execution', ...machine, '--name', name, '--input', '{"a":1}');
    }
    const executions = ['list-executions', ...machine];
    const { executions: all } = await states(...executions, '--page-size', '1');
    expect(all).toHaveLength(2);
    const execution = ['--execution-arn', String(arn).replace('stateMachine', 'execution') + ':one'];
    expect(await states('describe-execution', ...execution)).toMatchObject({ status: 'SUCCEEDED' });
    const { events } = await states('get-execution-history', ...execution, '--reverse-order');
    expect(events).toHaveLength(4);
    expect(await states('list-tags-for-resource', '--resource-arn', String(arn))).toEqual({
      tags: [{ key: 'team', value: 'a' }],
    });
    const update = [
      'update-state-machine',
      ...machine,
      '--definition',
      PASS.replaceAll('"A"', '"B"'),
      '--publish',
    ];
    expect(await states(...update)).toMatchObject({ stateMachineVersionArn: `${String(arn)}:1` });
    const validate = ['validate-state-machine-definition', '--definition', '{}'];
    expect(await states(...validate)).toMatchObject({ result: 'FAIL' });
    await states('delete-state-machine', ...machine);
  }, 120_000);

  test('runs synchronously, tests a state, and prints an error as its own', async () => {
    const name = ['--name', 'cli-express', '--type', 'EXPRESS'];
    const create = ['create-state-machine', ...name, '--definition', PASS, '--role-arn', ROLE];
    const { stateMachineArn: arn } = await states(...create);
    const sync = ['start-sync-execution', '--state-machine-arn', String(arn), '--input', '{"b":2}'];
    expect(await states(...sync)).toMatchObject({ status: 'SUCCEEDED', output: '{"b":2}' });
    const state = '{"Type":"Pass","Result":{"c":3},"End":true}';
    expect(await states('test-state', '--definition', state)).toMatchObject({ status: 'SUCCEEDED' });
    const missing = ['describe-state-machine', '--state-machine-arn', `${String(arn)}-none`];
    await expect(states(...missing)).rejects.toMatchObject({
      stderr: expect.stringContaining(
        'An error occurred (StateMachineDoesNotExist) when calling the DescribeStateMachine operation',
      ) as string,
    });
  }, 120_000);
});
