import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { checkTogether, FILE_BYTES_MAX, KEY_BYTES_MAX, RECORD_BYTES_MAX } from './record.ts';
import { RECORDS_MAX, RecordsFileError } from './record.ts';
import { readRecordsFile } from './read-records-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'stepyard-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const read = (name: string, content: string | Uint8Array, key = 'id') =>
  readRecordsFile(file(name, content), key);

/** The complaint without the folder. */
function complaint(name: string, content: string | Uint8Array, key = 'id'): string {
  try {
    read(name, content, key);
  } catch (error) {
    if (!(error instanceof RecordsFileError)) throw error;
    return error.message.replace(`${folder}/`, '');
  }
  return 'no complaint';
}

const fill = (bytes: number): string => `{"id":"a","x":"${'x'.repeat(bytes - 17)}"}`;

describe('what is read', () => {
  test('a JSON array: each record with its line, on one line, numbers as they are spelled', () => {
    const { format, records } = read(
      'a.json',
      '[\n  {"id": "a",\n   "n": 1.0},\n  {"id": 7, "big": 1e400}\n]\n',
    );
    expect(format).toBe('JSON');
    expect(records).toEqual([
      { id: 'a', text: '{"id": "a","n": 1.0}', line: 2 },
      { id: '7', text: '{"id": 7, "big": 1e400}', line: 4 },
    ]);
  });

  test('JSON Lines: blank lines, carriage returns and a byte order mark are no matter', () => {
    const { format, records } = read('a.jsonl', '\uFEFF{"id":"a"}\r\n\n  {"id":"b"}\n');
    expect(format).toBe('JSON Lines');
    expect(records).toEqual([
      { id: 'a', text: '{"id":"a"}', line: 1 },
      { id: 'b', text: '{"id":"b"}', line: 3 },
    ]);
  });

  test('CSV: all values are strings; quotes, line breaks and commas inside values', () => {
    const { format, records } = read(
      'a.csv',
      '\uFEFFid,note\r\n1,"a ""b"", c"\r\n2,"two\nlines"\r\n\r\n3,\r\n',
    );
    expect(format).toBe('CSV');
    expect(records).toEqual([
      { id: '1', text: '{"id":"1","note":"a \\"b\\", c"}', line: 2 },
      { id: '2', text: '{"id":"2","note":"two\\nlines"}', line: 3 },
      { id: '3', text: '{"id":"3","note":""}', line: 5 },
    ]);
  });

  test.each([
    ['[{"id":"a"}]', 'JSON'],
    ['{"id":"a"}\n', 'JSON Lines'],
    ['id\na\n', 'CSV'],
  ])('without an extension %j is taken for %s', (content, format) => {
    expect(read('records', content).format).toBe(format);
  });

  test('another key, with --key', () => {
    expect(read('k.csv', 'sku,n\nx-1,2\n', 'sku').records.map(({ id }) => id)).toEqual(['x-1']);
  });

  test('no records are no mistake', () => {
    expect(read('none.json', ' [ ] ').records).toEqual([]);
    expect(read('none.jsonl', '').records).toEqual([]);
    expect(read('none.csv', 'id\n').records).toEqual([]);
  });

  test.each([
    ['p.json', '[{"id":"a","__proto__":{"x":1}}]', '{"id":"a","__proto__":{"x":1}}'],
    ['p.jsonl', '{"id":"a","__proto__":{"x":1}}', '{"id":"a","__proto__":{"x":1}}'],
    ['p.csv', 'id,__proto__,constructor\na,1,2\n', '{"id":"a","__proto__":"1","constructor":"2"}'],
  ])('%s: a field named __proto__ is data', (name, content, text) => {
    expect(read(name, content).records[0]?.text).toBe(text);
  });

  test('__proto__ may even be the key, but is not inherited', () => {
    expect(read('q.json', '[{"__proto__":"a"}]', '__proto__').records[0]?.id).toBe('a');
    expect(complaint('r.json', '[{"id":"a"}]', '__proto__')).toContain('the key "__proto__" is missing');
    expect(complaint('s.json', '[{"id":"a"}]', 'toString')).toContain('the key "toString" is missing');
  });

  test('a record at the limit is taken, one byte more is not', () => {
    expect(fill(RECORD_BYTES_MAX)).toHaveLength(RECORD_BYTES_MAX);
    expect(read('l.jsonl', fill(RECORD_BYTES_MAX)).records).toHaveLength(1);
    expect(complaint('l.jsonl', `\n${fill(RECORD_BYTES_MAX + 1)}`)).toBe(
      'l.jsonl:2: the record has 102401 bytes; at most 102400 can be sent',
    );
  });

  test('a key at the limit is taken, one byte more is not', () => {
    expect(read('l.csv', `id\n${'k'.repeat(KEY_BYTES_MAX)}\n`).records).toHaveLength(1);
    expect(complaint('l.csv', `id\n${'k'.repeat(KEY_BYTES_MAX + 1)}\n`)).toBe(
      'l.csv:2: the key "id" is longer than 2048 bytes',
    );
  });

  test('a file over the limit is not even read', () => {
    const path = file('large.jsonl', '');
    truncateSync(path, FILE_BYTES_MAX + 1);
    expect(() => readRecordsFile(path, 'id')).toThrow(
      `large.jsonl: the file has ${FILE_BYTES_MAX + 1} bytes; at most ${FILE_BYTES_MAX} are taken`,
    );
  });

  test('as many records as the loader takes, and not one more', () => {
    const records = Array.from({ length: RECORDS_MAX }, (_, i) => ({ id: String(i), text: '', line: i + 1 }));
    expect(() => checkTogether(records)).not.toThrow();
    records.push({ id: 'one more', text: '', line: 1 });
    expect(() => checkTogether(records)).toThrow('1000001 records; at most 1000000 are taken at a time');
  });

  test('together they may have as many bytes as the loader takes, whatever the file had', () => {
    const text = 'x'.repeat(1024 * 1024 - 1);
    const records = Array.from({ length: FILE_BYTES_MAX / 2 ** 20 }, (_, i) => ({
      id: `${i}`,
      text,
      line: i + 1,
    }));
    expect(() => checkTogether(records)).not.toThrow();
    records.push({ id: 'one more', text: '', line: 65 });
    expect(() => checkTogether(records)).toThrow(
      `up to here the records have ${FILE_BYTES_MAX + 1} bytes as JSON; at most ${FILE_BYTES_MAX} are taken`,
    );
  });

  test('deep nesting does not exhaust the stack', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(read('deep.json', `[{"id":"a","x":${deep}}]`).records).toHaveLength(1);
  });
});

