/** The contract with the installed SDK: the generated shapes and its schemas must describe the same requests. */
import * as sdk from '@aws-sdk/client-sfn';
import { expect, test } from 'vitest';
import type { Shape } from '../../protocol/shape.ts';
import { INPUT_SHAPES } from './input-shapes.ts';

/**
 * The SDK's schemas, the part read here: `[9, ns, name, traits, input, output]` is an operation, `[3, ns, name, traits,
 * memberNames, memberSchemas, requiredCount]` a structure whose required members come first, `[1, ns, name, traits, member]` a
 * list, `[2, ns, name, traits, key, value]` a map, `[0, ns, name, traits, type]` a simple type with traits; a number is a
 * simple type: 0 string, 1 number, 2 boolean, 64|x a list and 128|x a map of x. A function gives
 * the schema late, and `[schema, traits]` is a member with traits of its own.
 */
type Schema = number | readonly unknown[] | (() => Schema);

const STRING = 0;
const NUMBER = 1;
const BOOLEAN = 2;
const LIST_BIT = 64;
const MAP_BIT = 128;

function resolve(schema: Schema): number | readonly unknown[] {
  return typeof schema === 'function' ? resolve(schema()) : schema;
}

function simple(kind: number): string {
  if ((kind & MAP_BIT) !== 0) return `map of ${simple(kind & ~MAP_BIT)}`;
  if ((kind & LIST_BIT) !== 0) return `list of ${simple(kind & ~LIST_BIT)}`;
  const name = new Map([
    [STRING, 'string'],
    [NUMBER, 'number'],
    [BOOLEAN, 'boolean'],
  ]).get(kind);
  if (name === undefined) throw new Error(`the SDK's schema of type ${kind} is not known here`);
  return name;
}

function describeSdk(schema: Schema): string {
  const value = resolve(schema);
  if (typeof value === 'number') return simple(value);
  if (value.length === 2) return describeSdk(value[0] as Schema);
  switch (value[0]) {
    case 0:
      return simple(value[4] as number);
    case 1:
      return `list of ${describeSdk(value[4] as Schema)}`;
    case 2:
      return `map of ${describeSdk(value[5] as Schema)}`;
    case 3: {
      const names = value[4] as readonly string[];
      const schemas = value[5] as readonly Schema[];
      const requiredCount = (value[6] as number | undefined) ?? 0;
      const members = names.map(
        (name, i) => `${name}${i < requiredCount ? '!' : ''}: ${describeSdk(schemas[i] ?? -1)}`,
      );
      return `{ ${members.toSorted().join(', ')} }`;
    }
    default:
      throw new Error(`the SDK's schema ${JSON.stringify(value)} is not known here`);
  }
}

function describeOurs(name: string): string {
  const shape: Shape | undefined = INPUT_SHAPES.shapes[name];
  if (shape === undefined) throw new Error(`no shape ${name}`);
  if (shape.kind === 'list' || shape.kind === 'map') return `${shape.kind} of ${describeOurs(shape.member)}`;
  if (shape.kind !== 'structure') return shape.kind;
  const required = new Set(shape.required);
  const members = Object.entries(shape.members).map(
    ([key, m]) => `${key}${required.has(key) ? '!' : ''}: ${describeOurs(m)}`,
  );
  return `{ ${members.toSorted().join(', ')} }`;
}

const operations = Object.entries(sdk as unknown as Readonly<Record<string, Schema>>)
  .filter(([name, value]) => name.endsWith('$') && Array.isArray(value) && value[0] === 9)
  .map(([name, value]) => [name.slice(0, -1), value as readonly unknown[]] as const);

test('both know the same 37 operations', () => {
  expect(operations.map(([name]) => name).toSorted()).toEqual(
    Object.keys(INPUT_SHAPES.operations).toSorted(),
  );
  expect(operations).toHaveLength(37);
});

test.each(operations)('%s takes what the SDK sends', (name, schema) => {
  expect(describeOurs(INPUT_SHAPES.operations[name] ?? '')).toBe(describeSdk(sdkInput(name, schema)));
});

/** The operation's entry leaves its input empty when the installed version keeps it under the shape's own name. */
function sdkInput(name: string, schema: readonly unknown[]): Schema {
  const named = (sdk as unknown as Readonly<Record<string, Schema | undefined>>)[
    `${INPUT_SHAPES.operations[name]}$`
  ];
  const input = (schema[4] ?? named) as Schema | undefined;
  if (input === undefined) throw new Error(`no input schema for ${name}`);
  return input;
}
