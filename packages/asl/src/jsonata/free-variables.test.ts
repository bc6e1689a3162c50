import { expect, test } from 'vitest';
import { freeVariables } from './free-variables.ts';

test.each([
  ['in the order they are first read, each once', '$b + $a + $b', ['b', 'a']],
  ['no functions and no $states', '$sum($states.input.items) + $limit', ['limit']],
  ['nothing that the expression binds', '($x := 1; $x + $y)', ['y']],
  ['no parameters of its functions', '$map($items, function($v) { $v * $rate })', ['items', 'rate']],
  ['no focus and no index', '$items@$i#$n.($i.a + $n + $other)', ['items', 'other']],
  ['none of what does not parse', '$a +', []],
  ['none in a text', '"$a"', []],
])('%s', (_what, text, names) => {
  expect(freeVariables(text)).toEqual(names);
});