describe('what is refused, with the line and the reason', () => {
  test.each([
    [
      'a.json',
      '{"id":"a"}',
      'a.json:1: a .json file must hold an array of records (one record a line is .jsonl)',
    ],
    ['a.json', '', 'a.json:1: a .json file must hold an array of records (one record a line is .jsonl)'],
    ['a.json', '[{"id":"a"}\n', 'a.json:2: the array of records is not closed'],
    ['a.json', '[{"id":"a"},\n]', 'a.json:2: a record is missing before "]"'],
    ['a.json', '[\n,{"id":"a"}]', 'a.json:2: a record is missing before ","'],
    ['a.json', '[{"id":"a"}]\n[]', 'a.json:2: there is something after the array'],
    ['a.json', '[{"id":"a"}]]', 'a.json:1: there is something after the array'],
    ['a.json', '[{"id":"a"},\n"b"]', 'a.json:2: a record must be a JSON object'],
    ['a.json', '[[]]', 'a.json:1: a record must be a JSON object'],
    ['a.json', '[null]', 'a.json:1: a record must be a JSON object'],
    [
      'a.jsonl',
      '{"id":"a"}\n{"name":"b"}',
      'a.jsonl:2: the key "id" is missing (choose another with --key NAME)',
    ],
    ['a.jsonl', '{"id":""}', 'a.jsonl:1: the key "id" is empty'],
    ['a.jsonl', '{"id":null}', 'a.jsonl:1: the key "id" must be a string or an integer'],
    ['a.jsonl', '{"id":{}}', 'a.jsonl:1: the key "id" must be a string or an integer'],
    [
      'a.jsonl',
      '{"id":9007199254740993}',
      'a.jsonl:1: the key "id" is a number that cannot be kept exactly; write it as a string',
    ],
    ['a.jsonl', '{"id":"a"}\n\n{"id":"a"}', 'a.jsonl:3: the key "a" is already that of line 1'],
    ['a.jsonl', '{"id":1}\n{"id":"1"}', 'a.jsonl:2: the key "1" is already that of line 1'],
    ['a.csv', '', 'a.csv:1: a CSV file needs a header line'],
    [
      'a.csv',
      'name\nx\n',
      'a.csv:1: the header has no column "id" to be the key (choose another with --key NAME)',
    ],
    ['a.csv', 'id,x,x\n1,2,3\n', 'a.csv:1: the header has the column "x" twice'],
    ['a.csv', 'id,,x\n1,2,3\n', 'a.csv:1: column 2 of the header has no name'],
    ['a.csv', 'id,x\n1,2\n,3\n', 'a.csv:3: the key "id" is empty'],
    ['a.csv', 'id,x\n1,2\n1,3\n', 'a.csv:3: the key "1" is already that of line 2'],
  ])('%s %j', (name, content, expected) => {
    expect(complaint(name, content)).toBe(expected);
  });

  test.each([
    ['a.json', '[\n{"id":"a"},\n{"id":\n oops}]', /^a\.json:\d: not JSON: /u],
    ['a.json', '[{"id":"a"}\n{"id":"b"}]', /^a\.json:[12]: not JSON: /u],
    ['a.json', '[{"id":"a"]', /^a\.json:1: /u],
    ['a.json', '[{"id":"a\n"}]', /^a\.json:\d: /u],
    ['a.jsonl', '{"id":"a"}\n{"id":', /^a\.jsonl:2: not JSON: /u],
    ['a.csv', 'id,x\n1,2\n1,2,3\n', /^a\.csv:3: not CSV: /u],
    ['a.csv', 'id,x\n1,"2\n', /^a\.csv:\d: not CSV: /u],
  ])('%s %j', (name, content, expected) => {
    const text = complaint(name, content);
    expect(text).toMatch(expected);
    expect(text).not.toContain('\n');
  });

  test('bytes that are not UTF-8, with their line', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('{"id":"a"}\n'), 0x22, 0xff, 0x22]);
    expect(complaint('a.jsonl', bytes)).toBe('a.jsonl:2: not UTF-8: save the file in that encoding');
  });

  test('a file that is not there, and a directory', () => {
    expect(() => readRecordsFile(join(folder, 'nowhere.json'), 'id')).toThrow('there is no such file');
    expect(() => readRecordsFile(folder, 'id')).toThrow('this is a directory');
  });
});
