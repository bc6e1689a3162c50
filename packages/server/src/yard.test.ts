/** The whole yard, driven as users drive it: with the AWS SDK over HTTP. */
import {
  CreateActivityCommand,
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetActivityTaskCommand,
  GetExecutionHistoryCommand,
  InvalidArn,
  InvalidDefinition,
  InvalidExecutionInput,
  InvalidToken,
  ListActivitiesCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  ListTagsForResourceCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StateMachineAlreadyExists,
  StateMachineDoesNotExist,
  StateMachineTypeNotSupported,
  StopExecutionCommand,
  TagResourceCommand,
  TaskTimedOut,
  UntagResourceCommand,
  UpdateStateMachineCommand,
  ValidateStateMachineDefinitionCommand,
  ValidationException,
  type CreateStateMachineCommandInput,
  type DescribeExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import { startYard, type Yard } from './yard.ts';

const ROLE = 'arn:aws:iam::000000000000:role/test';
const PASS = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } });
const WAIT = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 600, End: true } } });

let yard: Yard;
let client: SFNClient;
let counter = 0;

beforeAll(async () => {
  yard = await startYard({ jobs: 'process' });
  client = new SFNClient({
    endpoint: yard.origin,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    disableHostPrefix: true,
  });
});
afterAll(async () => {
  client.destroy();
  await yard.close();
});

async function machine(
  definition = PASS,
  more: Partial<CreateStateMachineCommandInput> = {},
): Promise<string> {
  counter += 1;
  const answer = await client.send(
    new CreateStateMachineCommand({ name: `machine-${counter}`, definition, roleArn: ROLE, ...more }),
  );
  return answer.stateMachineArn ?? '';
}

async function start(stateMachineArn: string, input = '{}', name?: string): Promise<string> {
  const answer = await client.send(new StartExecutionCommand({ stateMachineArn, input, name }));
  return answer.executionArn ?? '';
}

async function ended(executionArn: string): Promise<DescribeExecutionCommandOutput> {
  for (;;) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const text = (value: Json): string => JSON.stringify(value);

describe('state machines', () => {
  test('are created, described, updated, listed, tagged and deleted', async () => {
    const arn = await machine(PASS, { tags: [{ key: 'team', value: 'a' }] });
    expect(arn).toBe(`arn:aws:states:us-east-1:000000000000:stateMachine:machine-${counter}`);
    const before = await client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    expect(before).toMatchObject({
      definition: PASS,
      status: 'ACTIVE',
      type: 'STANDARD',
      roleArn: ROLE,
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
    expect(before.creationDate).toBeInstanceOf(Date);
    expect(Math.abs(Date.now() - (before.creationDate?.getTime() ?? 0))).toBeLessThan(60_000);
    expect(before.revisionId).toBeUndefined();

    const updated = await client.send(
      new UpdateStateMachineCommand({ stateMachineArn: arn, definition: WAIT }),
    );
    const after = await client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    expect(after).toMatchObject({ definition: WAIT, revisionId: updated.revisionId, roleArn: ROLE });
    const metadata = await client.send(
      new DescribeStateMachineCommand({ stateMachineArn: arn, includedData: 'METADATA_ONLY' }),
    );
    expect(metadata.definition).toBeUndefined();

    await client.send(new TagResourceCommand({ resourceArn: arn, tags: [{ key: 'env', value: 'dev' }] }));
    await client.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ['team'] }));
    const tags = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    expect(tags.tags).toEqual([{ key: 'env', value: 'dev' }]);

    const listed = await client.send(new ListStateMachinesCommand({}));
    expect(listed.stateMachines?.map((item) => item.stateMachineArn)).toContain(arn);
    await client.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await client.send(new DeleteStateMachineCommand({ stateMachineArn: arn }));
    await expect(client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }))).rejects.toThrow(
      StateMachineDoesNotExist,
    );
  });

  test('creating the same again answers the same; a difference is an error', async () => {
    const arn = await machine();
    const same = { name: `machine-${counter}`, definition: PASS, roleArn: ROLE };
    expect((await client.send(new CreateStateMachineCommand(same))).stateMachineArn).toBe(arn);
    await expect(client.send(new CreateStateMachineCommand({ ...same, definition: WAIT }))).rejects.toThrow(
      StateMachineAlreadyExists,
    );
  });

  test('a definition that is wrong is refused in AWS words, with a pointer', async () => {
    const created = machine(text({ StartAt: 'A', States: { A: { Type: 'Pass', End: true, Next: 'B' } } }));
    await expect(created).rejects.toThrow(InvalidDefinition);
    const missing = machine(text({ StartAt: 'A' }));
    await expect(missing).rejects.toThrow(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
    );
  });

  test('a definition is validated without being created', async () => {
    const good = await client.send(new ValidateStateMachineDefinitionCommand({ definition: PASS }));
    expect(good).toMatchObject({ result: 'OK', diagnostics: [], truncated: false });
    const bad = await client.send(
      new ValidateStateMachineDefinitionCommand({
        definition: text({ States: { A: { Type: 'Pass', End: true } } }),
      }),
    );
    expect(bad).toMatchObject({
      result: 'FAIL',
      diagnostics: [
        {
          code: 'SCHEMA_VALIDATION_FAILED',
          location: '/',
          message: 'These fields are required: [StartAt]',
          severity: 'ERROR',
        },
      ],
    });
  });

  test('logging needs its destination', async () => {
    await expect(machine(PASS, { loggingConfiguration: { level: 'ALL' } })).rejects.toThrow(
      'Must specify exactly one Log Destination.',
    );
  });
});

