import { describe, expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import { compilePattern } from './pattern.ts';

const EVENT: Json = {
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  resources: ['arn:aws:states:us-east-1:000000000000:execution:m:e', 'second'],
  detail: {
    status: 'FAILED',
    stopDate: 1700,
    output: null,
    nested: { flag: true, list: [{ name: 'a' }, { name: 'b' }] },
    path: 'dir/sub/file.png',
    ip: '10.1.2.3',
    ip6: '2001:db8::1',
    empty: '',
  },
};

const matches = (pattern: unknown): boolean => compilePattern(JSON.stringify(pattern))(EVENT);

describe('matches', () => {
  test.each([
    [{ source: ['aws.states'], detail: { status: ['FAILED', 'TIMED_OUT'] } }],
    [{ detail: { status: [{ prefix: 'FAI' }] } }],
    [{ detail: { status: [{ prefix: { 'equals-ignore-case': 'fai' } }] } }],
    [{ detail: { path: [{ suffix: '.png' }] } }],
    [{ detail: { path: [{ suffix: { 'equals-ignore-case': '.PNG' } }] } }],
    [{ detail: { status: [{ 'equals-ignore-case': 'failed' }] } }],
    [{ detail: { status: [{ 'anything-but': 'SUCCEEDED' }] } }],
    [{ detail: { status: [{ 'anything-but': ['SUCCEEDED', 'RUNNING'] }] } }],
    [{ detail: { status: [{ 'anything-but': { prefix: 'SUC' } }] } }],
    [{ detail: { status: [{ 'anything-but': { suffix: ['OK', 'ING'] } }] } }],
    [{ detail: { stopDate: [{ numeric: ['>', 0, '<=', 1700] }] } }],
    [{ detail: { stopDate: [{ numeric: ['=', 1700] }] } }],
    [{ detail: { stopDate: [1700] } }],
    [{ detail: { output: [null] } }],
    [{ detail: { empty: [''] } }],
    [{ detail: { nested: { flag: [true] } } }],
    [{ detail: { status: [{ exists: true }], error: [{ exists: false }] } }],
    [{ detail: { missing: { deep: [{ exists: false }] } } }],
    [{ detail: { path: [{ wildcard: 'dir/*/file.*' }] } }],
    [{ detail: { path: [{ wildcard: '*' }] } }],
    [{ detail: { ip: [{ cidr: '10.1.0.0/16' }] } }],
    [{ detail: { ip6: [{ cidr: '2001:db8::/32' }] } }],
    [{ detail: { path: [{ 'anything-but': { wildcard: '*.jpg' } }] } }],
    [{ detail: { status: [{ 'anything-but': { 'equals-ignore-case': 'running' } }] } }],
    [{ resources: [{ prefix: 'arn:aws:states' }] }],
    [{ resources: ['second'] }],
    [{ detail: { nested: { list: { name: ['b'] } } } }],
    [{ detail: { $or: [{ status: ['X'] }, { stopDate: [{ numeric: ['>', 1] }] }] } }],
    [{ $or: [{ source: ['x'] }, { detail: { status: ['FAILED'] } }] }],
  ])('%j', (pattern) => {
    expect(matches(pattern)).toBe(true);
  });
});

describe('does not match', () => {
  test.each([
    [{ source: ['aws.states'], detail: { status: ['SUCCEEDED'] } }],
    [{ detail: { status: [{ prefix: 'fai' }] } }],
    [{ detail: { stopDate: ['1700'] } }],
    [{ detail: { stopDate: [{ numeric: ['<', 1700] }] } }],
    [{ detail: { status: [{ 'anything-but': ['FAILED'] }] } }],
    [{ detail: { missing: [{ 'anything-but': ['x'] }] } }],
    [{ detail: { status: [{ exists: false }] } }],
    [{ detail: { missing: [{ exists: true }] } }],
    [{ detail: { missing: [null] } }],
    [{ detail: { path: [{ wildcard: 'dir/*.jpg' }] } }],
    [{ detail: { path: [{ wildcard: '*file.pngfile.png' }] } }],
    [{ detail: { constructor: [{ exists: true }] } }],
    [{ detail: { ip: [{ cidr: '10.2.0.0/16' }] } }],
    [{ detail: { ip6: [{ cidr: '10.0.0.0/8' }] } }],
    [{ detail: { status: [{ cidr: '0.0.0.0/0' }] } }],
    [{ detail: { path: [{ 'anything-but': { wildcard: '*.png' } }] } }],
    [{ $or: [{ source: ['x'] }, { source: ['y'] }] }],
  ])('%j', (pattern) => {
    expect(matches(pattern)).toBe(false);
  });
});

describe('is refused', () => {
  test.each([
    ['{', 'not JSON'],
    ['[]', 'not an object'],
    ['{}', 'empty'],
    ['{"source":"aws.states"}', 'must be an object or a list'],
    ['{"source":[]}', 'no alternatives'],
    ['{"source":[{"sounds-like":"x"}]}', 'no operator sounds-like'],
    ['{"a":[{"numeric":["~",1]}]}', 'numeric has no'],
    ['{"a":[{"wildcard":"**"}]}', 'two stars'],
    ['{"a":[{"cidr":"10.0.0.0/33"}]}', 'cidr'],
    ['{"a":[{"cidr":"10.0.0/8"}]}', 'cidr'],
    ['{"a":[{"cidr":"10.0.0.0"}]}', 'cidr'],
    [`${'{"a":'.repeat(40)}["x"]${'}'.repeat(40)}`, 'nested'],
    [JSON.stringify({ a: ['x'.repeat(5000)] }), 'longer'],
  ])('%s', (text, reason) => {
    expect(() => compilePattern(text)).toThrow(reason);
  });
});

test('a wildcard is linear in the text', () => {
  const pattern = compilePattern(JSON.stringify({ a: [{ wildcard: `${'*a'.repeat(200)}b` }] }));
  const before = Date.now();
  expect(pattern({ a: 'a'.repeat(200_000) })).toBe(false);
  expect(Date.now() - before).toBeLessThan(1000);
});
