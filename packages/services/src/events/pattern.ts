import { BlockList, isIP } from 'node:net';
import { isArray, isObject, type Json, type JsonArray, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';

/**
 * EventBridge event patterns
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html and -content-based-filtering.html): an object
 * of fields, each with a list of alternatives; `$or` of patterns. A field that is a list in the event matches when one of its items does.
 */

/** Decides whether an event matches. */
export type Matches = (event: Json) => boolean;

/** One alternative of a field; `values` are the leaves that the field has in the event, empty when it is not there. */
type Alternative = (values: readonly Json[]) => boolean;

const PATTERN_BYTES_MAX = 2048 * 2;
const PATTERN_DEPTH_MAX = 32;

/** Compiles a pattern. Throws InvalidEventPatternException, naming what is wrong. */
export function compilePattern(text: string): Matches {
  if (Buffer.byteLength(text) > PATTERN_BYTES_MAX) fail(`it is longer than ${PATTERN_BYTES_MAX} bytes`);
  let pattern: Json;
  try {
    pattern = JSON.parse(text) as Json;
  } catch {
    return fail('it is not JSON');
  }
  if (!isObject(pattern)) return fail('it is not an object');
  if (Object.keys(pattern).length === 0) fail('it is empty');
  return compileObject(pattern, 0);
}

function compileObject(pattern: JsonObject, depth: number): Matches {
  if (depth > PATTERN_DEPTH_MAX) fail('it is nested too deeply');
  const conditions: Matches[] = [];
  for (const [field, rule] of Object.entries(pattern)) {
    if (field === '$or') conditions.push(compileOr(rule, depth));
    else if (isObject(rule)) {
      const inner = compileObject(rule, depth + 1);
      conditions.push((event) => fieldObjects(event, field).some(inner));
    } else if (isArray(rule)) {
      if (rule.length === 0) fail(`the field ${field} has no alternatives`);
      const alternatives = rule.map((alternative) => compileAlternative(field, alternative));
      conditions.push((event) => {
        const values = fieldValues(event, field);
        return alternatives.some((matches) => matches(values));
      });
    } else fail(`the field ${field} must be an object or a list`);
  }
  return (event) => conditions.every((matches) => matches(event));
}

function compileOr(rule: Json, depth: number): Matches {
  if (!isArray(rule) || rule.length < 2) return fail('$or must be a list of at least two patterns');
  const branches = rule.map((branch) => {
    if (!isObject(branch)) return fail('$or must hold objects');
    return compileObject(branch, depth + 1);
  });
  return (event) => branches.some((matches) => matches(event));
}

function compileAlternative(field: string, alternative: Json): Alternative {
  if (!isObject(alternative)) {
    if (isArray(alternative)) return fail(`the field ${field} has a list in its list`);
    return (values) => values.includes(alternative);
  }
  const [entry, ...others] = Object.entries(alternative);
  if (entry === undefined || others.length > 0)
    return fail(`an alternative of ${field} must have one operator`);
  const [operator, operand] = entry;
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') return fail('exists takes true or false');
      return (values) => values.length > 0 === operand;
    case 'anything-but':
      return compileAnythingBut(operand);
    case 'numeric':
      return anyOf(compileNumeric(operand));
    case 'cidr':
      return anyOf(compileCidr(operand));
    default:
      return anyOf(compileText(operator, operand));
  }
}

function anyOf(matches: (value: Json) => boolean): Alternative {
  return (values) => values.some(matches);
}

function compileText(operator: string, operand: Json): (value: Json) => boolean {
  if (isObject(operand) && (operator === 'prefix' || operator === 'suffix')) {
    const folded = fold(textOf(operator, operand['equals-ignore-case'] ?? null));
    return operator === 'prefix'
      ? onText((value) => fold(value).startsWith(folded))
      : onText((value) => fold(value).endsWith(folded));
  }
  const expected = textOf(operator, operand);
  switch (operator) {
    case 'prefix':
      return onText((value) => value.startsWith(expected));
    case 'suffix':
      return onText((value) => value.endsWith(expected));
    case 'equals-ignore-case':
      return onText((value) => fold(value) === fold(expected));
    case 'wildcard':
      if (expected.includes('**')) return fail('wildcard has two stars in a row');
      return onText(wildcard(expected));
    default:
      return fail(`there is no operator ${operator}`);
  }
}

