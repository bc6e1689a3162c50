import type { Json, JsonObject } from '@stepyard/asl';
import type { Shape } from '../protocol/shape.ts';
import { INPUT_SHAPES } from '../stepfunctions/model/input-shapes.ts';
import type { Random } from './random.fixture.ts';

/** Names of things that exist, by the member that takes them; they come from the answers to earlier requests. */
export class Pool {
  readonly #values = new Map<string, string[]>();

  add(member: string, value: string): void {
    const known = this.#values.get(member) ?? [];
    // Old ones go: what was deleted long ago is no news.
    this.#values.set(member, [...known.slice(-19), value]);
  }

  get(member: string): readonly string[] {
    return this.#values.get(member) ?? [];
  }

  /** Keeps every ARN and token of an answer. */
  learn(answer: JsonObject): void {
    for (const [member, value] of Object.entries(answer)) {
      if (typeof value === 'string' && /(?:Arn|[tT]oken)$/u.test(member)) {
        this.add(member, value);
        if (/^(?:stateMachineArn|activityArn)$/u.test(member)) this.add('resourceArn', value);
      }
      if (Array.isArray(value)) for (const item of value.slice(0, 3)) if (isRecord(item)) this.learn(item);
    }
  }
}

function isRecord(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface FuzzRequest {
  readonly operation: string;
  readonly body: Json;
}

export const OPERATION_NAMES = Object.keys(INPUT_SHAPES.operations);

/** One request: an operation, and a body that fits its model more often than not. */
export function fuzzRequest(random: Random, pool: Pool): FuzzRequest {
  const operation = random.pick(OPERATION_NAMES);
  const shape = INPUT_SHAPES.operations[operation] ?? '';
  const wildness = random.pick([0, 0, 0.02, 0.1, 0.5]);
  return { operation, body: valueOf(shape, { operation, random, pool, wildness }, '', 0) };
}

interface Making {
  readonly operation: string;
  readonly random: Random;
  readonly pool: Pool;
  /** How often a value is not what its shape says. */
  readonly wildness: number;
}

const DEPTH_MAX = 6;
/** Members that are nearly always refused when they are made up. */
const RARE: ReadonlySet<string> = new Set([
  'nextToken',
  'encryptionConfiguration',
  'loggingConfiguration',
  'revisionId',
  'mock',
  'stateName',
  'stateConfiguration',
  'context',
  'mapRunArn',
]);

function valueOf(shapeName: string, making: Making, member: string, depth: number): Json {
  const { random, wildness } = making;
  if (random.chance(wildness)) return wildValue(random);
  const shape: Shape | undefined = INPUT_SHAPES.shapes[shapeName];
  switch (shape?.kind) {
    case undefined:
      return null;
    case 'string':
      return shape.values === undefined
        ? textFor(member, shape.max ?? 64, making)
        : random.pick(shape.values);
    case 'number': {
      const { min = 0, max = 2_147_483_647 } = shape;
      return random.pick([min, max, min + random.int(Math.min(max - min, 1000) + 1), 1, 0, max + 1, min - 1]);
    }
    case 'boolean':
      return random.chance(0.5);
    case 'list':
      return Array.from({ length: random.pick([0, 1, 1, 1, 2, 3, 51]) }, () =>
        depth > DEPTH_MAX ? null : valueOf(shape.member, making, member, depth + 1),
      );
    case 'map':
      return Object.fromEntries(
        Array.from({ length: random.int(3) }, (_, index) => [
          `k${index}`,
          valueOf(shape.member, making, member, depth + 1),
        ]),
      );
    case 'structure':
      return structureOf(shape, making, depth);
  }
}

function structureOf(shape: Extract<Shape, { kind: 'structure' }>, making: Making, depth: number): Json {
  const { random, wildness } = making;
  const made: Record<string, Json> = {};
  for (const [name, inner] of Object.entries(shape.members)) {
    const isRequired = shape.required?.includes(name) === true;
    const wanted = isRequired ? !random.chance(wildness / 2) : random.chance(RARE.has(name) ? 0.05 : 0.4);
    if (wanted) made[name] = valueOf(inner, making, name, depth + 1);
  }
  if (random.chance(wildness))
    Object.defineProperty(made, random.pick(ODD_KEYS), { value: wildValue(random), enumerable: true });
  return made;
}

function textFor(member: string, max: number, { operation, random, pool }: Making): string {
  const known = pool.get(member);
  if (known.length > 0 && random.chance(0.7)) return random.pick(known);
  if (member === 'definition' && operation === 'TestState' && random.chance(0.8))
    return JSON.stringify(random.pick(STATES));
  if (member === 'definition') return random.pick(DEFINITIONS);
  if (/^(?:input|output|context|variables|mock|stateConfiguration|cause)$/u.test(member))
    return random.pick(JSON_TEXTS);
  if (member === 'name') return random.chance(0.9) ? `n${random.int(40)}` : random.pick(ODD_TEXTS);
  if (member === 'roleArn' || member === 'role') return 'arn:aws:iam::000000000000:role/r';
  return random.chance(0.3)
    ? 'x'.repeat(Math.min(max + random.int(3) - 1, 4000))
    : random.pick([...ODD_TEXTS, ...ODD_ARNS]);
}

export const ODD_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '',
  '\u0000',
  '0',
  '\ud800',
];

