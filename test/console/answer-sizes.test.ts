/** What the console is told of a long execution stays small: it is sent, parsed and drawn while somebody waits. */
import { expect, test } from 'vitest';
import { LOOP, startApiYard } from './yard.ts';

test('of 25,000 events the answers stay small: some bytes an event, and the graph as large as its machine', async () => {
  const yard = await startApiYard();
  const arn = await yard.run(await yard.machine('loop', LOOP), '{"n":0}');
  const { eventCount } = await yard.yard.engine.describe(arn);
  expect(eventCount).toBeGreaterThan(24_900);
  expect(await yard.bytesOf('visits', { arn })).toBeLessThan(260_000);
  expect(await yard.bytesOf('eventIndex', { arn })).toBeLessThan(340_000);
  expect(await yard.bytesOf('graph', { arn })).toBeLessThan(1_500);
  expect(await yard.bytesOf('visit', { arn, visit: '12000' })).toBeLessThan(1_500);
  expect(await yard.bytesOf('snapshot', { arn, event: '12000' })).toBeLessThan(1_500);
  expect(await yard.bytesOf('execution', { arn })).toBeLessThan(4_000);
  await yard.close();
}, 60_000);
