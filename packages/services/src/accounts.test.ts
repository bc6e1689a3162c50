/** Two accounts: the same names in each, and what one may reach of the other. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import { createServices, type Services } from './create-services.ts';
import type { HostedService } from './service.ts';

const OTHER = '000000000002';
const CODE = 'exports.handler = async () => [process.env.AWS_ACCESS_KEY_ID];';

let main: Services;
let other: Services;

beforeAll(async () => {
  const open = (account: string): Promise<Services> =>
    createServices({
      dataDir: undefined,
      account,
      elsewhere: (wanted) => (wanted === OTHER ? other : wanted === '000000000000' ? main : undefined),
      gatewayOrigin: () => 'http://127.0.0.1:4566',
      caller: () => {
        throw new Error('no events here');
      },
      log: () => undefined,
    });
  [main, other] = await Promise.all([open('000000000000'), open(OTHER)]);
});
afterAll(async () => {
  await Promise.all([main.close(), other.close()]);
});

async function call(service: HostedService, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await service.call(operation, input)).output;
}

test.each<[keyof Services, string, JsonObject, (output: JsonObject) => unknown]>([
  ['sqs', 'CreateQueue', { QueueName: 'q' }, (output) => output['QueueUrl']],
  ['sns', 'CreateTopic', { Name: 't' }, (output) => output['TopicArn']],
  ['secretsmanager', 'CreateSecret', { Name: 's', SecretString: 'x' }, (output) => output['ARN']],
  ['eventbridge', 'PutRule', { Name: 'r', EventPattern: '{"a":["b"]}' }, (output) => output['RuleArn']],
  [
    'iam',
    'CreateRole',
    { RoleName: 'r', AssumeRolePolicyDocument: '{}' },
    (output) => (output['Role'] as JsonObject)['Arn'],
  ],
  [
    'dynamodb',
    'CreateTable',
    {
      TableName: 'things',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    },
    (output) => (output['TableDescription'] as JsonObject)['TableArn'],
  ],
])('%s:%s names its account, and the same name is free in the other', async (name, operation, input, arn) => {
  const here = arn(await call(main[name] as HostedService, operation, input));
  const there = arn(await call(other[name] as HostedService, operation, input));
  expect(here).toContain('000000000000');
  expect(there).toContain(OTHER);
});

test('Lambda: functions are apart, and call as their own account', async () => {
  const definition = {
    functionName: 'f',
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    code: { kind: 'inline', text: CODE },
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 128,
    architectures: ['x86_64'],
    roleArn: `arn:aws:iam::${OTHER}:role/r`,
    description: '',
    reservedConcurrency: undefined,
  } as const;
  expect(await other.lambda.putFunction(definition)).toEqual({
    functionArn: `arn:aws:lambda:us-east-1:${OTHER}:function:f`,
  });
  await expect(main.lambda.call('GetFunction', { FunctionName: 'f' })).rejects.toThrow(
    'Function not found: arn:aws:lambda:us-east-1:000000000000:function:f',
  );
  const answer = await other.lambda.invokeFunction('f', '{}', { invocationType: 'RequestResponse' });
  expect(JSON.parse(answer.payload)).toEqual([OTHER]);
  const source = 'arn:aws:sqs:us-east-1:000000000000:q';
  await expect(
    other.lambda.call('CreateEventSourceMapping', { FunctionName: 'f', EventSourceArn: source }),
  ).rejects.toMatchObject({ code: 'StepyardOperationNotHosted' });
});

test('SQS: a queue of another account is reached by its URL; a dead letter of this one is found', async () => {
  const { QueueUrl: dead } = await call(other.sqs, 'CreateQueue', { QueueName: 'dead' });
  const { Attributes: attributes } = await call(other.sqs, 'GetQueueAttributes', {
    QueueUrl: dead ?? '',
    AttributeNames: ['QueueArn'],
  });
  const arn = (attributes as JsonObject)['QueueArn'] ?? '';
  expect(arn).toBe(`arn:aws:sqs:us-east-1:${OTHER}:dead`);
  const { QueueUrl: live } = await call(other.sqs, 'CreateQueue', {
    QueueName: 'live',
    Attributes: {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 1 }),
    },
  });
  await call(main.sqs, 'SendMessage', { QueueUrl: live ?? '', MessageBody: 'from main' });
  for (let received = 0; received < 2; received += 1) {
    await call(other.sqs, 'ReceiveMessage', { QueueUrl: live ?? '' });
  }
  const { Messages: messages } = await call(main.sqs, 'ReceiveMessage', {
    QueueUrl: dead ?? '',
    AttributeNames: ['All'],
  });
  expect(messages).toMatchObject([{ Body: 'from main', Attributes: { SenderId: OTHER } }]);
});

test('SNS: a topic delivers to a queue of another account under its own ARN', async () => {
  const { QueueUrl: url } = await call(main.sqs, 'CreateQueue', { QueueName: 'subscriber' });
  const { TopicArn: topic } = await call(other.sns, 'CreateTopic', { Name: 'shared' });
  // Twice is the same topic, with the same subscription.
  expect(await call(other.sns, 'CreateTopic', { Name: 'shared' })).toEqual({ TopicArn: topic });
  const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:subscriber';
  const { SubscriptionArn: arn } = await call(other.sns, 'Subscribe', {
    TopicArn: topic ?? '',
    Protocol: 'sqs',
    Endpoint,
  });
  expect(arn).toMatch(new RegExp(`^arn:aws:sns:us-east-1:${OTHER}:shared:`, 'u'));
  expect(await call(other.sns, 'ListSubscriptions', {})).toMatchObject({
    Subscriptions: [{ SubscriptionArn: arn, Owner: OTHER, TopicArn: topic, Endpoint }],
  });
  await call(other.sns, 'Publish', { TopicArn: topic ?? '', Message: 'hello' });
  const { Messages: messages } = await call(main.sqs, 'ReceiveMessage', { QueueUrl: url ?? '' });
  const [message] = messages as JsonObject[];
  expect(JSON.parse(message?.['Body'] as string)).toMatchObject({ TopicArn: topic, Message: 'hello' });
  await call(other.sns, 'Unsubscribe', { SubscriptionArn: arn ?? '' });
  expect(await call(other.sns, 'ListSubscriptions', {})).toEqual({ Subscriptions: [] });
});
