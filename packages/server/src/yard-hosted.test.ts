import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateStateMachineCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  type LoggingConfiguration,
} from '@aws-sdk/client-sfn';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startYard, type Yard } from './yard.ts';

let yard: Yard;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
});
afterAll(() => yard.close());

// eslint-disable-next-line typescript/explicit-function-return-type -- what it returns fits every client
const options = () => ({
  endpoint: yard.origin,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  // The yard has one name for both.
  disableHostPrefix: true,
  maxAttempts: 1,
});
const ROLE = 'arn:aws:iam::000000000000:role/r';

test('the plain stores answer through the one port', async () => {
  const iam = new IAMClient(options());
  const { Role: role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: '{"Statement":[]}' }),
  );
  expect(role?.Arn).toBe(ROLE);
  const ssm = new SSMClient(options());
  await ssm.send(new PutParameterCommand({ Name: '/a', Value: 'v', Type: 'String' }));
  expect((await ssm.send(new GetParameterCommand({ Name: '/a' }))).Parameter?.Value).toBe('v');
  const { Account: account } = await new STSClient(options()).send(new GetCallerIdentityCommand({}));
  expect(account).toBe('000000000000');
});

test('a state machine reads a secret', async () => {
  await new SecretsManagerClient(options()).send(
    new CreateSecretCommand({ Name: 'password', SecretString: 'hush' }),
  );
  const sfn = new SFNClient(options());
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'reader',
      type: 'EXPRESS',
      roleArn: ROLE,
      definition: JSON.stringify({
        StartAt: 'Read',
        States: {
          Read: {
            Type: 'Task',
            Resource: 'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue',
            Parameters: { SecretId: 'password' },
            OutputPath: '$.SecretString',
            End: true,
          },
        },
      }),
    }),
  );
  const { output } = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn }));
  expect(output).toBe('"hush"');
});

describe('what executions do', () => {
  const logGroupName = '/aws/vendedlogs/states/yard';
  const logGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*`;
  const logging = (arn = logGroupArn): LoggingConfiguration => ({
    level: 'ALL',
    includeExecutionData: true,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: arn } }],
  });
  const create = async (name: string, type: 'STANDARD' | 'EXPRESS', arn?: string): Promise<string> => {
    const { stateMachineArn } = await new SFNClient(options()).send(
      new CreateStateMachineCommand({
        name,
        type,
        roleArn: ROLE,
        definition: '{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}',
        loggingConfiguration: logging(arn),
      }),
    );
    return stateMachineArn ?? '';
  };

  test.each(['STANDARD', 'EXPRESS'] as const)('is in the log group of a %s machine', async (type) => {
    const logs = new CloudWatchLogsClient(options());
    await logs.send(new CreateLogGroupCommand({ logGroupName })).catch(() => undefined);
    const stateMachineArn = await create(`logged-${type}`, type);
    await new SFNClient(options()).send(new StartExecutionCommand({ stateMachineArn, input: '{"a":1}' }));
    const read = async (): Promise<{ type: string; details: object }[]> => {
      const { events } = await logs.send(
        new FilterLogEventsCommand({ logGroupName, logStreamNamePrefix: `states/logged-${type}/` }),
      );
      return (events ?? []).map(
        ({ message }) => JSON.parse(message ?? '') as { type: string; details: object },
      );
    };
    await expect.poll(async () => (await read()).length).toBe(4);
    const events = await read();
    expect(events.map((event) => event.type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    expect(events[0]?.details).toMatchObject({ input: '{"a":1}', roleArn: ROLE });
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(logStreams?.map((stream) => stream.logStreamName)).toContain(
      'log_stream_created_by_aws_to_validate_log_delivery_subscriptions',
    );
  });

  test('must have a log group to go to', async () => {
    await expect(create('lost', 'STANDARD', `${logGroupArn.slice(0, -2)}-none:*`)).rejects.toMatchObject({
      name: 'InvalidLoggingConfiguration',
      message: 'Invalid Logging Configuration: Log Destination not found.',
    });
  });
});
