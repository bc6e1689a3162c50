import { RE2JS } from 're2js';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import { deepEqual } from '../deep-equal.ts';
import type { FilterNode, FilterOperator, Operand, PathAst } from './ast.ts';
import { PathMiss } from './miss.ts';
import type { Lookup, Run } from './walk.ts';

type Accepts = (run: Run, item: Json) => boolean;
/** An operand's value; undefined when its path finds nothing. */
type Value = (run: Run, item: Json) => Json | undefined;
type CompileLookup = (path: PathAst) => Lookup;

/** Compiles a filter's condition. `compileLookup` is handed in, because paths hold filters and filters hold paths. */
export function compileFilter(node: FilterNode, compileLookup: CompileLookup): Accepts {
  switch (node.kind) {
    case 'or': {
      const left = compileFilter(node.left, compileLookup);
      const right = compileFilter(node.right, compileLookup);
      return (run, item) => left(run, item) || right(run, item);
    }
    case 'and': {
      const left = compileFilter(node.left, compileLookup);
      const right = compileFilter(node.right, compileLookup);
      return (run, item) => left(run, item) && right(run, item);
    }
    case 'not': {
      const operand = compileFilter(node.operand, compileLookup);
      return (run, item) => !operand(run, item);
    }
    case 'exists': {
      const value = pathValue(node.path, compileLookup);
      return (run, item) => (value(run, item) !== undefined) === node.wanted;
    }
    case 'compare':
      return compileComparison(node.operator, node.left, node.right, compileLookup);
  }
}

/** `@.a.b`: most operands are names below the item, for which no walk needs to be set up. */
function namesValue(path: PathAst): Value | undefined {
  if (path.root.kind !== 'item') return undefined;
  const names: string[] = [];
  for (const segment of path.segments) {
    const name = segment.kind === 'properties' && segment.names.length === 1 ? segment.names[0] : undefined;
    if (name === undefined) return undefined;
    names.push(name);
  }
  return (_run, item) => {
    let value: Json | undefined = item;
    for (const name of names) value = isObject(value) ? getOwn(value, name) : undefined;
    return value;
  };
}

function pathValue(path: PathAst, compileLookup: CompileLookup): Value {
  const names = namesValue(path);
  if (names !== undefined) return names;
  const lookup = compileLookup(path);
  return (run, item) => {
    try {
      return lookup(run, item);
    } catch (error) {
      if (error instanceof PathMiss) return undefined;
      throw error;
    }
  };
}

function compileComparison(
  operator: FilterOperator,
  left: Operand,
  right: Operand,
  compile: CompileLookup,
): Accepts {
  if (operator === '=~') return compileMatch(left, right, compile);
  const a = compileOperand(left, compile);
  const b = compileOperand(right, compile);
  const holds = COMPARISONS[operator];
  return (run, item) => holds(a(run, item), b(run, item));
}

function compileOperand(operand: Operand, compileLookup: CompileLookup): Value {
  if (operand.kind === 'path') return pathValue(operand.path, compileLookup);
  const value = operand.kind === 'literal' ? operand.value : operand.source;
  return () => value;
}

/** `=~` matches the whole text, in linear time. */
function compileMatch(left: Operand, right: Operand, compileLookup: CompileLookup): Accepts {
  const [subject, pattern] = right.kind === 'regex' ? [left, right] : [right, left];
  if (pattern.kind !== 'regex') throw new ExpressionSyntaxError("'=~' needs a regular expression: /.../", 0);
  const regex = compileRegex(pattern.source, pattern.flags);
  const value = compileOperand(subject, compileLookup);
  const matches = (text: Json | undefined): boolean =>
    (typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean') &&
    regex.matches(String(text));
  return (run, item) => {
    const found = value(run, item);
    return found !== undefined && isArray(found) ? found.some(matches) : matches(found);
  };
}

function compileRegex(source: string, flags: string): RE2JS {
  let bits = 0;
  if (flags.includes('i')) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes('m')) bits |= RE2JS.MULTILINE;
  if (flags.includes('s')) bits |= RE2JS.DOTALL;
  try {
    return RE2JS.compile(source, bits);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionSyntaxError(`the regular expression /${source}/ cannot be used: ${reason}`, 0);
  }
}

type Comparison = (a: Json | undefined, b: Json | undefined) => boolean;

/** Jayway compares a number with a text that spells it as equal: `"42" == 42`. */
function looselyEqual(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (typeof a === 'string' && typeof b === 'number') return a === String(b);
  if (typeof a === 'number' && typeof b === 'string') return b.trim() !== '' && Number(b) === a;
  return deepEqual(a, b);
}

function strictlyEqual(a: Json | undefined, b: Json | undefined): boolean {
  return a !== undefined && b !== undefined && typeof a === typeof b && deepEqual(a, b);
}

function ordered(holds: (order: number) => boolean): Comparison {
  return (a, b) => {
    if (typeof a === 'number' && typeof b === 'number') return holds(a - b);
    if (typeof a === 'string' && typeof b === 'string') return holds(a < b ? -1 : Number(a > b));
    return false;
  };
}

const contains = (list: Json | undefined, value: Json | undefined): boolean =>
  list !== undefined && isArray(list) && list.some((item) => looselyEqual(item, value));

function sizeOf(value: Json | undefined): number | undefined {
  if (typeof value === 'string') return value.length;
  if (value === undefined) return undefined;
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

const COMPARISONS: Readonly<Record<Exclude<FilterOperator, '=~'>, Comparison>> = {
  '==': looselyEqual,
  '!=': (a, b) => !looselyEqual(a, b),
  '===': strictlyEqual,
  '!==': (a, b) => !strictlyEqual(a, b),
  '<': ordered((order) => order < 0),
  '<=': ordered((order) => order <= 0),
  '>': ordered((order) => order > 0),
  '>=': ordered((order) => order >= 0),
  IN: (a, b) => contains(b, a),
  NIN: (a, b) => !contains(b, a),
  CONTAINS: (a, b) => (typeof a === 'string' && typeof b === 'string' ? a.includes(b) : contains(a, b)),
  ALL: (a, b) => b !== undefined && isArray(b) && b.every((item) => contains(a, item)),
  SIZE: (a, b) => typeof b === 'number' && sizeOf(a) === b,
  EMPTY: (a, b) => typeof b === 'boolean' && (sizeOf(a) === undefined ? false : (sizeOf(a) === 0) === b),
  TYPE: (a, b) => typeof b === 'string' && typeName(a) === b,
  SUBSETOF: (a, b) => a !== undefined && isArray(a) && a.every((item) => contains(b, item)),
  ANYOF: (a, b) => a !== undefined && isArray(a) && a.some((item) => contains(b, item)),
  NONEOF: (a, b) => a !== undefined && isArray(a) && !a.some((item) => contains(b, item)),
};

function typeName(value: Json | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (isArray(value)) return 'array';
  return typeof value;
}
