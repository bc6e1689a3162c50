import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import * as fc from 'fast-check';

/** The execution input that every random machine is meant for: `items` are what its Maps map over. */
export const RANDOM_INPUT: JsonObject = { items: [1, 2, 3], none: [] };

export const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';
export const ACTIVITY = 'arn:aws:states:us-east-1:000000000000:activity:a';

type Language = 'JSONPath' | 'JSONata';

/** States in the order of their line, yet without names: `Branches` and `ItemProcessor` hold lines. */
interface Line {
  readonly bodies: readonly JsonObject[];
}

/**
 * Well-formed machines: every type of state, both query languages and both in one machine, variables, Retry and Catch, timeouts and
 * heartbeats, branches and iterations two deep, map runs, callbacks, jobs, activities. Transitions only go forward, so all of
 * them come to an end if what they call does.
 */
export const randomMachine: fc.Arbitrary<JsonObject> = fc
  .record({
    language: fc.constantFrom<Language>('JSONPath', 'JSONata'),
    timeout: fc.option(fc.integer({ min: 5, max: 60 }), { nil: undefined, freq: 3 }),
  })
  .chain(({ language, timeout }) =>
    line(language, 2).map((states): JsonObject => ({
      QueryLanguage: language,
      ...(timeout === undefined ? {} : { TimeoutSeconds: timeout }),
      ...named({ bodies: [firstState(language), ...states.bodies] }, namer()),
    })),
  );

/** Gives `x` and `list` their first values: everything after it may refer to them. */
function firstState(language: Language): JsonObject {
  return language === 'JSONata'
    ? { Type: 'Pass', Assign: { x: 0, list: '{% $states.input.items %}' } }
    : { Type: 'Pass', Assign: { x: 0, 'list.$': '$.items' } };
}

function namer(): () => string {
  let count = 0;
  return () => `S${++count}`;
}

/** Names are unique in the whole machine, as on AWS. A variable is named after the state that assigns it. */
function named({ bodies }: Line, name: () => string): JsonObject {
  const names = bodies.map(name);
  const states = bodies.map((body, index): [string, JsonObject] => {
    const own = names[index] ?? '';
    return [own, linked(nested(body, own, name), names.slice(index + 1))];
  });
  return { StartAt: names[0] ?? '', States: Object.fromEntries(states) };
}

/** Gives names to what is inside: lines of branches and processors, and the variable `own`. */
function nested(body: JsonObject, own: string, name: () => string): JsonObject {
  const inside = Object.entries(body).map(([key, value]): [string, Json] => {
    if (key === 'Branches' && isArray(value))
      return [key, value.map((branch) => named(lineOf(branch), name))];
    if (key === 'ItemProcessor' && isObject(value)) {
      const { ProcessorConfig, ...rest } = value;
      return [key, { ProcessorConfig: ProcessorConfig ?? {}, ...named(lineOf(rest), name) }];
    }
    if (key === 'Assign' && isObject(value)) return [key, renamed(value, own)];
    return [key, value];
  });
  return Object.fromEntries(inside);
}

function renamed(assign: JsonObject, own: string): JsonObject {
  return Object.fromEntries(
    Object.entries(assign).map(([variable, value]) => [variable.replace(/^own/u, `of${own}`), value]),
  );
}

function lineOf(value: Json): Line {
  const bodies = isObject(value) && isArray(value['bodies']) ? value['bodies'].filter(isObject) : [];
  return { bodies };
}

/** Every state goes on to the next one, a catcher too, a Choice to that or any later one; the last one ends the line. */
function linked(body: JsonObject, later: readonly string[]): JsonObject {
  const { Caught, Rule, Far, ...rest } = body;
  if (rest['Type'] === 'Fail' || rest['Type'] === 'Succeed') return rest;
  const next = later[0];
  if (rest['Type'] === 'Choice') {
    if (next === undefined) return { Type: 'Succeed', ...queryLanguage(rest) };
    const far = later[Number(Far) % later.length] ?? next;
    return { ...rest, Choices: [{ ...(isObject(Rule) ? Rule : {}), Next: next }], Default: far };
  }
  if (next === undefined) return { ...rest, End: true };
  const caught = isObject(Caught) ? { Catch: [{ ...Caught, Next: next }] } : {};
  return { ...rest, ...caught, Next: next };
}

function queryLanguage(body: JsonObject): JsonObject {
  return body['QueryLanguage'] === undefined ? {} : { QueryLanguage: body['QueryLanguage'] };
}

function line(language: Language, depth: number): fc.Arbitrary<Line> {
  return fc
    .array(state(language, depth), { minLength: 1, maxLength: depth === 0 ? 2 : 4 })
    .map((bodies) => ({ bodies: untilEnding(bodies) }));
}

/** What comes after a Succeed or Fail could not be reached. */
function untilEnding(bodies: readonly JsonObject[]): readonly JsonObject[] {
  const end = bodies.findIndex(({ Type }) => Type === 'Succeed' || Type === 'Fail');
  return end === -1 ? bodies : bodies.slice(0, end + 1);
}

