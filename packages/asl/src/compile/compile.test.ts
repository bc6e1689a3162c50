import { describe, expect, test } from 'vitest';
import type { Environment, Evaluate } from '../environment.ts';
import { AslFailure } from '../environment.ts';
import { environment } from '../environment.fixture.ts';
import type { Json, JsonObject } from '../json.ts';
import type { NumberField, State } from '../program.ts';
import { compile } from './compile.ts';
import { load } from './load.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';

/** Compiles a machine of one state. */
function one<T extends State['type']>(
  type: T,
  state: JsonObject,
  more: JsonObject = {},
): State & { type: T } {
  const definition = {
    StartAt: 'A',
    States: { A: { Type: type, ...state }, B: { Type: 'Succeed' } },
    ...more,
  };
  const compiled = compile(definition).states.states.get('A');
  if (!isOfType(compiled, type)) throw new Error(`no ${type}`);
  return compiled;
}

function isOfType<T extends State['type']>(state: State | undefined, type: T): state is State & { type: T } {
  return state?.type === type;
}

function valueOf(field: Evaluate | NumberField, given: Json = {}, more: Partial<Environment> = {}): Json {
  const evaluate = typeof field === 'object' ? field.evaluate : field;
  if (typeof evaluate !== 'function') throw new Error('no closure');
  return evaluate({ ...environment({ document: given }), ...more });
}

const jsonata: JsonObject = { QueryLanguage: 'JSONata' };

test('the machine', () => {
  const program = compile({
    Comment: 'c',
    TimeoutSeconds: 7,
    StartAt: 'A',
    States: { A: { Type: 'Succeed' } },
  });
  expect(program).toMatchObject({
    comment: 'c',
    timeoutSeconds: 7,
    queryLanguage: 'JSONPath',
    states: { startAt: 'A' },
  });
  expect(program.states.states.get('A')).toMatchObject({ name: 'A', pointer: '/States/A', type: 'Succeed' });
});

describe('data flow', () => {
  test('what is left out costs nothing', () => {
    const { flow } = one('Pass', { InputPath: '$', OutputPath: '$', ResultPath: '$', End: true });
    expect(Object.values(flow).every((field) => field === undefined)).toBe(true);
  });

  test('null paths', () => {
    const { flow } = one('Pass', { InputPath: null, OutputPath: null, ResultPath: null, End: true });
    expect(valueOf(flow.inputPath, { a: 1 })).toEqual({});
    expect(valueOf(flow.outputPath, { a: 1 })).toEqual({});
    expect(flow.resultPath).toBe('discard');
  });

  test('JSONPath', () => {
    const { flow } = one('Task', {
      Resource: LAMBDA,
      InputPath: '$.a',
      Parameters: { 'x.$': '$.b', y: 1 },
      ResultSelector: { 'z.$': "States.Format('{}!', $.c)" },
      ResultPath: '$.r',
      Assign: { 'v.$': '$.d' },
      End: true,
    });
    expect(valueOf(flow.inputPath, { a: 5 })).toBe(5);
    expect(valueOf(flow.parameters, { b: 2 })).toEqual({ x: 2, y: 1 });
    expect(valueOf(flow.resultSelector, { c: 'hi' })).toEqual({ z: 'hi!' });
    expect(typeof flow.resultPath === 'object' && flow.resultPath.write({ a: 1 }, 2)).toEqual({ a: 1, r: 2 });
    expect(flow.assign?.(environment({ document: { d: 3 } }))).toEqual({ v: 3 });
    expect(() => valueOf(flow.inputPath, {})).toThrow(AslFailure);
  });

  test('JSONata', () => {
    const { flow } = one(
      'Task',
      { Resource: LAMBDA, Arguments: { n: '{% $states.input.a + 1 %}' }, Output: '{% 2 * 2 %}', End: true },
      jsonata,
    );
    expect(valueOf(flow.parameters, { a: 1 })).toEqual({ n: 2 });
    expect(valueOf(flow.output)).toBe(4);
    expect(flow.inputPath).toBeUndefined();
  });
});

test('Pass: Result is a literal, whatever is in it', () => {
  expect(one('Pass', { Result: { 'a.$': '$.b' }, Next: 'B' })).toMatchObject({
    result: { 'a.$': '$.b' },
    next: 'B',
  });
  expect(one('Pass', { End: true })).toMatchObject({ result: undefined, next: undefined });
});

