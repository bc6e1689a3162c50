import { describe, expect, test } from 'vitest';
import { AslFailure } from '../environment.ts';
import { environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { compileIntrinsic } from './compile-intrinsic.ts';

const call = (text: string, document: Json = {}): Json => compileIntrinsic(text)(environment({ document }));
/** Fails with the words of AWS for arguments that do not fit. */
const failure = (text: string, document: Json = {}): string => {
  try {
    return `gave ${JSON.stringify(call(text, document))}`;
  } catch (error) {
    return error instanceof AslFailure ? error.failureCause : String(error);
  }
};
const REFUSED = 'had the following error: Invalid arguments in States.';

describe('arrays', () => {
  test.each<[string, Json]>([
    ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['States.ArrayRange(5, 1, -2)', [5, 3, 1]],
    ['States.ArrayRange(5, 1, 1)', []],
    // Observed on AWS: fractions are cut off.
    ['States.ArrayRange(1.6, 1.4, 1)', [1]],
    ['States.ArrayRange(5.4, -0.6, -2.4)', [5, 3, 1]],
    ['States.ArrayPartition(States.Array(1,2,3,4,5), 2.6)', [[1, 2], [3, 4], [5]]],
    ['States.ArrayUnique(States.Array(1, 2, 1, null, null))', [1, 2, null]],
    ['States.ArrayGetItem(States.Array(1, 2), 1.2)', 2],
    ['States.ArrayGetItem(States.Array(), 999)', null],
    ["States.ArrayContains(States.Array('true'), true)", true],
  ])('%s', (text, expected) => {
    expect(call(text)).toEqual(expected);
  });

  test('a range has 1000 items and no more', () => {
    expect(call('States.ArrayRange(1, 1000, 1)')).toHaveLength(1000);
    expect(failure('States.ArrayRange(1, 1001, 1)')).toContain(REFUSED);
    expect(failure('States.ArrayRange(1, 10, 0)')).toContain(REFUSED);
    expect(failure('States.ArrayRange(0, 1e308, 1e-300)')).toContain(REFUSED);
  });

  test('an index must be in the array, a part must have items', () => {
    expect(failure('States.ArrayGetItem(States.Array(1), 1)')).toContain(REFUSED);
    expect(failure('States.ArrayGetItem(States.Array(1), -1)')).toContain(REFUSED);
    expect(failure('States.ArrayPartition(States.Array(1), 0.6)')).toContain(REFUSED);
  });
});

describe('texts', () => {
  test.each<[string, Json]>([
    ["States.Format('a {} b {}', 1, $.o)", 'a 1 b {k=[x, null]}'],
    ["States.Format('\\{{}\\}', 1)", '{1}'],
    ["States.StringSplit('1+2,,3', '+,')", ['1', '2', '3']],
    ['States.JsonToString($.o)', '{"k":["x",null]}'],
    ["States.Base64Decode(States.Base64Encode('ü🚀'))", 'ü🚀'],
    ['States.JsonMerge($.o, $.p, false)', { k: 1, z: 2 }],
    ["States.Hash('✓', 'SHA-256')", '1dabba21cdad44541f6b15796f8d22978fc7ea10c46aeceeeeb66c23b3ac7604'],
  ])('%s', (text, expected) => {
    expect(call(text, { o: { k: ['x', null] }, p: { k: 1, z: 2 } })).toEqual(expected);
  });

  test('a template takes all its arguments, and every brace has its partner', () => {
    expect(failure("States.Format('{} {}', 1)")).toContain(REFUSED);
    expect(failure("States.Format('{}', 1, 2)")).toContain(REFUSED);
    expect(failure("States.Format('{', 1)")).toContain(REFUSED);
    expect(failure("States.Format('}')")).toContain(REFUSED);
  });

  test('a hostile key is data', () => {
    const merged = call(
      'States.JsonMerge($.a, $.b, false)',
      JSON.parse('{"a":{"__proto__":{"x":1}},"b":{}}'),
    );
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"x":1}}');
    expect({}).not.toHaveProperty('x');
  });

  test('texts of 10,000 characters are hashed, longer ones refused', () => {
    expect(call("States.Hash($, 'MD5')", 'a'.repeat(10_000))).toHaveLength(32);
    expect(failure("States.Hash($, 'MD5')", 'a'.repeat(10_001))).toContain(REFUSED);
    expect(failure("States.Hash('a', 'sha-256')")).toContain(REFUSED);
    expect(failure("States.Base64Decode('a')")).toContain(REFUSED);
    expect(failure("States.StringToJson('{bad}')")).toContain(REFUSED);
    expect(failure('States.JsonMerge($, $, true)')).toContain(REFUSED);
  });

  test('JSON in a text nests as deep as AWS reads it', () => {
    expect(call('States.StringToJson($)', '['.repeat(1000) + ']'.repeat(1000))).toBeDefined();
    expect(failure('States.StringToJson($)', '['.repeat(1001) + ']'.repeat(1001))).toContain(REFUSED);
  });
});

describe('numbers', () => {
  test('stay in 32 bits', () => {
    expect(call('States.MathAdd(2147483646, 1)')).toBe(2_147_483_647);
    expect(failure('States.MathAdd(2147483647, 1)')).toContain(REFUSED);
    expect(failure('States.MathAdd(3000000000, 1)')).toContain(REFUSED);
  });

  test('a random number is in its range, and the same for the same seed', () => {
    for (let seed = 0; seed < 50; seed++) {
      const value = call(`States.MathRandom(-5, 5, ${seed})`);
      expect(value).toBe(call(`States.MathRandom(-5, 5, ${seed})`));
      expect(value).toBeGreaterThanOrEqual(-5);
      expect(value).toBeLessThan(5);
    }
    expect(failure('States.MathRandom(1, 1)')).toContain(REFUSED);
    expect(failure('States.MathRandom(1.4, 1.6)')).toContain(REFUSED);
    expect(failure("States.MathRandom(1, 10, 'seed')")).toContain(REFUSED);
  });

  test('a uuid comes from the execution', () => {
    expect(call('States.UUID()')).toBe('00000000-0000-4000-8000-000000000000');
  });
});