function onText(test: (value: string) => boolean): (value: Json) => boolean {
  return (value) => typeof value === 'string' && test(value);
}

function textOf(operator: string, operand: Json): string {
  return typeof operand === 'string' ? operand : fail(`${operator} takes a string`);
}

function fold(text: string): string {
  return text.toLowerCase();
}

/** Stars match any run of characters; `\*` and `\\` stand for themselves. Linear: each part is looked for once, from the left. */
function wildcard(pattern: string): (value: string) => boolean {
  const parts: string[] = [''];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern.charAt(index);
    if (character === '*') parts.push('');
    else {
      const escaped = character === '\\' && index + 1 < pattern.length;
      if (escaped) index += 1;
      parts[parts.length - 1] += pattern.charAt(index);
    }
  }
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (value) => value === first;
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length)
      return false;
    const end = value.length - last.length;
    let at = first.length;
    for (const part of rest) {
      const found = value.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

function compileAnythingBut(operand: Json): Alternative {
  let excluded: (value: Json) => boolean;
  if (isObject(operand)) {
    const [entry, ...others] = Object.entries(operand);
    if (entry === undefined || others.length > 0) return fail('anything-but takes one operator');
    const [operator, inner] = entry;
    const list: JsonArray = isArray(inner) ? inner : [inner];
    const tests = list.map((item) => compileText(operator, item));
    excluded = (value) => tests.some((test) => test(value));
  } else {
    const list: JsonArray = isArray(operand) ? operand : [operand];
    if (list.length === 0 || list.some((item) => isObject(item) || isArray(item)))
      fail('anything-but takes plain values');
    excluded = (value) => list.includes(value);
  }
  return (values) => values.some((value) => !excluded(value));
}

/** An address within a network, of IPv4 or IPv6. */
function compileCidr(operand: Json): (value: Json) => boolean {
  const [address = '', bits = ''] = asText(operand).split('/');
  const version = isIP(address);
  const length = Number(bits);
  if (version === 0 || !/^\d{1,3}$/u.test(bits) || length > (version === 4 ? 32 : 128)) {
    return fail('cidr takes a network: 10.0.0.0/24');
  }
  const network = new BlockList();
  network.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
  return onText((value) => isIP(value) === version && network.check(value, version === 4 ? 'ipv4' : 'ipv6'));
}

function compileNumeric(operand: Json): (value: Json) => boolean {
  if (!isArray(operand) || operand.length === 0 || operand.length % 2 !== 0)
    return fail('numeric takes pairs');
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const bound = operand[index + 1];
    if (typeof bound !== 'number') return fail('numeric compares with numbers');
    tests.push(comparison(operand[index] ?? null, bound));
  }
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function comparison(operator: Json, bound: number): (value: number) => boolean {
  switch (asText(operator)) {
    case '=':
      return (value) => value === bound;
    case '<':
      return (value) => value < bound;
    case '<=':
      return (value) => value <= bound;
    case '>':
      return (value) => value > bound;
    case '>=':
      return (value) => value >= bound;
    default:
      return fail(`numeric has no ${JSON.stringify(operator)}`);
  }
}

/** The leaves of a field: the items of a list, or the value itself. */
function fieldValues(event: Json, field: string): readonly Json[] {
  if (!isObject(event) || !Object.hasOwn(event, field)) return [];
  const value = event[field];
  if (value === undefined || isObject(value)) return [];
  return isArray(value) ? value.filter((item) => !isObject(item) && !isArray(item)) : [value];
}

/** The objects of a field; where there is none an empty one, so that `exists: false` can match below it. */
function fieldObjects(event: Json, field: string): readonly Json[] {
  const value = isObject(event) && Object.hasOwn(event, field) ? event[field] : undefined;
  const objects = (isArray(value) ? value : [value]).filter((item) => isObject(item));
  return objects.length === 0 ? [{}] : objects;
}

function fail(reason: string): never {
  throw apiError(
    'eventbridge',
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}`,
  );
}