/** In a JSONPath machine a state may be JSONata; the other way round AWS refuses. */
function state(machine: Language, depth: number): fc.Arbitrary<JsonObject> {
  if (machine === 'JSONata') return stateIn('JSONata', machine, depth);
  return fc.oneof(
    { weight: 2, arbitrary: stateIn('JSONPath', machine, depth) },
    {
      weight: 1,
      arbitrary: stateIn('JSONata', machine, depth).map((body) => ({ ...body, QueryLanguage: 'JSONata' })),
    },
  );
}

function stateIn(language: Language, machine: Language, depth: number): fc.Arbitrary<JsonObject> {
  const leaf = fc.oneof(
    { weight: 3, arbitrary: pass(language) },
    { weight: 1, arbitrary: ending(language) },
    { weight: 2, arbitrary: wait(language) },
    { weight: 2, arbitrary: choice(language) },
    { weight: 6, arbitrary: task(language) },
  );
  if (depth === 0) return leaf;
  const inner = line(machine, depth - 1);
  return fc.oneof(
    { weight: 5, arbitrary: leaf },
    { weight: 2, arbitrary: parallel(language, inner) },
    { weight: 2, arbitrary: map(language, inner) },
    { weight: 1, arbitrary: distributedMap(language) },
  );
}

function pass(language: Language): fc.Arbitrary<JsonObject> {
  const bodies: readonly JsonObject[] =
    language === 'JSONata'
      ? [
          {},
          { Output: '{% $states.input %}' },
          { Output: '{% $x + 1 %}' },
          { Output: { a: '{% $list %}', r: '{% $random() %}' } },
          { Output: '{% $states.input.no.such.member %}' },
          { Assign: { own: '{% $uuid() %}' } },
          { Assign: { own: '{% $x / 0 %}' } },
        ]
      : [
          {},
          { Result: { n: 1 } },
          { InputPath: null },
          { Parameters: { 'a.$': '$', 'x.$': '$x' } },
          { Parameters: { 'u.$': 'States.UUID()' }, ResultPath: '$.p' },
          { OutputPath: '$.no.such.member' },
          { Assign: { 'own.$': '$list[0]' } },
        ];
  return fc.constantFrom(...bodies).map((body) => ({ Type: 'Pass', ...body }));
}

function ending(language: Language): fc.Arbitrary<JsonObject> {
  return fc.constantFrom<JsonObject>(
    { Type: 'Succeed', ...(language === 'JSONata' ? { Output: '{% $x %}' } : { InputPath: '$' }) },
    { Type: 'Fail', Error: 'E1', Cause: 'on purpose' },
    { Type: 'Fail' },
  );
}

function wait(language: Language): fc.Arbitrary<JsonObject> {
  const bodies: readonly JsonObject[] =
    language === 'JSONata'
      ? [{ Seconds: 2 }, { Seconds: '{% $x + 1 %}' }, { Timestamp: '1970-01-01T00:00:09Z' }]
      : [
          { Seconds: 0 },
          { Seconds: 3 },
          { SecondsPath: '$.items[1]' },
          { Timestamp: '1970-01-01T00:00:09Z' },
        ];
  return fc.constantFrom(...bodies).map((body) => ({ Type: 'Wait', ...body }));
}

function choice(language: Language): fc.Arbitrary<JsonObject> {
  const rules: readonly JsonObject[] =
    language === 'JSONata'
      ? [
          { Condition: '{% $x = 0 %}' },
          { Condition: '{% $random() < 0.5 %}' },
          { Condition: '{% $count($list) > 9 %}' },
        ]
      : [
          { Variable: '$x', NumericEquals: 0 },
          { Variable: '$.items', IsPresent: true },
          { Not: { Variable: '$list[0]', NumericGreaterThan: 0 } },
        ];
  return fc.record({ Rule: fc.constantFrom(...rules), Far: fc.nat(5) }).map((fields) => ({
    Type: 'Choice',
    ...fields,
  }));
}

const ERRORS = ['E1', 'E2', 'States.Timeout', 'States.HeartbeatTimeout', 'States.TaskFailed'] as const;

/** `States.ALL` stands alone and last. */
const retry: fc.Arbitrary<JsonObject[]> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...ERRORS), { maxLength: 2 }),
    all: fc.boolean(),
    MaxAttempts: fc.nat(2),
    BackoffRate: fc.constantFrom(1, 2),
    jitter: fc.boolean(),
  })
  .map(({ names, all, MaxAttempts, BackoffRate, jitter }) =>
    [...names, ...(all ? ['States.ALL'] : [])].map((name) => ({
      ErrorEquals: [name],
      IntervalSeconds: 1,
      MaxAttempts,
      BackoffRate,
      MaxDelaySeconds: 9,
      ...(jitter ? { JitterStrategy: 'FULL' } : {}),
    })),
  );

