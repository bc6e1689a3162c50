/** Every constraint of every member of every request: what is at its limit passes, what is one past it is refused in AWS's words. */
import { expect, test } from 'vitest';
import { setOwn, type Json, type JsonObject } from '@stepyard/asl';
import type { Shape } from '../../protocol/shape.ts';
import { validateInput } from '../../protocol/validate.ts';
import { INPUT_SHAPES } from './input-shapes.ts';

interface Probe {
  readonly operation: string;
  /** The member's path, as messages have it. */
  readonly at: string;
  readonly what: string;
  readonly input: Json;
  /** What the refusal says; undefined: it passes. */
  readonly constraint: string | undefined;
}

const shapeOf = (name: string): Shape => {
  const shape = INPUT_SHAPES.shapes[name];
  if (shape === undefined) throw new Error(`no shape ${name}`);
  return shape;
};

/** The least value that a shape takes. */
function sample(name: string): Json {
  const shape = shapeOf(name);
  switch (shape.kind) {
    case 'string':
      return shape.values?.[0] ?? 'a'.repeat(Math.max(shape.min ?? 0, 1));
    case 'number':
      return shape.min ?? 1;
    case 'boolean':
      return true;
    case 'list':
      return Array.from({ length: shape.min ?? 0 }, () => sample(shape.member));
    case 'map':
      return {};
    case 'structure':
      return Object.fromEntries(
        (shape.required ?? []).map((member) => [member, sample(shape.members[member] ?? '')]),
      );
  }
}

const atLeast = (what: string, limit: number): string =>
  `Member must have ${what} greater than or equal to ${limit}`;
const atMost = (what: string, limit: number): string =>
  `Member must have ${what} less than or equal to ${limit}`;

/** Values of one member, each with what is said of it. */
function* values(name: string): Generator<[what: string, value: Json, constraint: string | undefined]> {
  const shape = shapeOf(name);
  if (shape.kind === 'number') {
    if (shape.min !== undefined) yield ['below the minimum', shape.min - 1, atLeast('value', shape.min)];
    if (shape.max !== undefined) {
      yield ['the maximum', shape.max, undefined];
      yield ['above the maximum', shape.max + 1, atMost('value', shape.max)];
    }
  }
  if (shape.kind === 'string') {
    const { min = 0, max, values: allowed, pattern } = shape;
    if (min > 0) yield ['too short', 'a'.repeat(min - 1), atLeast('length', min)];
    if (max !== undefined) {
      if (allowed === undefined) yield ['as long as it may be', 'a'.repeat(max), undefined];
      yield ['too long', 'a'.repeat(max + 1), atMost('length', max)];
    }
    if (allowed !== undefined) {
      yield ['no such value', 'no-such-value', 'Member must satisfy enum value set: ['];
      for (const value of allowed) yield [value, value, undefined];
    }
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'su').test('\u00e9')) {
      yield ['another character', '\u00e9', 'Member must satisfy regular expression pattern: '];
    }
  }
  if (shape.kind === 'list') {
    const items = (length: number): Json => Array.from({ length }, () => sample(shape.member));
    if (shape.max !== undefined) yield ['too many', items(shape.max + 1), atMost('length', shape.max)];
    if ((shape.min ?? 0) > 0) yield ['too few', [], atLeast('length', shape.min ?? 0)];
  }
}

/** All members at any depth, with a way to put a value there into an input that is right otherwise. */
function* members(
  name: string,
  at: string,
  put: (value: Json) => Json,
): Generator<{ at: string; shape: string; isRequired: boolean; put: (value: Json | undefined) => Json }> {
  const shape = shapeOf(name);
  if (shape.kind === 'list') {
    yield* members(shape.member, `${at}.1.member`, (value) => put([value]));
    return;
  }
  if (shape.kind !== 'structure') return;
  for (const [member, memberShape] of Object.entries(shape.members)) {
    const memberAt = at === '' ? member : `${at}.${member}`;
    const putMember = (value: Json | undefined): Json => {
      const { [member]: _left, ...rest } = sample(name) as JsonObject;
      const whole: Record<string, Json> = { ...rest };
      if (value !== undefined) setOwn(whole, member, value);
      return put(whole);
    };
    const isRequired = shape.required?.includes(member) === true;
    yield { at: memberAt, shape: memberShape, isRequired, put: putMember };
    yield* members(memberShape, memberAt, putMember);
  }
}

function* probes(): Generator<Probe> {
  for (const [operation, inputShape] of Object.entries(INPUT_SHAPES.operations)) {
    for (const { at, shape, isRequired, put } of members(inputShape, '', (value) => value)) {
      if (isRequired) {
        const constraint = 'Member must not be null';
        yield { operation, at, what: 'missing', input: put(undefined), constraint };
        yield { operation, at, what: 'null', input: put(null), constraint };
      }
      for (const [what, value, constraint] of values(shape)) {
        yield { operation, at, what, input: put(value), constraint };
      }
    }
  }
}

function refusal(operation: string, input: Json): string | undefined {
  try {
    validateInput(INPUT_SHAPES, operation, input);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const all = [...probes()];

test('there is something to probe in every operation', () => {
  const probed = new Set(all.map(({ operation }) => operation));
  expect(Object.keys(INPUT_SHAPES.operations).filter((operation) => !probed.has(operation))).toEqual([]);
  expect(all.length).toBeGreaterThan(400);
});

test('each constraint holds at its limit and is named one past it', () => {
  const wrong = all.filter(({ operation, at, input, constraint }) => {
    const message = refusal(operation, input);
    if (constraint === undefined) return message !== undefined;
    return (
      message === undefined || !message.includes(`at '${at}' failed to satisfy constraint: ${constraint}`)
    );
  });
  expect(wrong.map(({ operation, at, what }) => `${operation} ${at}: ${what}`)).toEqual([]);
});
