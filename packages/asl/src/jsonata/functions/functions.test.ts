import { describe, expect, test } from 'vitest';
import { deepFreeze, environment } from '../../environment.fixture.ts';
import type { Json } from '../../json.ts';
import { compileJsonata } from '../compile-jsonata.ts';
import { JsonataError } from '../jsonata-error.ts';

const document: Json = deepFreeze({ o: { a: 1, b: [2, 3] }, list: [3, 1, 2], words: ['b', 'a'] });

const run = (text: string): Json | undefined => compileJsonata(text).evaluate(environment({ document }));

/** The code of the error that an expression ends in. */
function codeOf(text: string): string | undefined {
  try {
    run(text);
  } catch (error) {
    return error instanceof JsonataError ? error.code : String(error);
  }
  return undefined;
}

describe('numbers', () => {
  test.each<[string, Json | undefined]>([
    ['$sum($states.input.list)', 6],
    ['$max([1, 3, 2]) - $min([1, 3, 2])', 2],
    ['$average([1, 2])', 1.5],
    ['$count([])', 0],
    ['$sum([])', 0],
    ['$max([])', undefined],
    ['$round(2.5) & $round(3.5) & $round(-0.5)', '240'],
    ['$round(1.255, 2)', 1.26],
    ['$round(12345, -2)', 12300],
    ['$number("0x1F") + $number("1e2") + $number(true)', 132],
    ['$power(2, 10) + $sqrt(16) + $abs(-1) + $floor(1.9) + $ceil(1.1)', 1032],
    ['$formatBase(255, 16)', 'ff'],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test.each([
    ['$number("12a")', 'D3030'],
    ['$sqrt(-1)', 'D3060'],
    ['$power(10, 1000)', 'D3061'],
    ['$formatBase(1, 37)', 'D3100'],
    ['$sum("a")', 'T0412'],
    ['$states.input.words.$abs()', 'T0411'],
    ['1 / 0 + 1', 'D1001'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('texts', () => {
  test.each<[string, Json | undefined]>([
    ['$string({"a": 1.1})', '{"a":1.1}'],
    ['$string([1], true)', '[\n  1\n]'],
    ['$string(0.1 + 0.2)', '0.3'],
    ['$substring("héllo🚀x", -3, 2)', 'o🚀'],
    ['$substringBefore("a-b", "-") & $substringAfter("a-b", "-")', 'ab'],
    ['$length("🚀")', 1],
    ['$trim("  a \\n b ")', 'a b'],
    ['$pad("x", 3, "#") & $pad("x", -3, "ab")', 'x##abx'],
    ['$join($states.input.words, "+")', 'b+a'],
    ['$uppercase("ß") & $lowercase("Ä")', 'SSä'],
    ['$base64decode($base64encode("abc"))', 'abc'],
    ['$encodeUrlComponent("a b&c") & $decodeUrl("%20")', 'a%20b%26c '],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test('a malformed URL is D3140', () => {
    expect(codeOf('$decodeUrl("%")')).toBe('D3140');
  });
});

describe('matching', () => {
  test.each<[string, Json | undefined]>([
    ['$contains("Ab", /b$/) and $contains("Ab", "A")', true],
    ['$match("ab12", /([a-z])([0-9])/)', { match: 'b1', index: 1, groups: ['b', '1'] }],
    ['$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1 $0 $$ $3")', 'Smith, John John Smith $ '],
    ['$replace("aaa", "a", "b", 2)', 'bba'],
    ['$replace("12", /[0-9]/, function($m){ "<" & $m.match & ">" })', '<1><2>'],
    ['$split("a, b;c", /[,;]\\s*/)', ['a', 'b', 'c']],
    ['$split("a b c", " ", 2)', ['a', 'b']],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test.each([
    ['$replace("a", "", "b")', 'D3010'],
    ['$replace("a", /a/, function($m){ 1 })', 'D3012'],
    ['$split("a", "b", -1)', 'D3020'],
    ['$match("a", /a/, -1)', 'D3040'],
    ['$match("abc", /x*/)', 'D1004'],
    ['$contains("a", function($s){ {"no": "match"} })', 'T1010'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('arrays and objects', () => {
  test.each<[string, Json | undefined]>([
    ['$sort($states.input.list)', [1, 2, 3]],
    ['$sort($states.input.list, function($a, $b){ $a < $b })', [3, 2, 1]],
    ['$reverse($states.input.words)', ['a', 'b']],
    ['$distinct([1, "1", 1, {"a": 1, "b": 2}, {"b": 2, "a": 1}])', [1, '1', { a: 1, b: 2 }]],
    [
      '$zip([1, 2], [3, 4, 5])',
      [
        [1, 3],
        [2, 4],
      ],
    ],
    ['$append(1, [2])', [1, 2]],
    ['$keys([{"a": 1}, {"b": 1, "a": 2}])', ['a', 'b']],
    ['$lookup($states.input.o, "b")', [2, 3]],
    ['$spread($states.input.o)', [{ a: 1 }, { b: [2, 3] }]],
    ['$merge([{"a": 1}, {"a": 2, "b": 3}])', { a: 2, b: 3 }],
    ['$each($states.input.o, function($v, $k){ $k })', ['a', 'b']],
    ['$sift($states.input.o, function($v){ $v = 1 })', { a: 1 }],
    ['$sift($states.input.o, function($v){ false })', undefined],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test('sorting takes comparable things, and a comparator for the rest', () => {
    expect(codeOf('$sort([{"a": 1}, {"a": 2}])')).toBe('D3070');
    expect(run('$count($sort($shuffle([1..1000]))[[0, -1]])')).toBe(2);
  });
});

describe('higher order', () => {
  test.each<[string, Json | undefined]>([
    ['$map([1, 2], function($v, $i, $a){ $v + $i + $count($a) })', [3, 5]],
    ['$map([1, 2], $string)', ['1', '2']],
    ['$filter([1, 2, 3], function($v){ $v > 1 })', [2, 3]],
    ['$single([1, 2], function($v){ $v = 2 })', 2],
    ['$reduce([1, 2, 3], function($a, $b){ $a * 10 + $b })', 123],
    ['($add := function($a, $b){ $a + $b }; $inc := $add(?, 1); $inc(2))', 3],
    ['($f := $uppercase ~> $substring(?, 0, 1); $f("abc"))', 'A'],
    ['[1..3] ~> $map(function($v){ $v * 2 }) ~> $sum()', 12],
    ['(function($n)<n:n>{ $n })(3)', 3],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test.each([
    ['$single([1, 1], function($v){ $v = 1 })', 'D3138'],
    ['$single([1], function($v){ $v = 2 })', 'D3139'],
    ['$reduce([1, 2], function($a){ $a })', 'D3050'],
    ['(function($n)<n:n>{ $n })("3")', 'T0410'],
    ['sum([1])', 'T1005'],
    ['$nosuch(1)', 'T1006'],
    ['$nosuch(?, 1)', 'T1008'],
    ['1 ~> 2', 'T2006'],
  ])('%s is %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('Step Functions’ own', () => {
  test.each<[string, Json | undefined]>([
    // Recorded: array-jsonata--array-range, aws-behaviours 34.
    ['$range(1, 9, 9)', 1],
    ['$range(0, 10, 3)', [0, 3, 6, 9]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ['$partition([0], 1)', [[0]]],
    ['$partition([1, 2, 3], 2)', [[1, 2], [3]]],
    ['$parse("{\\"a\\": [-0]}").a', [0]],
    ['$hash("input", "SHA-1")', '140f86aae51ab9e1cda9b4254fe98a74eb54c1a1'],
    ['$exists($eval)', false],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test.each(['$partition([1], 0)', '$range(1, 2, 0)', '$hash("a", "MD4")', '$parse("{")'])(
    '%s fails',
    (text) => {
      expect(codeOf(text)).toBe('D3137');
    },
  );
});

describe('types and errors', () => {
  test.each<[string, Json | undefined]>([
    [
      '[$type(1), $type("a"), $type(null), $type([]), $type({}), $type($sum), $type(true)]',
      ['number', 'string', 'null', 'array', 'object', 'function', 'boolean'],
    ],
    [
      '[$boolean([0, 0]), $boolean([0, 1]), $boolean({}), $boolean("a"), $not(0)]',
      [false, true, false, true, true],
    ],
    ['$exists($states.input.gone)', false],
  ])('%s', (text, expected) => {
    expect(run(text)).toEqual(expected);
  });

  test('errors carry the words of the expression', () => {
    expect(codeOf('$error("no")')).toBe('D3137');
    expect(codeOf('$assert(1 = 2, "no")')).toBe('D3141');
    expect(run('$assert(true)')).toBeUndefined();
  });
});