describe('executions', () => {
  test('run to their end; history and description agree', async () => {
    const arn = await start(await machine(), '{"a": [1, 2]}');
    const execution = await ended(arn);
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      input: '{"a": [1, 2]}',
      output: '{"a":[1,2]}',
      redriveStatus: 'NOT_REDRIVABLE',
    });
    expect(execution.stopDate).toBeInstanceOf(Date);
    const history = await client.send(new GetExecutionHistoryCommand({ executionArn: arn }));
    expect(history.events?.map((event) => `${event.id}<${event.previousEventId} ${event.type}`)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 PassStateEntered',
      '3<2 PassStateExited',
      '4<3 ExecutionSucceeded',
    ]);
    expect(history.events?.[0]?.timestamp).toBeInstanceOf(Date);
    const bare = await client.send(
      new GetExecutionHistoryCommand({ executionArn: arn, includeExecutionData: false, reverseOrder: true }),
    );
    expect(bare.events?.map((event) => event.id)).toEqual([4, 3, 2, 1]);
    expect(bare.events?.[3]?.executionStartedEventDetails?.input).toBeUndefined();
  });

  test('history and lists come in pages whose tokens are good for their own request only', async () => {
    const machineArn = await machine();
    const arns: string[] = [];
    for (let i = 0; i < 3; i++) arns.push(await start(machineArn));
    await Promise.all(arns.map(ended));
    const first = await client.send(
      new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 2 }),
    );
    expect(first.executions).toHaveLength(2);
    const second = await client.send(
      new ListExecutionsCommand({ stateMachineArn: machineArn, maxResults: 2, nextToken: first.nextToken }),
    );
    expect(second.nextToken).toBeUndefined();
    expect(
      [...(first.executions ?? []), ...(second.executions ?? [])]
        .map((item) => item.executionArn ?? '')
        .toSorted(),
    ).toEqual(arns.toSorted());
    await expect(
      client.send(
        new ListExecutionsCommand({
          stateMachineArn: machineArn,
          statusFilter: 'FAILED',
          nextToken: first.nextToken,
        }),
      ),
    ).rejects.toThrow(InvalidToken);

    const ids: (number | undefined)[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(
        new GetExecutionHistoryCommand({ executionArn: arns[0], maxResults: 3, nextToken }),
      );
      ids.push(...(page.events ?? []).map((event) => event.id));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(ids).toEqual([1, 2, 3, 4]);
  });

  test('are stopped, with an error and a cause', async () => {
    const arn = await start(await machine(WAIT));
    await client.send(new StopExecutionCommand({ executionArn: arn, error: 'E', cause: 'because' }));
    expect(await ended(arn)).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'because' });
  });

  test('keep the definition that they started with', async () => {
    const machineArn = await machine(WAIT);
    const arn = await start(machineArn);
    await client.send(new UpdateStateMachineCommand({ stateMachineArn: machineArn, definition: PASS }));
    const started = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn: arn }));
    expect(started).toMatchObject({ definition: WAIT, stateMachineArn: machineArn });
    await client.send(new StopExecutionCommand({ executionArn: arn }));
  });

  test('the same name and input start nothing new while it runs; another input is an error', async () => {
    const machineArn = await machine(WAIT);
    const arn = await start(machineArn, '{"a":1}', 'one');
    expect(await start(machineArn, '{"a":1}', 'one')).toBe(arn);
    await expect(start(machineArn, '{"a":2}', 'one')).rejects.toThrow(ExecutionAlreadyExists);
    await client.send(new StopExecutionCommand({ executionArn: arn }));
  });

  test('Express runs synchronously, and says 200 for a failure too', async () => {
    const express = await machine(PASS, { type: 'EXPRESS' });
    const good = await client.send(
      new StartSyncExecutionCommand({ stateMachineArn: express, input: '{"x":1}', name: 'n' }),
    );
    expect(good).toMatchObject({ status: 'SUCCEEDED', output: '{"x":1}', name: 'n' });
    expect(good.executionArn).toMatch(/:express:machine-\d+:n:/u);
    expect(good.billingDetails?.billedMemoryUsedInMB).toBe(64);
    const failing = await machine(
      text({ StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E', Cause: 'c' } } }),
      {
        type: 'EXPRESS',
      },
    );
    const bad = await client.send(new StartSyncExecutionCommand({ stateMachineArn: failing }));
    expect(bad).toMatchObject({
      status: 'FAILED',
      error: 'E',
      cause: 'c',
      $metadata: { httpStatusCode: 200 },
    });
    await expect(
      client.send(new StartSyncExecutionCommand({ stateMachineArn: await machine() })),
    ).rejects.toThrow(StateMachineTypeNotSupported);
  });
});

