/** The same run told twice is the same, byte for byte (I17), and all who tell of an execution tell the same (I14). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ExecutionSummary, HistoryEvent, StatusChangeEvent, Store, TaskRequest } from '@stepyard/engine';
import { createMemoryStore, createVirtualClock, openEngine, openSqliteStore } from '@stepyard/engine';
import { startYard } from '@stepyard/server';
import { expect, test } from 'vitest';
import { MACHINES } from './machines.ts';

interface Told {
  readonly histories: Readonly<Record<string, string>>;
  readonly summaries: readonly ExecutionSummary[];
  readonly changes: readonly StatusChangeEvent[];
  readonly streamed: ReadonlyMap<string, readonly HistoryEvent[]>;
  readonly described: Readonly<Record<string, string>>;
}

/** All machines but the one that needs a worker, side by side; tokens are answered, attempts with even ids fail. */
async function runAll(store: Store, seed: string): Promise<Told> {
  const clock = createVirtualClock({ autoAdvance: true });
  const changes: StatusChangeEvent[] = [];
  const streamed = new Map<string, HistoryEvent[]>();
  const engine = await openEngine({
    clock,
    store,
    seed,
    onStatusChange: (event) => changes.push(event),
    runner: {
      async run({ token, attemptId }: TaskRequest) {
        if (token !== undefined) {
          const sent = { taskToken: token, output: '{}' };
          clock.at(clock.now() + 5000, () => void engine.sendTaskSuccess(sent).catch(() => undefined));
        }
        const attempt = Number(attemptId.slice(attemptId.lastIndexOf(':') + 1));
        return await Promise.resolve(
          attempt % 2 === 0
            ? { kind: 'failed', error: 'E1', cause: 'c' }
            : { kind: 'succeeded', output: { attempt } },
        );
      },
    },
  });
  engine.onEvents((arn, events) => streamed.set(arn, [...(streamed.get(arn) ?? []), ...events]));
  const arns: string[] = [];
  // All start at one instant.
  const letGo = clock.hold();
  const machines = MACHINES.filter(({ name }) => name !== 'activity');
  for (const { name, type, definition } of machines) {
    const roleArn = 'arn:aws:iam::000000000000:role/r';
    const { stateMachineArn } = await engine.createStateMachine({
      name,
      type,
      roleArn,
      definition: JSON.stringify(definition),
    });
    const input = '{"items":[1,2,3]}';
    arns.push((await engine.start({ stateMachineArn, name: 'run', input })).executionArn);
  }
  letGo();
  await Promise.all(arns.map((arn) => engine.whenEnded(arn)));
  const histories: Record<string, string> = {};
  const described: Record<string, string> = {};
  const summaries: ExecutionSummary[] = [];
  for (const [index, arn] of arns.entries()) {
    const { description, events } = await engine.inspect(arn);
    histories[arn] = JSON.stringify(events);
    described[arn] = description.status;
    const stateMachineArn = description.stateMachineArn;
    if (machines[index]?.type === 'STANDARD')
      summaries.push(...(await engine.list({ stateMachineArn })).items);
  }
  await engine.close();
  return { histories, described, summaries, changes, streamed };
}

/**
 * Those whose inputs come one after the other whatever a commit takes. The ARN of an Express execution has an id in the order in which
 * ids are asked for; children that end at one instant are told of in one turn or in two.
 */
const unhurried = (histories: Told['histories']): object =>
  Object.fromEntries(Object.entries(histories).filter(([arn]) => !/:express:|:children:/u.test(arn)));

test('the same seed gives the same histories, byte for byte, in memory and on disk; another seed gives others', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-agreement-'));
  const { histories } = await runAll(createMemoryStore(), 'one');
  expect((await runAll(createMemoryStore(), 'one')).histories).toEqual(histories);
  const path = join(directory, 'journal.sqlite');
  const onDisk = (await runAll(openSqliteStore({ path }), 'one')).histories;
  expect(Object.keys(unhurried(onDisk))).toHaveLength(4);
  expect(unhurried(onDisk)).toEqual(unhurried(histories));
  expect((await runAll(createMemoryStore(), 'two')).histories).not.toEqual(histories);
  rmSync(directory, { recursive: true });
});

test('description, list, history, event stream and status changes tell the same of every execution', async () => {
  const told = await runAll(createMemoryStore(), 'one');
  for (const [arn, history] of Object.entries(told.histories)) {
    expect(JSON.stringify(told.streamed.get(arn))).toBe(history);
    const status = told.described[arn] ?? '';
    const last = told.streamed.get(arn)?.at(-1);
    const word = { SUCCEEDED: 'Succeeded', FAILED: 'Failed', TIMED_OUT: 'TimedOut', ABORTED: 'Aborted' }[
      status
    ];
    expect(last?.type).toBe(`Execution${word}`);
    if (arn.includes(':express:')) continue;
    const summary = told.summaries.find(({ executionArn }) => executionArn === arn);
    expect(summary).toMatchObject({ status, stopDateMs: last?.timestampMs });
    const changes = told.changes.filter(({ resources }) => resources[0] === arn);
    expect(changes.map(({ detail }) => detail['status'])).toEqual(['RUNNING', status]);
    expect(changes[1]?.detail['stopDate']).toBe(last?.timestampMs);
  }
});

test('what is told over HTTP is what the engine tells in process', async () => {
  const yard = await startYard({ jobs: 'process' });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SFNClient({ endpoint: yard.origin, region: 'us-east-1', credentials });
  try {
    const definition = {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          ItemProcessor: {
            StartAt: 'Id',
            States: { Id: { Type: 'Pass', Parameters: { 'id.$': 'States.UUID()' }, End: true } },
          },
          Next: 'Moment',
        },
        Moment: { Type: 'Wait', Seconds: 1, Next: 'No' },
        No: { Type: 'Fail', Error: 'E', Cause: 'c' },
      },
    };
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({
        name: 'm',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::000000000000:role/r',
      }),
    );
    const { executionArn = '' } = await client.send(
      new StartExecutionCommand({ stateMachineArn, name: 'run', input: '[1, 2, 3]' }),
    );
    const ended = await yard.engine.whenEnded(executionArn);
    const { events } = await yard.engine.inspect(executionArn);
    const history = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    const wire = (history.events ?? []).map(({ timestamp, ...event }) => ({
      timestampMs: timestamp?.getTime(),
      ...event,
    }));
    expect(wire).toEqual(
      events.map(({ detailsName, details, ...event }) => ({
        ...event,
        ...(detailsName === undefined ? {} : { [detailsName]: details }),
      })),
    );
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(described).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c', input: '[1, 2, 3]' });
    expect(described.stopDate?.getTime()).toBe(ended.stopDateMs);
    const listed = await client.send(new ListExecutionsCommand({ stateMachineArn }));
    expect(listed.executions?.[0]).toMatchObject({
      executionArn,
      status: 'FAILED',
      stopDate: described.stopDate,
    });
  } finally {
    client.destroy();
    await yard.close();
  }
});
