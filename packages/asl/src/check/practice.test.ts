import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../json.ts';
import { check } from './check.ts';
import { CODES } from './codes.ts';
import { statesInLoops, statesWithoutEnd } from './loops.ts';

const names = new Map(Object.entries(CODES).map(([name, { code }]) => [code, name]));

/** `name pointer` of what is found. */
function found(definition: Json): string[] {
  return check(JSON.stringify(definition)).map(
    ({ code, pointer }) => `${names.get(code) ?? code} ${pointer}`,
  );
}

function machine(states: JsonObject, more: JsonObject = {}): JsonObject {
  return { StartAt: Object.keys(states)[0] ?? '', States: states, ...more };
}

const jsonata = { QueryLanguage: 'JSONata' };
const call: JsonObject = {
  Type: 'Task',
  Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
  TimeoutSeconds: 5,
  Retry: [{ ErrorEquals: ['E'] }],
  End: true,
};
const caught = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Z' }] };
const last = { Type: 'Pass', End: true };
const each = (state: JsonObject, more: JsonObject = {}, config: JsonObject = {}): JsonObject => ({
  Type: 'Map',
  ItemProcessor: machine({ B: state }, config),
  End: true,
  ...more,
});

describe('errors that nothing catches', () => {
  test.each<[string, Json, string[]]>([
    ['retried, at the top', machine({ A: call }), []],
    ['neither retried nor caught', machine({ A: { ...call, Retry: [] } }), ['uncaught /States/A']],
    ['caught', machine({ A: { ...call, Retry: [], ...caught }, Z: last }), []],
    ['in a Map', machine({ A: each(call) }), ['uncaught /States/A/ItemProcessor/States/B']],
    ['in a Map that is caught', machine({ A: each(call, caught), Z: last }), []],
    [
      'in a branch',
      machine({ A: { Type: 'Parallel', Branches: [machine({ B: call })], End: true } }),
      ['uncaught /States/A/Branches/0/States/B'],
    ],
  ])('%s', (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

const reads = (expression: string): JsonObject =>
  machine({ A: { Type: 'Pass', Assign: { known: 1 }, Output: `{% ${expression} %}`, End: true } }, jsonata);

describe('variables that nothing assigns', () => {
  test.each([
    '$known',
    '$states.input.a',
    '$sum([$known])',
    '($x := 1; $x + $known)',
    '$map([1], function($v, $i) { $v + $i })',
    '$states.input.a@$v#$i.{"v": $v, "i": $i}',
    '$states.input.a.($ + 1)',
    '"$nope"',
    '$map(["a"], $uppercase)',
  ])('%s reads none', (expression) => {
    expect(found(reads(expression))).toEqual([]);
  });

  test.each(['$nope', '$known + $nope', '$nope.a', '{"a": [$nope]}', '$map($nope, $uppercase)'])(
    '%s reads one',
    (expression) => {
      expect(found(reads(expression))).toEqual(['unassignedVariable /States/A/Output']);
    },
  );

  test.each<[JsonObject, string[]]>([
    [{ InputPath: '$nope.a' }, ['unassignedVariable /States/A/InputPath']],
    [{ Parameters: { 'a.$': '$nope' } }, ['unassignedVariable /States/A/Parameters/a.$']],
    [
      { Parameters: { 'a.$': "States.Format('{} $text', $nope, $known)" } },
      ['unassignedVariable /States/A/Parameters/a.$'],
    ],
    [{ Parameters: { 'a.$': '$.nope', 'b.$': '$$.State.Name', 'c.$': '$known[0]' } }, []],
    [{ Result: { a: '$nope' } }, []],
  ])('%j', (fields, expected) => {
    const state = { Type: 'Pass', Assign: { known: 1 }, ...fields, End: true };
    expect(found(machine({ A: state }))).toEqual(expected);
  });

  test('those of the states around are seen, but not from a Distributed Map', () => {
    const pass = { Type: 'Pass', Output: '{% $outer %}', End: true };
    const of = (config: JsonObject): JsonObject =>
      machine({ A: { Type: 'Pass', Assign: { outer: 1 }, Next: 'M' }, M: each(pass, {}, config) }, jsonata);
    expect(found(of({}))).toEqual([]);
    const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
    expect(found(of({ ProcessorConfig }))).toEqual([
      'unassignedVariable /States/M/ItemProcessor/States/B/Output',
    ]);
  });

  test('those of Choices and Catch count', () => {
    const choice = {
      Type: 'Choice',
      Choices: [{ Condition: true, Assign: { picked: 1 }, Next: 'Z' }],
      Default: 'Z',
    };
    const z = { Type: 'Pass', Output: '{% $picked %}', End: true };
    expect(found(machine({ A: choice, Z: z }, jsonata))).toEqual([]);
  });
});

describe('loops', () => {
  const loop = (state: JsonObject, more: JsonObject = {}): JsonObject =>
    machine(
      {
        A: { Type: 'Pass', ...state, Next: 'C' },
        C: { Type: 'Choice', Choices: [{ ...more, Next: 'A' }], Default: 'Z' },
        Z: last,
      },
      'Condition' in more ? jsonata : {},
    );
  const again = { Condition: true };
  const test1 = { Variable: '$.a', IsNull: true };

  test.each([
    '{% $append($all, [1]) %}',
    '{% $all & "x" %}',
    '{% [$all, 1] %}',
    '{% {"a": $append($all, 1)} %}',
  ])('%s grows', (value) => {
    expect(found(loop({ Assign: { all: value } }, again))).toEqual(['growth /States/A/Assign/all']);
  });

  test.each([
    '{% $all + 1 %}',
    '{% $merge([$all, {"a": 1}]) %}',
    '{% $append([1], [2]) %}',
    '{% [$all[0], 1] %}',
  ])('%s does not', (value) => {
    expect(found(loop({ Assign: { all: value } }, again))).toEqual([]);
  });

  test('in JSONPath', () => {
    const state = { Parameters: { 'list.$': 'States.Array($.x.list, $.new)' }, ResultPath: '$.x' };
    expect(found(loop(state, test1))).toEqual(['growth /States/A/Parameters']);
    const counter = { Parameters: { 'n.$': 'States.MathAdd($.x.n, 1)' }, ResultPath: '$.x' };
    expect(found(loop(counter, test1))).toEqual([]);
  });

  test('the same outside of a loop is no matter', () => {
    const state = { Type: 'Pass', Assign: { all: '{% $append($all, 1) %}' }, End: true };
    expect(found(machine({ A: state }, jsonata))).toEqual([]);
  });

  test('a part that is never left', () => {
    const choice = { Type: 'Choice', Choices: [{ ...test1, Next: 'B' }], Default: 'Z' };
    const definition = machine({
      A: choice,
      B: { Type: 'Wait', Seconds: 1, Next: 'C' },
      C: { Type: 'Pass', Next: 'B' },
      Z: last,
    });
    expect(found(definition)).toEqual(['endlessLoop /States/B']);
  });

  test('a chain of 100,000 states is no matter', () => {
    const count = 100_000;
    const next = new Map(Array.from({ length: count }, (_, at) => [`${at}`, [`${(at + 1) % count}`]]));
    expect(statesInLoops(next).size).toBe(count);
    expect(statesWithoutEnd(next, ['5'])).toEqual([]);
    expect(statesWithoutEnd(next, []).length).toBe(count);
  });
});

describe('what looks like a path', () => {
  test.each<[Json, string[]]>([
    [{ Type: 'Pass', Parameters: { a: '$.b' }, End: true }, ['noDollar /States/A/Parameters']],
    [{ Type: 'Pass', Parameters: { a: 'States.UUID()' }, End: true }, ['noDollar /States/A/Parameters']],
    [{ Type: 'Pass', Parameters: { a: '$5', b: 'States.' }, End: true }, []],
    [{ Type: 'Pass', Result: { 'a.$': '$.b' }, End: true }, ['staticResult /States/A/Result']],
    [{ Type: 'Fail', Error: '$.error', Cause: 'x' }, ['noPath /States/A/Error']],
  ])('%j', (state, expected) => {
    expect(found(machine({ A: state }))).toEqual(expected);
  });
});