/** `Caught` becomes a Catch to the next state, where there is one. */
function handlers(language: Language): fc.Arbitrary<JsonObject> {
  const results: readonly JsonObject[] =
    language === 'JSONata'
      ? [
          {},
          { Output: '{% $states.errorOutput %}' },
          { Assign: { caught: '{% $states.errorOutput.Error %}' } },
        ]
      : [{}, { ResultPath: '$.error' }, { ResultPath: null }];
  const caught = fc
    .record({ name: fc.constantFrom(...ERRORS, 'States.ALL'), result: fc.constantFrom(...results) })
    .map(({ name, result }): JsonObject => ({ ErrorEquals: [name], ...result }));
  return fc
    .record({ Retry: fc.option(retry), Caught: fc.option(caught, { freq: 3 }) })
    .map(({ Retry, Caught }) => ({
      ...(Retry === null ? {} : { Retry }),
      ...(Caught === null ? {} : { Caught }),
    }));
}

function task(language: Language): fc.Arbitrary<JsonObject> {
  const argument = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const message =
    language === 'JSONata'
      ? { MessageBody: '{% $states.context.Task.Token %}' }
      : { 'MessageBody.$': '$$.Task.Token' };
  const resources: readonly JsonObject[] = [
    { Resource: LAMBDA },
    { Resource: ACTIVITY },
    { Resource: 'arn:aws:states:::lambda:invoke', [argument]: { FunctionName: 'f' } },
    { Resource: 'arn:aws:states:::aws-sdk:sqs:listQueues', [argument]: {} },
    { Resource: 'arn:aws:states:::ecs:runTask.sync', [argument]: { TaskDefinition: 't' } },
    {
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      [argument]: { QueueUrl: 'q', ...message },
    },
  ];
  const limits = fc.constantFrom<JsonObject>(
    {},
    { TimeoutSeconds: 5 },
    { TimeoutSeconds: 9, HeartbeatSeconds: 2 },
  );
  return fc
    .record({ resource: fc.constantFrom(...resources), limits, handling: handlers(language) })
    .map(({ resource, limits: seconds, handling }) => ({
      Type: 'Task',
      ...resource,
      ...seconds,
      ...handling,
    }));
}

function parallel(language: Language, inner: fc.Arbitrary<Line>): fc.Arbitrary<JsonObject> {
  return fc
    .record({ Branches: fc.array(inner, { minLength: 1, maxLength: 3 }), handling: handlers(language) })
    .map(({ Branches, handling }) => ({ Type: 'Parallel', Branches: Branches.map(asJson), ...handling }));
}

function map(language: Language, inner: fc.Arbitrary<Line>): fc.Arbitrary<JsonObject> {
  return fc
    .record({ processor: inner, MaxConcurrency: fc.nat(3), handling: handlers(language), isEmpty: fc.nat(5) })
    .map(({ processor, MaxConcurrency, handling, isEmpty }) => ({
      Type: 'Map',
      ...itemsOf(language, isEmpty === 0),
      MaxConcurrency,
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...asJson(processor) },
      ...handling,
    }));
}

function itemsOf(language: Language, isEmpty: boolean): JsonObject {
  if (language === 'JSONata') return { Items: isEmpty ? [] : '{% $list %}' };
  return { ItemsPath: isEmpty ? '$$.Execution.Input.none' : '$$.Execution.Input.items' };
}

/** A processor sees no variables from outside, so it is a plain one: its children are not run here. */
function distributedMap(language: Language): fc.Arbitrary<JsonObject> {
  const argument = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const reader = { Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: { InputType: 'JSONL' } };
  const sources: readonly JsonObject[] = [
    itemsOf(language, false),
    { ItemReader: { ...reader, [argument]: { Bucket: 'b', Key: 'k' } } },
  ];
  const writer = { Resource: 'arn:aws:states:::s3:putObject', [argument]: { Bucket: 'b', Prefix: 'p' } };
  return fc
    .record({
      source: fc.constantFrom(...sources),
      batch: fc.constantFrom<JsonObject>({}, { ItemBatcher: { MaxItemsPerBatch: 2 } }),
      target: fc.constantFrom<JsonObject>({}, { ResultWriter: writer }),
      tolerated: fc.constantFrom<JsonObject>(
        {},
        { ToleratedFailureCount: 1 },
        { ToleratedFailurePercentage: 50 },
      ),
      MaxConcurrency: fc.nat(3),
      ExecutionType: fc.constantFrom('STANDARD', 'EXPRESS'),
      handling: handlers(language),
    })
    .map(({ source, batch, target, tolerated, MaxConcurrency, ExecutionType, handling }) => ({
      Type: 'Map',
      ...source,
      ...batch,
      ...target,
      ...tolerated,
      MaxConcurrency,
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, bodies: [{ Type: 'Pass' }] },
      ...handling,
    }));
}

function asJson({ bodies }: Line): JsonObject {
  return { bodies };
}
