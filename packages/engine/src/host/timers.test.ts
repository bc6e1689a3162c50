import { expect, test } from 'vitest';
import { createMemoryStore } from '../journal/memory-store.ts';
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