export const ODD_TEXTS = [
  '',
  ' ',
  'a',
  '\u0000',
  '\ud800',
  '\udfff\ud800',
  '\u202e\u0007',
  '{{',
  '${A}',
  '$',
  '$.',
  '{% 1 %}',
  '../../etc/passwd',
  "' OR 1=1 --",
  '<script>',
  '%00',
  '\r\nX: y',
  '1e999',
  'null',
  '-1',
  '９',
  'ａ'.repeat(80),
  '😀'.repeat(40),
];

const ODD_ARNS = [
  'arn:aws:states:us-east-1:000000000000:stateMachine:none',
  'arn:aws:states:us-east-1:000000000000:execution:none:none',
  'arn:aws:states:us-east-1:000000000000:express:n:n:n',
  'arn:aws:states:us-east-1:000000000000:activity:none',
  'arn:aws:states:us-east-1:000000000000:mapRun:a/b:c',
  'arn:aws:states:us-east-1:000000000000:stateMachine:n:1',
  'arn:aws:states:us-east-1:000000000000:stateMachine:__proto__',
  'arn:aws:states:eu-west-9:123:stateMachine:n',
  'arn:::::::',
  'arn',
  'arn:aws:states:us-east-1:000000000000:stateMachine:n#case',
  'arn:aws:sns:us-east-1:000000000000:t',
];

const NUMBERS = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, 5e-324];

function wildValue(random: Random): Json {
  switch (random.int(8)) {
    case 0:
      return null;
    case 1:
      return random.pick(NUMBERS);
    case 2:
      return random.pick(ODD_TEXTS);
    case 3:
      return random.chance(0.5);
    case 4:
      return [];
    case 5:
      return Array.from({ length: random.int(200) }, (_, index) => index);
    case 6:
      return JSON.parse(`{"${random.pick(['__proto__', 'constructor', 'a'])}":{"toString":1}}`) as Json;
    default: {
      let value: Json = 'deep';
      for (let level = random.int(100); level > 0; level--)
        value = random.chance(0.5) ? [value] : { a: value };
      return value;
    }
  }
}

const JSON_TEXTS = [
  '{"List":[1,2]}',
  '{"List":[1],"n":1}',
  '{}',
  '{"n":1}',
  '[]',
  '"x"',
  '1',
  'null',
  '',
  '{',
  '{"__proto__":{"a":1}}',
  '[1,2,3]',
  '{"a":1e400}',
  '"\\ud800"',
  '['.repeat(2000),
  `"${'y'.repeat(5000)}"`,
  '{"List":[1,2,3],"n":-0}',
];

const STATES: readonly JsonObject[] = [
  { Type: 'Pass', End: true },
  { Type: 'Succeed' },
  { Type: 'Fail', Error: 'E', Cause: 'c' },
  { Type: 'Wait', Seconds: 1, End: true },
  {
    Type: 'Task',
    Resource: 'arn:aws:states:us-east-1:000000000000:activity:n1',
    TimeoutSeconds: 5,
    End: true,
  },
  {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
    End: true,
  },
  { Type: 'Pass', Parameters: { 'a.$': 'States.Array($.n, $$.Execution.Id)' }, End: true },
  { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.n + 1 %}', End: true },
  {
    Type: 'Map',
    ItemsPath: '$.List',
    ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
    End: true,
  },
  { Type: 'Parallel', Branches: [{ StartAt: 'B', States: { B: { Type: 'Succeed' } } }], End: true },
  { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'A' }], Default: 'A' },
];

const DISTRIBUTED = {
  Type: 'Map',
  Label: 'L',
  ItemSelector: { 'n.$': '$$.Map.Item.Value' },
  ItemsPath: '$.List',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: 'I',
    States: { I: { Type: 'Wait', Seconds: 2, End: true } },
  },
  End: true,
};

/** Right ones of each kind of state, and wrong ones. */
const DEFINITIONS: readonly string[] = [
  ...[...STATES, DISTRIBUTED, DISTRIBUTED].map((state) =>
    JSON.stringify({ StartAt: 'A', States: { A: state } }),
  ),
  '{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}',
  '{"StartAt":"__proto__","States":{"__proto__":{"Type":"Succeed"}}}',
  '{"StartAt":"A","States":{"A":{"Type":"constructor"}}}',
  '{"States":{}}',
  '[]',
  '{',
  '',
  'null',
  '"{}"',
  '{"StartAt":1}',
  `{"StartAt":"A","States":{"A":${'{"A":'.repeat(1500)}1${'}'.repeat(1500)}}}`,
];
