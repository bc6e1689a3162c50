import {
  createMemoryStore,
  createMockTaskRunner,
  openEngine,
  StoreError,
  systemClock,
} from '@stepyard/engine';
import { expect, test } from 'vitest';
import { createStepFunctionsApi } from './api.ts';
import { TagStore } from './tags.ts';

const MACHINE = {
  name: 'm',
  roleArn: 'arn:aws:iam::000000000000:role/r',
  definition: JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } }),
};

test('when the journal fails the caller hears why, nothing that is not durable can be seen, and nothing more is taken', async () => {
  const store = createMemoryStore();
  const { commit } = store;
  let isFull = false;
  store.commit = async (writes) => {
    if (isFull) throw new StoreError('The disk is full.');
    await commit.call(store, writes);
  };
  const lines: string[] = [];
  const runner = createMockTaskRunner({}, systemClock);
  const onLog = ({ message }: { message: string }): void => void lines.push(message);
  const engine = await openEngine({ clock: systemClock, store, runner, onLog });
  const tags = new TagStore(engine);
  const api = createStepFunctionsApi({
    engine,
    tags,
    runner,
    mocks: undefined,
    account: '000000000000',
    hasLogGroup: () => false,
    onStateMachine: () => undefined,
  });
  const call = (operation: string, input: { [name: string]: string }) =>
    api.call(operation, input, new AbortController().signal);
  const { stateMachineArn } = (await call('CreateStateMachine', MACHINE)) as { stateMachineArn: string };
  const { executionArn } = (await call('StartExecution', { stateMachineArn, name: 'first' })) as {
    executionArn: string;
  };
  isFull = true;
  const failure = { code: 'InternalFailure', statusCode: 500, message: 'The disk is full.' };
  await expect(call('StartExecution', { stateMachineArn, name: 'second' })).rejects.toMatchObject(failure);
  await expect(call('StopExecution', { executionArn })).rejects.toMatchObject(failure);
  isFull = false;
  // A gap is never written over.
  await expect(call('StartExecution', { stateMachineArn, name: 'third' })).rejects.toMatchObject(failure);
  const described = await call('DescribeExecution', { executionArn });
  expect(described).toMatchObject({ status: 'RUNNING' });
  const listed = (await call('ListExecutions', { stateMachineArn })) as { executions: readonly unknown[] };
  expect(listed.executions).toHaveLength(1);
  expect(lines).toEqual(['The disk is full.']);
  await engine.close();
});