describe('Task', () => {
  test('numbers: literal, path, expression, absent', () => {
    expect(one('Task', { Resource: LAMBDA, TimeoutSeconds: 5, End: true }).timeoutSeconds).toBe(5);
    expect(one('Task', { Resource: LAMBDA, End: true }).timeoutSeconds).toBeUndefined();
    const byPath = one('Task', { Resource: LAMBDA, HeartbeatSecondsPath: '$.h', End: true });
    expect(valueOf(byPath.heartbeatSeconds, { h: 9 })).toBe(9);
    const byExpression = one(
      'Task',
      { Resource: LAMBDA, TimeoutSeconds: '{% $states.input.t %}', End: true },
      jsonata,
    );
    expect(valueOf(byExpression.timeoutSeconds, { t: 8 })).toBe(8);
  });

  test('defaults of Retry, and what is given', () => {
    const given = {
      IntervalSeconds: 5,
      MaxAttempts: 0,
      BackoffRate: 1,
      MaxDelaySeconds: 60,
      JitterStrategy: 'FULL',
    };
    const { retry } = one('Task', {
      Resource: LAMBDA,
      Retry: [{ ErrorEquals: ['E'] }, { ErrorEquals: ['F'], ...given }],
      End: true,
    });
    expect(retry).toEqual([
      {
        errorEquals: ['E'],
        intervalSeconds: 1,
        maxAttempts: 3,
        backoffRate: 2,
        maxDelaySeconds: undefined,
        jitter: 'NONE',
      },
      {
        errorEquals: ['F'],
        intervalSeconds: 5,
        maxAttempts: 0,
        backoffRate: 1,
        maxDelaySeconds: 60,
        jitter: 'FULL',
      },
    ]);
  });

  test('Catch', () => {
    const discard = one('Task', {
      Resource: LAMBDA,
      Catch: [{ ErrorEquals: ['E'], Next: 'B', ResultPath: null }],
      End: true,
    });
    expect(discard.catch).toMatchObject([{ next: 'B', resultPath: 'discard', output: undefined }]);
    const output = one(
      'Task',
      { Resource: LAMBDA, Catch: [{ ErrorEquals: ['E'], Next: 'B', Output: '{% 1 %}' }], End: true },
      jsonata,
    );
    expect(valueOf(output.catch[0]?.output)).toBe(1);
  });

  test('Credentials', () => {
    const { credentials } = one('Task', { Resource: LAMBDA, Credentials: { 'RoleArn.$': '$.r' }, End: true });
    expect(valueOf(credentials, { r: 'arn' })).toEqual({ RoleArn: 'arn' });
  });
});

describe('Choice', () => {
  test('JSONPath', () => {
    const choice = one('Choice', {
      Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'B' }],
      Default: 'B',
    });
    expect(choice.default).toBe('B');
    expect(choice.rules[0]?.condition(environment({ document: { a: 1 } }))).toBe(true);
    expect(choice.rules[0]?.condition(environment({ document: { a: 2 } }))).toBe(false);
  });

  test('JSONata, and the literal true', () => {
    const rules = [
      { Condition: '{% $states.input.a = 1 %}', Next: 'B', Output: { o: '{% 1 %}' }, Assign: { v: 1 } },
      { Condition: true, Next: 'B' },
    ];
    const choice = one('Choice', { Choices: rules }, jsonata);
    expect(choice.rules[0]?.condition(environment({ document: { a: 1 } }))).toBe(true);
    expect(valueOf(choice.rules[0]?.output)).toEqual({ o: 1 });
    expect(choice.rules[0]?.assign?.(environment({}))).toEqual({ v: 1 });
    expect(choice.rules[1]?.condition(environment({}))).toBe(true);
  });
});

describe('Wait', () => {
  test.each([
    [{ Seconds: 3 }, { kind: 'seconds', seconds: 3 }],
    [
      { Timestamp: '2024-01-02T03:04:05.678Z' },
      { kind: 'timestamp', epochMs: Date.UTC(2024, 0, 2, 3, 4, 5, 678) },
    ],
    [{ SecondsPath: '$.s' }, { kind: 'secondsFrom', text: '$.s' }],
    [{ TimestampPath: '$.t' }, { kind: 'timestampFrom', text: '$.t' }],
    [
      { ...jsonata, Seconds: '{% 1 %}' },
      { kind: 'secondsFrom', text: '{% 1 %}' },
    ],
    [
      { ...jsonata, Timestamp: '{% $now() %}' },
      { kind: 'timestampFrom', text: '{% $now() %}' },
    ],
  ])('%j', (fields, expected) => {
    expect(one('Wait', { ...fields, End: true }).until).toMatchObject(expected);
  });

  test('a path that finds nothing has its own text', () => {
    const { until } = one('Wait', { SecondsPath: '$.s', End: true });
    expect(() => valueOf('evaluate' in until ? until.evaluate : undefined)).toThrow(
      'The SecondsPath parameter does not reference an input value: $.s',
    );
  });
});

