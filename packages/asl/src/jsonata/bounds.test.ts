import { describe, expect, test } from 'vitest';
import { environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { compileJsonata } from './compile-jsonata.ts';
import { BoundExceeded } from './jsonata-error.ts';
import { RANGE_LENGTH_MAX } from './limits.ts';

const run = (text: string, document: Json = {}): Json | undefined =>
  compileJsonata(text).evaluate(environment({ document }));

describe('nothing runs on', () => {
  test.each([
    ['endless tail recursion', '($f := function($x){ $f($x + 1) }; $f(1))', 'Expression evaluation timeout'],
    ['endless recursion', '($f := function($x){ 1 + $f($x + 1) }; $f(1))', 'Stack overflow error'],
    [
      'mutual recursion',
      '($f := function($x){ [$g($x)] }; $g := function($x){ [$f($x)] }; $f(1))',
      'Stack overflow error',
    ],
    ['ranges in ranges', '[1..100000].[1..100000].[1..1000]', 'Expression evaluation'],
    [
      'functions of functions',
      '$map([1..10000], function($v){ $map([1..10000], function($w){ $v * $w }) })',
      'timeout',
    ],
    ['doubling a text', '$reduce([1..60], function($s, $n){ $s & $s }, "ab")', 'memory limit exceeded'],
    [
      'doubling a list',
      '$reduce([1..60], function($s, $n){ $append($s, $s) }, [1, 2])',
      'Expression evaluation',
    ],
    ['wide padding', '$pad("x", 1e9)', 'memory limit exceeded'],
    [
      'wide numbers',
      '$formatInteger(1, "1;o") & $fromMillis(0, "[Y0001,99999999]")',
      'memory limit exceeded',
    ],
    [
      'many partitions',
      '$partition([1..800000], 1).$partition($, 1).$partition($, 1).[1..100]',
      'Expression evaluation',
    ],
  ])('%s', (_what, text, message) => {
    expect(() => run(text)).toThrow(BoundExceeded);
    expect(() => run(text)).toThrow(message);
  });

  test('a regular expression takes linear time', () => {
    const document = { text: `${'a'.repeat(50_000)}!` };
    expect(run('$contains($states.input.text, /^(a+)+$/)', document)).toBe(false);
    expect(run('$count($split($states.input.text, /a*?b/))', document)).toBe(1);
  });

  test('deep data exhausts no stack of the engine unseen', () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 100_000; depth++) deep = [deep];
    expect(run('$count($states.input.**)', deep)).toBe(1);
    expect(() => run('$string($states.input)', deep)).toThrow(BoundExceeded);
    expect(() => run('$states.input = [$states.input]', deep)).not.toThrow(TypeError);
  });
});

test('a range is as long as AWS lets it be, and no longer', () => {
  expect(run(`$count([1..${RANGE_LENGTH_MAX}])`)).toBe(RANGE_LENGTH_MAX);
  expect(() => run(`$count([1..${RANGE_LENGTH_MAX + 1}])`)).toThrow('memory limit exceeded');
  expect(() => run('[1..1e8]')).toThrow('D2014');
});

test('tail recursion may go far', () => {
  expect(run('($f := function($n, $sum){ $n = 0 ? $sum : $f($n - 1, $sum + $n) }; $f(100000, 0))')).toBe(
    5_000_050_000,
  );
});
