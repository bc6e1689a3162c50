import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';
import { ApiError } from './api-error.ts';
import type { ApiModel, NumberShape, Shape, StringShape, StructureShape } from './shape.ts';

/**
 * Checks a request's body against the operation's shape and gives what the operation may read: known members only, never
 * null (on the wire null means absent).
 *
 * Throws SerializationException for a value of a wrong type and ValidationException, naming every constraint that is not
 * met in AWS's words, for the rest.
 */
export function validateInput(model: ApiModel, operation: string, body: Json): JsonObject {
  const shapeName = model.operations[operation];
  if (shapeName === undefined) throw new Error(`no input shape for ${operation}`);
  const errors: string[] = [];
  const value = visit({ model, errors }, shapeName, body, '');
  if (errors.length > 0) {
    const count = errors.length === 1 ? '1 validation error' : `${errors.length} validation errors`;
    throw new ApiError('ValidationException', `${count} detected: ${errors.join('; ')}`);
  }
  return value as JsonObject;
}

interface Walk {
  readonly model: ApiModel;
  readonly errors: string[];
}

function visit(walk: Walk, shapeName: string, value: Json, at: string): Json {
  const shape = walk.model.shapes[shapeName];
  if (shape === undefined) throw new Error(`no shape ${shapeName}`);
  switch (shape.kind) {
    case 'string':
      return visitString(walk, shape, value, at);
    case 'number':
      return visitNumber(walk, shape, value, at);
    case 'boolean':
      if (typeof value !== 'boolean') throw mistyped(value, 'Boolean');
      return value;
    case 'list': {
      if (!isArray(value)) throw new ApiError('SerializationException', 'Expected list or null');
      checkLength(walk, shape, value.length, value, at);
      return value.map((item, index) => visit(walk, shape.member, item, `${at}.${index + 1}.member`));
    }
    case 'map': {
      if (!isObject(value)) throw new ApiError('SerializationException', 'Expected map or null');
      const copy: Record<string, Json> = {};
      for (const [key, item] of Object.entries(value)) {
        setOwn(copy, key, visit(walk, shape.member, item, `${at}.${key}.member`));
      }
      return copy;
    }
    case 'structure':
      return visitStructure(walk, shape, value, at);
  }
}

function visitStructure(walk: Walk, shape: StructureShape, value: Json, at: string): Json {
  if (!isObject(value)) throw new ApiError('SerializationException', 'Expected structure or null');
  const names: string[] = [];
  const visited: Json[] = [];
  let isSame = true;
  for (const [name, memberShape] of membersOf(shape)) {
    const member = Object.hasOwn(value, name) ? value[name] : undefined;
    if (member === undefined || member === null) {
      if (shape.required?.includes(name) === true) {
        fail(walk, walk.model.shapes[memberShape], null, within(at, name), 'Member must not be null');
      }
    } else {
      const checked = visit(walk, memberShape, member, within(at, name));
      names.push(name);
      visited.push(checked);
      isSame &&= checked === member;
    }
  }
  // Most requests have nothing but what the operation may read: they need no copy.
  if (isSame && Object.keys(value).length === names.length) return value;
  return Object.fromEntries(names.map((name, index) => [name, visited[index] ?? null]));
}

const within = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`);

const members = new WeakMap<StructureShape, readonly [string, string][]>();

/** Members and their shapes, each structure's listed once. */
function membersOf(shape: StructureShape): readonly [string, string][] {
  let listed = members.get(shape);
  if (listed === undefined) members.set(shape, (listed = Object.entries(shape.members)));
  return listed;
}

function visitString(walk: Walk, shape: StringShape, value: Json, at: string): Json {
  if (typeof value !== 'string') throw mistyped(value, 'String');
  checkLength(walk, shape, value.length, value, at);
  if (shape.values !== undefined && !shape.values.includes(value)) {
    fail(walk, shape, value, at, `Member must satisfy enum value set: [${shape.values.join(', ')}]`);
  }
  if (shape.pattern !== undefined && value.length <= (shape.max ?? Infinity)) {
    if (!patternOf(shape.pattern).test(value)) {
      fail(walk, shape, value, at, `Member must satisfy regular expression pattern: ${shape.pattern}`);
    }
  }
  return value;
}

const patterns = new Map<string, RegExp>();

/** The patterns of the API's model, each compiled once. */
function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) patterns.set(pattern, (compiled = new RegExp(`^(?:${pattern})$`, 'su')));
  return compiled;
}

function visitNumber(walk: Walk, shape: NumberShape, value: Json, at: string): Json {
  if (typeof value !== 'number' || (shape.integer && !Number.isSafeInteger(value))) {
    throw mistyped(value, shape.integer ? 'Integer' : 'Double');
  }
  if (shape.min !== undefined && value < shape.min) {
    fail(walk, shape, value, at, `Member must have value greater than or equal to ${shape.min}`);
  }
  if (shape.max !== undefined && value > shape.max) {
    fail(walk, shape, value, at, `Member must have value less than or equal to ${shape.max}`);
  }
  return value;
}

function checkLength(
  walk: Walk,
  shape: Shape & { readonly min?: number; readonly max?: number },
  length: number,
  value: Json,
  at: string,
): void {
  if (shape.min !== undefined && length < shape.min) {
    fail(walk, shape, value, at, `Member must have length greater than or equal to ${shape.min}`);
  }
  if (shape.max !== undefined && length > shape.max) {
    fail(walk, shape, value, at, `Member must have length less than or equal to ${shape.max}`);
  }
}

function fail(walk: Walk, shape: Shape | undefined, value: Json, at: string, constraint: string): void {
  const hidden = shape !== undefined && 'sensitive' in shape && shape.sensitive;
  const shown =
    value === null
      ? ' null'
      : typeof value === 'object'
        ? ` '${JSON.stringify(value)}'`
        : ` '${String(value)}'`;
  walk.errors.push(`Value${hidden ? '' : shown} at '${at}' failed to satisfy constraint: ${constraint}`);
}

/** What Coral, AWS's protocol library, says of a JSON value that has the wrong type. */
function mistyped(value: Json, wanted: string): ApiError {
  if (value === null)
    return new ApiError('SerializationException', `NULL_VALUE can not be converted to ${wanted}`);
  if (isArray(value)) return new ApiError('SerializationException', 'Unrecognized collection type: list');
  if (isObject(value)) {
    return new ApiError('SerializationException', 'Start of structure or map found where not expected.');
  }
  const token =
    typeof value === 'string'
      ? 'STRING_VALUE'
      : typeof value === 'number'
        ? 'NUMBER_VALUE'
        : value
          ? 'TRUE_VALUE'
          : 'FALSE_VALUE';
  return new ApiError('SerializationException', `${token} can not be converted to ${wanted}`);
}
