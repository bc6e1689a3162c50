import { describe, expect, test } from 'vitest';
import { deepFreeze, environment } from '../environment.fixture.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { compileJsonata } from './compile-jsonata.ts';
import { EXPRESSION_LENGTH_MAX } from './limits.ts';

const input = deepFreeze({
  orders: [
    {
      id: 1,
      lines: [
        { sku: 'a', n: 2 },
        { sku: 'b', n: 1 },
      ],
    },
    { id: 2, lines: [{ sku: 'a', n: 5 }] },
  ],
  empty: [],
  one: [7],
  nothing: null,
});

const run = (text: string, given: Partial<Parameters<typeof environment>[0]> = {}): Json | undefined =>
  compileJsonata(text).evaluate(environment({ document: input, ...given }));

describe('what Step Functions binds', () => {
  test('$states, with a result and an error only where there is one', () => {
    expect(run('$states.input.one')).toBe(input.one);
    expect(run('$states.result')).toBeUndefined();
    expect(run('$states.result.a', { states: { input, result: { a: 1 } } })).toBe(1);
    expect(run('$states.errorOutput.Error', { states: { input, errorOutput: { Error: 'E' } } })).toBe('E');
    expect(run('$keys($states)')).toEqual(['input', 'context']);
  });

  test('the context object is made only when somebody reads it', () => {
    let made = 0;
    const here = environment({ document: input });
    const counting = {
      ...here,
      context: () => {
        made++;
        return { State: { Name: 'S' } };
      },
    };
    expect(compileJsonata('$states.input.one').evaluate(counting)).toEqual([7]);
    expect(made).toBe(0);
    expect(compileJsonata('$states.context.State.Name').evaluate(counting)).toBe('S');
    expect(made).toBe(1);
  });

  test('workflow variables, which a block can shadow', () => {
    expect(run('$v + ($v := 10; $v) + $v', { variables: { v: 1 } })).toBe(12);
    expect(run('$gone')).toBeUndefined();
    expect(run('$constructor')).toBeUndefined();
  });

  test('there is no other input', () => {
    expect(run('orders')).toBeUndefined();
    expect(run('$$')).toBeUndefined();
  });

  test('time, random numbers and ids come from the execution', () => {
    expect(run('$millis()', { nowMs: 5 })).toBe(5);
    expect(run('$now()', { nowMs: 0 })).toBe('1970-01-01T00:00:00.000Z');
    expect(run('$random() = $random()')).toBe(false);
    expect(run('$random(42)')).toBe(0.7275636800328681);
    expect(run('$uuid()')).toBe('00000000-0000-4000-8000-000000000000');
    expect(run('$shuffle([1, 2, 3])')).toEqual(run('$shuffle([1, 2, 3])'));
  });
});

describe('results', () => {
  test('are plain JSON, also inside of what was made', () => {
    const result = run(
      '{"ids": $states.input.orders.id, "all": [$states.input.orders.lines.sku], "one": $states.input.orders[0].id[]}',
    );
    expect(result).toEqual({ ids: [1, 2], all: ['a', 'b', 'a'], one: [1] });
    expect(JSON.stringify(result)).toBe('{"ids":[1,2],"all":["a","b","a"],"one":[1]}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(result && Object.values(result)[0])).toBe(Array.prototype);
  });

  test('share what they pass on', () => {
    expect(run('$states.input.orders')).toBe(input.orders);
    expect(run('{"o": $states.input.orders}')).toHaveProperty('o', input.orders);
  });

  test('that cannot be JSON', () => {
    expect(run('$sum')).toBeUndefined();
    expect(run('{"f": function($x){$x}, "a": 1}')).toEqual({ a: 1 });
    // Measured on AWS by others (floci pull request 2783).
    expect(run('[1/0]')).toEqual(['Infinity']);
    expect(Object.is(run('-0'), 0)).toBe(true);
  });

  test('hostile names are data', () => {
    const result = run('$merge([{"__proto__": {"polluted": 1}}, {"constructor": 2}])');
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
    expect({}).not.toHaveProperty('polluted');
    expect(run('$states.input.__proto__')).toBeUndefined();
    expect(run('$states.input.constructor')).toBeUndefined();
    expect(run('$states.input.one.length')).toBeUndefined();
  });
});

test('input is never written to', () => {
  expect(run('$states.input ~> |orders|{"id": id * 10}, "lines"|')).toMatchObject({
    orders: [{ id: 10 }, { id: 20 }],
  });
  expect(run('$sort($states.input.orders, function($a, $b){$a.id < $b.id})[0].id')).toBe(2);
  expect(run('$append($states.input.empty, 1)')).toEqual([1]);
  expect(run('$states.input.orders{$string(id): $sum(lines.n)}')).toEqual({ '1': 3, '2': 5 });
});

describe('syntax', () => {
  test.each([
    ['1 +', 'Unexpected end of expression'],
    ['a[1,2)', 'Expected "]", got ","'],
    ['"unterminated', 'String literal must be terminated by a matching quote'],
    ['$match("a", /abc', 'No terminating / in regular expression'],
    ['$match("a", /(?=b)/)', 'cannot be used'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => compileJsonata(text)).toThrow(ExpressionSyntaxError);
    expect(() => compileJsonata(text)).toThrow(message);
  });

  test('a text has a longest length, and a tree a greatest depth', () => {
    expect(() => compileJsonata(' '.repeat(EXPRESSION_LENGTH_MAX) + '1')).toThrow('longer than');
    expect(() => compileJsonata('('.repeat(50_000))).toThrow(ExpressionSyntaxError);
    expect(() => compileJsonata(`${'['.repeat(2000)}${']'.repeat(2000)}`)).toThrow('nests too deep');
    expect(run(`${'['.repeat(100)}${']'.repeat(100)}`)).toBeDefined();
  });
});
