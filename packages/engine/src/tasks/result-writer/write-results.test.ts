import type { JsonObject } from '@stepyard/asl';
import { expect, test } from 'vitest';
import type { ChildRecord } from '../../core/map-run/child-record.ts';
import type { ResultTarget } from '../../core/map-run/map-run.ts';
import { memoryS3 } from '../memory-s3.fixture.ts';
import { writeResults } from './write-results.ts';

const MAP_RUN = 'arn:aws:states:us-east-1:000000000000:mapRun:m/L:0aef';

function child(name: string, outcome: ChildRecord['outcome']): ChildRecord {
  return {
    executionArn: `arn:aws:states:us-east-1:000000000000:execution:m/L:${name}`,
    name,
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m/L',
    input: '"in"',
    startedMs: 0,
    stoppedMs: 1500,
    outcome,
    redriveCount: 0,
    redrivenMs: undefined,
  };
}

const CHILDREN = [
  child('a', { status: 'SUCCEEDED', output: [1, 2] }),
  child('b', { status: 'FAILED', error: 'E', cause: 'c' }),
  child('c', { status: 'SUCCEEDED', output: 3 }),
];

async function written(target: Partial<ResultTarget> = {}): Promise<Record<string, string>> {
  const caller = memoryS3({});
  const place = await writeResults(caller, {
    executionArn: 'e',
    stateName: 'M',
    mapRunArn: MAP_RUN,
    target: {
      resource: 'arn:aws:states:::s3:putObject',
      parameters: { Bucket: 'b', Prefix: 'p' },
      outputType: 'JSON',
      transformation: 'NONE',
      ...target,
    },
    children: CHILDREN,
    pending: ['7'],
  });
  expect(place.key.endsWith('0aef/manifest.json')).toBe(true);
  return Object.fromEntries(caller.put);
}

test('a file for each status, and a manifest that names them', async () => {
  const files = await written();
  const succeeded = files['p/0aef/SUCCEEDED_0.json'] ?? '';
  const manifest: JsonObject = JSON.parse(files['p/0aef/manifest.json'] ?? '');
  expect(manifest).toEqual({
    DestinationBucket: 'b',
    MapRunArn: MAP_RUN,
    ResultFiles: {
      FAILED: [{ Key: 'p/0aef/FAILED_0.json', Size: files['p/0aef/FAILED_0.json']?.length }],
      PENDING: [{ Key: 'p/0aef/PENDING_0.json', Size: files['p/0aef/PENDING_0.json']?.length }],
      SUCCEEDED: [{ Key: 'p/0aef/SUCCEEDED_0.json', Size: succeeded.length }],
    },
  });
  expect(JSON.parse(succeeded)[0]).toEqual({
    ExecutionArn: 'arn:aws:states:us-east-1:000000000000:execution:m/L:a',
    Input: '"in"',
    InputDetails: { Included: true },
    Name: 'a',
    Output: '[1,2]',
    OutputDetails: { Included: true },
    RedriveCount: 0,
    RedriveStatus: 'NOT_REDRIVABLE',
    RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    StartDate: '1970-01-01T00:00:00.000Z',
    StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m/L',
    Status: 'SUCCEEDED',
    StopDate: '1970-01-01T00:00:01.500Z',
  });
  expect(JSON.parse(files['p/0aef/FAILED_0.json'] ?? '')).toMatchObject([
    { Error: 'E', Cause: 'c', Status: 'FAILED' },
  ]);
  expect(JSON.parse(files['p/0aef/PENDING_0.json'] ?? '')).toMatchObject([{ Input: '7' }]);
});

test.each([
  [{ transformation: 'COMPACT' }, '[[1,2],3]'],
  [{ transformation: 'FLATTEN' }, '[1,2,3]'],
  [{ transformation: 'FLATTEN', outputType: 'JSONL' }, '1\n2\n3\n'],
] as const)('%j', async (target, expected) => {
  const files = await written(target);
  expect(files['p/0aef/SUCCEEDED_0.json'] ?? files['p/0aef/SUCCEEDED_0.jsonl']).toBe(expected);
});

test('without a prefix; into a bucket that does not exist', async () => {
  expect(await written({ parameters: { Bucket: 'b' } })).toHaveProperty(['0aef/manifest.json']);
  await expect(written({ parameters: { Bucket: 'x' } })).rejects.toThrow(
    'The specified bucket does not exist (Service: S3',
  );
  await expect(written({ parameters: {} })).rejects.toThrow('no Bucket');
});
