import { expect, test } from 'vitest';
import { createMemoryStore } from '../journal/memory-store.ts';
import { StoreError } from '../journal/store.ts';
import { engineUnderTest } from './engine.fixture.ts';

test('when the execution with the first stored timer is woken by something else, the others still wake at theirs', async () => {
  const store = createMemoryStore();
  const before = await engineUnderTest({ store });
  const stateMachineArn = await before.machine({
    StartAt: 'W',
    States: { W: { Type: 'Wait', SecondsPath: '$.seconds', End: true } },
  });
  const start = (seconds: number): Promise<{ executionArn: string }> =>
    before.engine.start({ stateMachineArn, input: JSON.stringify({ seconds }) });
  const first = await start(10);
  const second = await start(20);
  await before.engine.close();
  const { engine, clock } = await engineUnderTest({ store });
  await engine.stop({ executionArn: first.executionArn });
  await clock.advance(60_000);
  expect(await engine.describe(first.executionArn)).toMatchObject({ status: 'ABORTED' });
  expect(await engine.describe(second.executionArn)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a stored timer that cannot be told of, as nothing can be written, is not told of again and again', async () => {
  const store = createMemoryStore();
  const before = await engineUnderTest({ store });
  const stateMachineArn = await before.machine({
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 10, End: true } },
  });
  const { executionArn } = await before.engine.start({ stateMachineArn });
  await before.engine.close();
  let commits = 0;
  const broken = new Proxy(store, {
    get(target, name) {
      if (name === 'commit')
        return () => {
          commits++;
          return Promise.reject(new StoreError('the disk is away'));
        };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const { engine, clock, log } = await engineUnderTest({ store: broken });
  await clock.advance(600_000);
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'RUNNING' });
  expect(commits).toBe(1);
  expect(log.map(({ message }) => message)).toEqual(['the disk is away']);
});
