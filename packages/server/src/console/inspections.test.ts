import { startYard, type Yard } from '../yard.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Inspections, WATCHES_MAX } from './inspections.ts';

let yard: Yard;
let inspections: Inspections;

beforeEach(async () => {
  yard = await startYard({ jobs: 'process', virtualTime: true });
  inspections = new Inspections(yard.engine);
});

afterEach(async () => {
  inspections.close();
  await yard.close();
});

async function machine(): Promise<string> {
  const definition = JSON.stringify({
    StartAt: 'A',
    States: { A: { Type: 'Wait', Seconds: 60, Next: 'B' }, B: { Type: 'Pass', End: true } },
  });
  const roleArn = 'arn:aws:iam::000000000000:role/r';
  return (await yard.engine.createStateMachine({ name: 'm', definition, roleArn, type: 'STANDARD' }))
    .stateMachineArn;
}

async function ended(stateMachineArn: string): Promise<string> {
  const { executionArn } = await yard.engine.start({ stateMachineArn, input: '{}' });
  await yard.engine.whenEnded(executionArn);
  return executionArn;
}

test('whoever asks at the same time gets the same, as it is now', async () => {
  const { executionArn } = await yard.engine.start({ stateMachineArn: await machine(), input: '{}' });
  const first = await Promise.all(Array.from({ length: 5 }, () => inspections.of(executionArn)));
  await yard.engine.whenEnded(executionArn);
  const then = await Promise.all(Array.from({ length: 5 }, () => inspections.of(executionArn)));
  expect(new Set([...first, ...then]).size).toBe(1);
  expect(then[0]?.look).toMatchObject({ status: 'SUCCEEDED', eventCount: 6 });
  expect((await inspections.look(executionArn, 2)).status).toBe('RUNNING');
});

test('those that were asked for last are kept', async () => {
  const stateMachineArn = await machine();
  const arns: string[] = [];
  for (let count = 0; count <= WATCHES_MAX; count++) arns.push(await ended(stateMachineArn));
  const [oldest = '', second = ''] = arns;
  const first = await inspections.of(oldest);
  const other = await inspections.of(second);
  for (const arn of arns.slice(2, WATCHES_MAX)) await inspections.of(arn);
  expect(await inspections.of(oldest)).toBe(first);
  await inspections.of(arns.at(-1) ?? '');
  expect(await inspections.of(oldest)).toBe(first);
  expect(await inspections.of(second)).not.toBe(other);
});

test('what is not there is asked for again', async () => {
  const arn = 'arn:aws:states:us-east-1:000000000000:execution:m:later';
  await expect(inspections.of(arn)).rejects.toMatchObject({ code: 'ExecutionDoesNotExist' });
  await yard.engine.start({ stateMachineArn: await machine(), input: '{}', name: 'later' });
  expect((await inspections.of(arn)).description.name).toBe('later');
});
