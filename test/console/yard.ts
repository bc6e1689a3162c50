/** A yard with something of everything, for the tests of the console to look at. */
import type { JsonObject } from '@stepyard/asl';
import { startYard, type Yard } from '@stepyard/server';

/** A name that would do something if it ever became HTML. */
export const HOSTILE = '<img src=x onerror="document.title=1">';

const ROLE = 'arn:aws:iam::000000000000:role/role';

export interface ConsoleYard {
  readonly yard: Yard;
  /** The address of a place in the console. */
  place(path: string): string;
  /** Creates a machine and gives its ARN. */
  machine(name: string, definition: JsonObject, type?: 'STANDARD' | 'EXPRESS'): Promise<string>;
  /** Runs a machine to its end and gives the execution's ARN. */
  run(stateMachineArn: string, input?: string): Promise<string>;
  /** Waits until an execution has a map run, and gives its ARN. */
  mapRun(executionArn: string): Promise<string>;
  readonly call: (service: string, operation: string, input: JsonObject) => Promise<JsonObject>;
  close(): Promise<void>;
}

export interface ConsoleYardOptions {
  readonly virtualTime?: boolean | 'manual';
  readonly appDir?: string;
  readonly dataDir?: string;
  readonly port?: number;
}

/** Starts it, and waits until the console has been built. */
export async function startConsoleYard({
  virtualTime,
  appDir,
  dataDir,
  port,
}: ConsoleYardOptions = {}): Promise<ConsoleYard> {
  const yard = await startYard({ jobs: 'process', virtualTime, appDir, dataDir, port });
  await whenBuilt(yard.origin);
  return helpersOf(yard);
}

/** A yard whose console is asked what a page would ask, without its pages. */
interface ApiYard extends ConsoleYard {
  /** The size of an answer, without its headers. */
  bytesOf(query: string, given: Readonly<Record<string, string>>): Promise<number>;
}

/** Nothing is built; time passes at once. */
export async function startApiYard(): Promise<ApiYard> {
  const yard = await startYard({ jobs: 'process', virtualTime: true });
  return {
    ...helpersOf(yard),
    async bytesOf(query, given) {
      const url = `${yard.origin}/_stepyard/api/${query}?${new URLSearchParams(given).toString()}`;
      const response = await fetch(url, { headers: { 'x-stepyard-console': '1' } });
      const text = await response.text();
      if (!response.ok) throw new Error(`${query}: ${response.status} ${text}`);
      return Buffer.byteLength(text);
    },
  };
}

