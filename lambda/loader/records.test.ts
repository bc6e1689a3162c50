import { assert, property, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ID_BYTES_MAX, PAYLOAD_BYTES_MAX, recordsFromLines, recordsFromValues } from './records.ts';

describe('records from values', () => {
  test('take their id from the key, and their JSON text as payload', () => {
    expect(recordsFromValues([{ id: 'a', n: 1 }, { id: 7 }], 'id')).toEqual([
      { id: 'a', payload: '{"id":"a","n":1}' },
      { id: '7', payload: '{"id":7}' },
    ]);
  });

  test('take another key when told to', () => {
    expect(recordsFromValues([{ sku: 'x' }], 'sku')).toEqual([{ id: 'x', payload: '{"sku":"x"}' }]);
  });

  test.each([
    ['no object', [1], 'record 1: a record must be a JSON object'],
    ['an array', [[1]], 'record 1: a record must be a JSON object'],
    ['null', [null], 'record 1: a record must be a JSON object'],
    ['a missing key', [{ id: 'a' }, { name: 'b' }], 'record 2: the key "id" is missing'],
    ['an inherited key', [{ constructor: 1 }], 'record 1: the key "id" is missing'],
    ['an empty key', [{ id: '' }], 'record 1: the key "id" is empty'],
    ['a key that is no text', [{ id: true }], 'record 1: the key "id" must be a string or an integer'],
    ['an inexact number', [{ id: 2 ** 53 }], 'write it as a string'],
    [
      'a duplicate',
      [{ id: 'a' }, { id: 'b' }, { id: 'a' }],
      'record 3: the key "a" is already that of record 1',
    ],
    ['a number like a text', [{ id: 1 }, { id: '1' }], 'record 2: the key "1" is already that of record 1'],
  ])('refuse %s', (_name, values, message) => {
    expect(() => recordsFromValues(values, 'id')).toThrow(message);
  });

  test('take ids up to the limit of a DynamoDB key, in bytes', () => {
    const longest = 'é'.repeat(ID_BYTES_MAX / 2);
    expect(recordsFromValues([{ id: longest }], 'id')[0]?.id).toBe(longest);
    expect(() => recordsFromValues([{ id: `${longest}x` }], 'id')).toThrow(
      `longer than ${ID_BYTES_MAX} bytes`,
    );
  });

  test('take payloads up to their limit, in bytes', () => {
    const frame = '{"id":"a","t":""}'.length;
    const longest = { id: 'a', t: 'x'.repeat(PAYLOAD_BYTES_MAX - frame) };
    expect(recordsFromValues([longest], 'id')[0]?.payload).toHaveLength(PAYLOAD_BYTES_MAX);
    expect(() => recordsFromValues([{ ...longest, t: `${longest.t}x` }], 'id')).toThrow(
      'bytes; a record may have',
    );
  });

  test('a key that is a name of Object.prototype works like any other', () => {
    const value: unknown = JSON.parse('{"__proto__": "p"}');
    expect(recordsFromValues([value], '__proto__')).toEqual([{ id: 'p', payload: '{"__proto__":"p"}' }]);
  });
});

describe('records from lines', () => {
  test('keep each line as it is written: numbers do not lose their spelling', () => {
    const line = '{"id": "a", "price": 1.0, "serial": 123456789012345678901}';
    expect(recordsFromLines(`\n${line}\r\n\n`, 'id')).toEqual([{ id: 'a', payload: line }]);
  });

  test('escape the characters that SQS refuses, and no other', () => {
    const line = '{"id":"a","t":"\uFFFE \uFFFD \uFFFF 🎉"}';
    const [record] = recordsFromLines(line, 'id');
    expect(record?.payload).toBe('{"id":"a","t":"\\ufffe \uFFFD \\uffff 🎉"}');
    expect(JSON.parse(record?.payload ?? '')).toEqual(JSON.parse(line));
  });

  test('name the line of a mistake, blank lines counted', () => {
    expect(() => recordsFromLines('{"id":"a"}\n\n{oops}\n', 'id')).toThrow(/^line 3: not JSON: /u);
    expect(() => recordsFromLines('{"id":"a"}\n\n{"id":"a"}\n', 'id')).toThrow(
      'line 3: the key "a" is already that of line 1',
    );
  });

  test('an empty file has no records', () => {
    expect(recordsFromLines('', 'id')).toEqual([]);
  });

  test('whatever the ids, no record is lost or changed', () => {
    const ids = uniqueArray(string({ minLength: 1, maxLength: 40 }), { maxLength: 50 });
    assert(
      property(ids, (names) => {
        const lines = names.map((id) => JSON.stringify({ id }));
        const records = recordsFromLines(lines.join('\n'), 'id');
        expect(records).toEqual(names.map((id, index) => ({ id, payload: lines[index] })));
      }),
    );
  });
});
