import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startYard } from '../yard.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'stepyard-console-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const MACHINE = {
  StartAt: 'A',
  States: {
    A: { Type: 'Pass', Assign: { v: 1 }, Next: 'B' },
    B: { Type: 'Succeed' },
  },
};
const OWN = { StartAt: 'X', States: { X: { Type: 'Wait', Seconds: 1, Next: 'Y' }, Y: { Type: 'Succeed' } } };

test('after a restart the past is there to be visited, and a fork with a definition of its own goes on', async () => {
  const first = await startYard({ jobs: 'process', dataDir });
  const { stateMachineArn } = await first.engine.createStateMachine({
    name: 'm',
    definition: JSON.stringify(MACHINE),
    roleArn: 'arn:aws:iam::000000000000:role/r',
  });
  const { executionArn: arn } = await first.engine.start({ stateMachineArn, input: '{"n":0}' });
  await first.engine.whenEnded(arn);
  const definition = JSON.stringify(OWN);
  const fork = await first.engine.fork({ executionArn: arn, stateName: 'X', input: '{"f":1}', definition });
  await first.close();

  const yard = await startYard({ jobs: 'process', dataDir });
  try {
    const get = async (query: string, given: Record<string, string>): Promise<unknown> => {
      const url = `${yard.origin}/_stepyard/api/${query}?${new URLSearchParams(given).toString()}`;
      return await (await fetch(url, { headers: { 'x-stepyard-console': '1' } })).json();
    };
    expect(await get('visits', { arn })).toMatchObject({ names: ['A', 'B'], name: [1, 2] });
    expect(await get('snapshot', { arn, event: '4' })).toMatchObject({
      status: 'RUNNING',
      lines: [{ stateName: 'B', variables: { text: '{"v":1}' } }],
    });
    expect((await yard.engine.whenEnded(fork.executionArn)).output).toBe('{"f":1}');
    expect(await get('execution', { arn: fork.executionArn })).toMatchObject({
      forkOf: arn,
      definition,
      startingPoint: { stateName: 'X', hasOwnDefinition: true },
    });
  } finally {
    await yard.close();
  }
});
