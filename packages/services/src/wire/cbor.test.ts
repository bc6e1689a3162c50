import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import { CborError, decodeCbor, encodeCbor } from './cbor.ts';

// Appendix A of RFC 8949.
test.each<[string, Json]>([
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['20', -1],
  ['3903e7', -1000],
  ['f93c00', 1],
  ['f97bff', 65_504],
  ['f90001', 5.960464477539063e-8],
  ['fb3ff199999999999a', 1.1],
  ['fac7c35000', -100_000],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['f7', null],
  ['c11a514b67b0', 1_363_896_240],
  ['c1fb41d452d9ec200000', 1_363_896_240.5],
  ['4401020304', 'AQIDBA=='],
  ['6449455446', 'IETF'],
  ['62c3bc', 'ü'],
  ['83010203', [1, 2, 3]],
  ['a26161016162820203', { a: 1, b: [2, 3] }],
  ['5f42010243030405ff', 'AQIDBAU='],
  ['7f657374726561646d696e67ff', 'streaming'],
  ['9f018202039f0405ffff', [1, [2, 3], [4, 5]]],
  ['bf61610161629f0203ffff', { a: 1, b: [2, 3] }],
])('%s is %j', (hex, value) => {
  expect(decodeCbor(Buffer.from(hex, 'hex'))).toEqual(value);
});

test.each(['', '18', '6261', '82', '01ff', 'a1', 'a10102', 'ff', '1f', 'f8ff', '5f', '9f01', '1c'])(
  '%s is refused',
  (hex) => {
    expect(() => decodeCbor(Buffer.from(hex, 'hex'))).toThrow(CborError);
  },
);

test('64 levels, and no more', () => {
  const nested = (levels: number): Buffer => Buffer.from(`${'81'.repeat(levels)}00`, 'hex');
  expect(() => decodeCbor(nested(64))).not.toThrow();
  expect(() => decodeCbor(nested(65))).toThrow(CborError);
});

test('a member that is a time is tagged, alone or in a list', () => {
  const times = new Set(['at', 'all']);
  expect(encodeCbor({ at: 1, n: 1 }, times).toString('hex')).toBe('a2626174c101616e01');
  expect(encodeCbor({ all: [1.5] }, times).toString('hex')).toBe('a163616c6c81c1fb3ff8000000000000');
});

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const json = JSON.parse(JSON.stringify(value)) as Json;
      expect(decodeCbor(encodeCbor(json))).toEqual(json);
    }),
  );
});

test('no bytes at all make it do anything but answer or refuse', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const failure = failureOf(() => decodeCbor(Buffer.from(bytes)));
      expect(failure === undefined || failure instanceof CborError).toBe(true);
    }),
  );
});

function failureOf(work: () => unknown): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}