test('Fail: literals, paths, intrinsic calls, expressions, nothing', () => {
  expect(valueOf(one('Fail', { Error: '$.e' }).error)).toBe('$.e');
  expect(valueOf(one('Fail', { ErrorPath: '$.e' }).error, { e: 'E' })).toBe('E');
  expect(valueOf(one('Fail', { CausePath: "States.Format('{}!', $.c)" }).cause, { c: 'C' })).toBe('C!');
  expect(valueOf(one('Fail', { Cause: '{% $states.input.c %}' }, jsonata).cause, { c: 'C' })).toBe('C');
  expect(one('Fail', {})).toMatchObject({ error: undefined, cause: undefined });
});

describe('Map and Parallel', () => {
  const inner = { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } };

  test('pointers of nested states; nested states take the language of the machine', () => {
    const parallel = one('Parallel', { Branches: [inner, inner], End: true, ...jsonata });
    expect(parallel.branches[1]?.states.get('I')).toMatchObject({
      pointer: '/States/A/Branches/1/States/I',
      queryLanguage: 'JSONPath',
    });
  });

  test('an inline Map', () => {
    const map = one('Map', {
      ItemProcessor: inner,
      ItemsPath: '$.i',
      ItemSelector: { 'x.$': '$.x' },
      MaxConcurrencyPath: '$.m',
      End: true,
    });
    expect(map).toMatchObject({ mode: 'INLINE', distributed: undefined, processor: { startAt: 'I' } });
    expect(valueOf(map.items, { i: [1] })).toEqual([1]);
    expect(valueOf(map.itemSelector, { x: 2 })).toEqual({ x: 2 });
    expect(valueOf(map.maxConcurrency, { m: 3 })).toBe(3);
  });

  test('the older names: Iterator, and Parameters for ItemSelector', () => {
    const map = one('Map', { Iterator: inner, Parameters: { 'x.$': '$.x' }, End: true });
    expect(map.flow.parameters).toBeUndefined();
    expect(valueOf(map.itemSelector, { x: 2 })).toEqual({ x: 2 });
    expect(map.processor.states.get('I')?.pointer).toBe('/States/A/Iterator/States/I');
  });

  test('a distributed Map', () => {
    const config = { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' };
    const map = one('Map', {
      ItemProcessor: { ...inner, ProcessorConfig: config },
      Label: 'l',
      ToleratedFailurePercentage: 5,
      ToleratedFailureCountPath: '$.count',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        Parameters: { Bucket: 'b', 'Key.$': '$.key' },
        ReaderConfig: { InputType: 'JSON', MaxItems: 7 },
      },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { 'of.$': '$.key' } },
      ResultWriter: { WriterConfig: { OutputType: 'JSONL', Transformation: 'FLATTEN' } },
      End: true,
    });
    expect(map).toMatchObject({
      mode: 'DISTRIBUTED',
      toleratedFailurePercentage: 5,
      toleratedFailureCount: { text: '$.count' },
      distributed: {
        label: 'l',
        executionType: 'EXPRESS',
        reader: { resource: 'arn:aws:states:::s3:getObject', maxItems: 7 },
        batcher: { maxItemsPerBatch: 2, maxInputBytesPerBatch: undefined },
        writer: { resource: undefined, outputType: 'JSONL', transformation: 'FLATTEN' },
      },
    });
    const { reader, batcher } = map.distributed ?? {};
    expect(valueOf(reader?.parameters, { key: 'k' })).toEqual({ Bucket: 'b', Key: 'k' });
    expect(valueOf(reader?.config)).toEqual({ InputType: 'JSON' });
    expect(valueOf(batcher?.batchInput, { key: 'k' })).toEqual({ of: 'k' });
  });

  test('Items in JSONata', () => {
    const map = one('Map', { ItemProcessor: inner, Items: '{% [1..3] %}', End: true }, jsonata);
    expect(valueOf(map.items)).toEqual([1, 2, 3]);
  });
});

test('a definition that check refuses is a mistake of the program', () => {
  expect(() => compile({ StartAt: 'A', States: {} })).toThrow('check refuses');
  expect(() => compile({ StartAt: 'A', States: { A: { Type: 'toString' } } })).toThrow('check refuses');
});

test('load: a program, or errors', () => {
  expect(load('{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}')).toMatchObject({
    program: { states: {} },
    diagnostics: [],
  });
  expect(load('{"StartAt":"A"}')).toMatchObject({ program: undefined, diagnostics: [{ pointer: '' }] });
  expect(load('')).toMatchObject({ program: undefined, definition: undefined });
});