function helpersOf(yard: Yard): ConsoleYard {
  return {
    yard,
    place: (path) => `${yard.origin}/_stepyard/${path}`,
    async machine(name, definition, type = 'STANDARD') {
      const text = JSON.stringify(definition);
      const machine = await yard.engine.createStateMachine({ name, definition: text, roleArn: ROLE, type });
      return machine.stateMachineArn;
    },
    async run(stateMachineArn, input = '{}') {
      const { executionArn } = await yard.engine.start({ stateMachineArn, input });
      await yard.engine.whenEnded(executionArn);
      return executionArn;
    },
    async mapRun(executionArn) {
      for (;;) {
        const [run] = (await yard.engine.listMapRuns({ executionArn })).items;
        if (run !== undefined) return run.mapRunArn;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    call: async (service, operation, input) => (await yard.caller.call({ service, operation, input })).output,
    close: () => yard.close(),
  };
}

async function whenBuilt(origin: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${origin}/_stepyard/`, { headers: { accept: 'text/html' } });
    const text = await response.text();
    if (response.status === 200) return;
    if (!text.includes('is being built')) throw new Error(text);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Fails in its third state, with names and data that must never become HTML. */
export const FAILING: JsonObject = {
  StartAt: 'Prepare',
  States: {
    Prepare: { Type: 'Pass', Parameters: { 'order.$': '$.order', note: HOSTILE }, Next: HOSTILE },
    [HOSTILE]: { Type: 'Pass', Assign: { seen: true }, Next: 'Is it small?' },
    'Is it small?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.order', NumericLessThan: 10, Next: 'Accept' }],
      Default: 'Refuse',
    },
    Accept: { Type: 'Succeed' },
    Refuse: { Type: 'Fail', Error: 'TooLarge', Cause: `The order is too large ${HOSTILE}` },
  },
};

/** A map in a parallel, with a wait beside it. */
export const NESTED: JsonObject = {
  StartAt: 'Both',
  States: {
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Each',
          States: {
            Each: {
              Type: 'Map',
              ItemProcessor: {
                StartAt: 'Double',
                States: {
                  Double: { Type: 'Pass', Next: 'Keep' },
                  Keep: { Type: 'Pass', End: true },
                },
              },
              ItemsPath: '$.items',
              End: true,
            },
          },
        },
        { StartAt: 'Rest', States: { Rest: { Type: 'Wait', Seconds: 1, End: true } } },
      ],
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};

/** Waits for a worker. */
export function waiting(activityArn: string): JsonObject {
  return {
    StartAt: 'Approve',
    States: {
      Approve: {
        Type: 'Task',
        Resource: activityArn,
        TimeoutSeconds: 600,
        HeartbeatSeconds: 500,
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
    },
  };
}

/** About as many events as an execution may have, 25,000, from `{"n":0}`. */
export const LOOP: JsonObject = {
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Pass',
      Parameters: { 'n.$': 'States.MathAdd($.n, 1)', note: 'again and again' },
      Next: 'Enough?',
    },
    'Enough?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericGreaterThanEquals: 6_240, Next: 'Done' }],
      Default: 'Count',
    },
    Done: { Type: 'Succeed' },
  },
};

/** A Distributed Map of which one child fails and is tolerated. */
export const DISTRIBUTED: JsonObject = {
  StartAt: 'All items',
  States: {
    'All items': {
      Type: 'Map',
      ToleratedFailureCount: 1000,
      MaxConcurrency: 50,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Good?',
        States: {
          'Good?': {
            Type: 'Choice',
            Choices: [{ Variable: '$', NumericEquals: 3, Next: 'Bad' }],
            Default: 'Fine',
          },
          Fine: { Type: 'Succeed' },
          Bad: { Type: 'Fail', Error: 'BadItem', Cause: 'It is a three.' },
        },
      },
      End: true,
    },
  },
};

/** Something in every service that the console shows. */
export async function fillServices({ call }: ConsoleYard): Promise<void> {
  const queueUrl = (await call('sqs', 'CreateQueue', { QueueName: 'orders' }))['QueueUrl'] ?? '';
  const topicArn = (await call('sns', 'CreateTopic', { Name: 'notifications' }))['TopicArn'] ?? '';
  const endpoint = 'arn:aws:sqs:us-east-1:000000000000:orders';
  await call('sns', 'Subscribe', { TopicArn: topicArn, Protocol: 'sqs', Endpoint: endpoint });
  await call('sns', 'Publish', { TopicArn: topicArn, Subject: 'Order 1', Message: `It is done. ${HOSTILE}` });
  await call('sqs', 'SendMessage', {
    QueueUrl: queueUrl,
    MessageBody: JSON.stringify({ order: 1, note: HOSTILE }),
  });
  await call('dynamodb', 'CreateTable', {
    TableName: 'orders',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  for (let number = 1; number <= 5; number++) {
    const item = { id: { S: `order-${number}` }, total: { N: String(number * 10) }, note: { S: HOSTILE } };
    await call('dynamodb', 'PutItem', { TableName: 'orders', Item: item });
  }
  await call('s3', 'CreateBucket', { Bucket: 'files' });
  await call('s3', 'PutObject', {
    Bucket: 'files',
    Key: 'in/one.json',
    Body: `{"note":${JSON.stringify(HOSTILE)}}`,
  });
  await call('logs', 'CreateLogGroup', { logGroupName: '/app/log' });
  await call('logs', 'CreateLogStream', { logGroupName: '/app/log', logStreamName: 'main' });
  const event = { timestamp: Date.now(), message: `A line with markup ${HOSTILE}` };
  await call('logs', 'PutLogEvents', { logGroupName: '/app/log', logStreamName: 'main', logEvents: [event] });
}