describe('activities', () => {
  const task = (activityArn: string): string =>
    text({
      StartAt: 'Ask',
      States: {
        Ask: { Type: 'Task', Resource: activityArn, TimeoutSeconds: 60, HeartbeatSeconds: 30, End: true },
      },
    });

  test('a worker polls, beats and answers', async () => {
    const { activityArn = '' } = await client.send(new CreateActivityCommand({ name: 'ask' }));
    expect((await client.send(new ListActivitiesCommand({}))).activities?.map((item) => item.name)).toContain(
      'ask',
    );
    // The worker is there first: its poll stays open until there is work.
    const polled = client.send(new GetActivityTaskCommand({ activityArn, workerName: 'w' }));
    const execution = await start(await machine(task(activityArn)), '{"question":"?"}');
    const work = await polled;
    expect(work.input).toBe('{"question":"?"}');
    await client.send(new SendTaskHeartbeatCommand({ taskToken: work.taskToken }));
    await client.send(new SendTaskSuccessCommand({ taskToken: work.taskToken, output: '{"answer":42}' }));
    expect(await ended(execution)).toMatchObject({ status: 'SUCCEEDED', output: '{"answer":42}' });
    await expect(
      client.send(new SendTaskSuccessCommand({ taskToken: work.taskToken, output: '{}' })),
    ).rejects.toThrow(TaskTimedOut);
  });

  test('a worker fails its task', async () => {
    const { activityArn = '' } = await client.send(new CreateActivityCommand({ name: 'fail' }));
    const execution = await start(await machine(task(activityArn)));
    const work = await client.send(new GetActivityTaskCommand({ activityArn }));
    await client.send(new SendTaskFailureCommand({ taskToken: work.taskToken, error: 'E', cause: 'c' }));
    expect(await ended(execution)).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c' });
  });

  test('a worker that goes away takes no task with it', async () => {
    const { activityArn = '' } = await client.send(new CreateActivityCommand({ name: 'gone' }));
    const gone = new AbortController();
    const poll = client.send(new GetActivityTaskCommand({ activityArn }), { abortSignal: gone.signal });
    await new Promise((resolve) => setTimeout(resolve, 100));
    gone.abort();
    await expect(poll).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }) as Error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await start(await machine(task(activityArn)), '{"left":true}');
    const work = await client.send(new GetActivityTaskCommand({ activityArn }));
    expect(work.input).toBe('{"left":true}');
  });
});

describe('errors reach the SDK as the classes it knows', () => {
  test.each<[string, () => Promise<unknown>, abstract new (...args: never[]) => Error]>([
    [
      'InvalidArn',
      () => client.send(new DescribeStateMachineCommand({ stateMachineArn: 'nonsense' })),
      InvalidArn,
    ],
    [
      'ExecutionDoesNotExist',
      () =>
        client.send(
          new DescribeExecutionCommand({
            executionArn: 'arn:aws:states:us-east-1:000000000000:execution:none:none',
          }),
        ),
      ExecutionDoesNotExist,
    ],
    ['InvalidExecutionInput', async () => start(await machine(), '{'), InvalidExecutionInput],
    ['InvalidToken', () => client.send(new SendTaskHeartbeatCommand({ taskToken: 'made-up' })), InvalidToken],
    [
      'ValidationException',
      () => client.send(new ListStateMachinesCommand({ maxResults: 1001 })),
      ValidationException,
    ],
  ])('%s', async (_, act, type) => {
    await expect(act()).rejects.toBeInstanceOf(type);
  });
});

describe('the wire', () => {
  const post = (operation: string, body: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
    fetch(yard.origin, {
      method: 'POST',
      headers: { 'x-amz-target': `AWSStepFunctions.${operation}` },
      body,
    });

  test.each<[string, string, string | Uint8Array<ArrayBuffer>, string]>([
    ['no JSON', 'ListActivities', '{', 'SerializationException'],
    ['no UTF-8', 'ListActivities', new Uint8Array([0x22, 0xff, 0x22]), 'SerializationException'],
    ['no object', 'ListActivities', '[1]', 'SerializationException'],
    ['deep nesting', 'ListActivities', '['.repeat(200_000) + ']'.repeat(200_000), 'SerializationException'],
    ['no such operation', 'Nonsense', '{}', 'UnknownOperationException'],
    ['an inherited operation', 'constructor', '{}', 'UnknownOperationException'],
    ['nothing required', 'DescribeActivity', '', 'ValidationException'],
  ])('%s is a typed error', async (_, operation, body, code) => {
    const response = await post(operation, body);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe(code);
    expect(await response.json()).toMatchObject({ __type: code });
  });

  test('a body over the limit is a 413, and the yard goes on', async () => {
    const response = await post('ListActivities', 'x'.repeat(16 * 1024 * 1024 + 1));
    expect(response.status).toBe(413);
    expect((await post('ListActivities', '{}')).status).toBe(200);
  });

  test('health says that it is ready', async () => {
    const response = await fetch(`${yard.origin}/_stepyard/health`);
    expect(await response.json()).toMatchObject({ status: 'ok' });
  });
});
