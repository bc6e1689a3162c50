import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockTaskRunner, openEngine, systemClock, type Engine } from '@stepyard/engine';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataDirectory } from '../data-directory.ts';
import { openStore } from '../open-store.ts';
import { run } from './run.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-prune-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function engineAt(): Promise<Engine> {
  const runner = createMockTaskRunner({}, systemClock);
  return openEngine({ clock: systemClock, store: openStore(directory), runner });
}

async function stepyard(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const written = { out: '', err: '' };
  const output = {
    out: (text: string) => void (written.out += text),
    err: (text: string) => void (written.err += text),
  };
  return { status: await run(args, output), ...written };
}

test('forgets what ended before then, and keeps what runs', async () => {
  const engine = await engineAt();
  const start = async (name: string, seconds: number): Promise<string> => {
    const definition = JSON.stringify({
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: seconds, End: true } },
    });
    const roleArn = 'arn:aws:iam::000000000000:role/r';
    const { stateMachineArn } = await engine.createStateMachine({ name, definition, roleArn });
    return (await engine.start({ stateMachineArn })).executionArn;
  };
  const ended = await start('short', 0);
  const running = await start('long', 1000);
  await engine.whenEnded(ended);
  await engine.close();
  expect((await stepyard('prune', '--data', directory)).out).toContain('Forgot 0 executions');
  // A moment must have passed: what ended in this very millisecond did not end before it.
  await new Promise((resolve) => setTimeout(resolve, 2));
  const pruned = await stepyard('prune', '--data', directory, '--older-than-days', '0');
  expect(pruned).toMatchObject({ status: 0, out: 'Forgot 1 executions that ended more than 0 days ago.\n' });
  const again = await engineAt();
  await expect(again.describe(ended)).rejects.toThrow(`Execution Does Not Exist: '${ended}'`);
  expect((await again.describe(running)).status).toBe('RUNNING');
  await again.close();
});

test('gives the disk its room back, and forgets definitions that nothing has any more', async () => {
  const engine = await engineAt();
  const definition = (text: string): string =>
    JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', Comment: text, End: true } } });
  const roleArn = 'arn:aws:iam::000000000000:role/r';
  const created = await engine.createStateMachine({ name: 'm', definition: definition('first'), roleArn });
  const { stateMachineArn } = created;
  for (let count = 0; count < 40; count++) {
    const input = JSON.stringify('x'.repeat(50_000));
    await engine.whenEnded((await engine.start({ stateMachineArn, input })).executionArn);
  }
  for (const text of ['published', 'in between', 'last'])
    await engine.updateStateMachine({ stateMachineArn, definition: definition(text) }).then(async () => {
      if (text === 'published') await engine.publishVersion({ stateMachineArn });
    });
  await engine.close();
  await new Promise((resolve) => setTimeout(resolve, 2));
  const path = join(directory, 'journal.sqlite');
  const before = statSync(path).size;
  await stepyard('prune', '--data', directory, '--older-than-days', '0');
  expect(before).toBeGreaterThan(40 * 50_000);
  expect(statSync(path).size).toBeLessThan(200_000);
  const store = openStore(directory);
  const kept = store
    .resources('revision')
    .map(({ value }) => /first|published|in between|last/u.exec(value)?.[0]);
  expect(kept).toEqual(['published', 'last']);
  await store.close();
  const again = await engineAt();
  expect((await again.describeStateMachine(stateMachineArn)).definition).toContain('last');
  expect(await again.describeVersion(`${stateMachineArn}:1`)).toBeDefined();
  await again.close();
});

test('refuses data that a yard uses, and what is no data', async () => {
  const held = await openDataDirectory(directory);
  expect(await stepyard('prune', '--data', directory)).toMatchObject({ status: 2 });
  held.release();
  const missing = join(directory, 'none');
  const refused = await stepyard('prune', '--data', missing);
  expect(refused).toEqual({ status: 2, out: '', err: `stepyard: There is no data directory ${missing}.\n` });
  expect((await stepyard('prune', '--older-than-days', 'x')).status).toBe(2);
});
