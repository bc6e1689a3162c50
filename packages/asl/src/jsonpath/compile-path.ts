import type { Environment, Evaluate } from '../environment.ts';
import { AslFailure } from '../environment.ts';
import type { Json } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import type { PathAst, PathRoot, Segment } from './ast.ts';
import { PathMiss } from './miss.ts';
import { parsePath } from './parse.ts';
import { compileLookup, isDefinite } from './walk.ts';

/**
 * Which text AWS gives when a path finds nothing (all are States.Runtime):
 * - template: payload templates, ErrorPath, CausePath: `The JSONPath '$.x' specified for the field 'value.$' could not be
 *   found in the input '{...}'` (recordings `base-scenarios--invalid-jsonpath-*`);
 * - path: InputPath, OutputPath, ItemsPath, TimeoutSecondsPath and so on: `Invalid path '$.x' : No results for path: $['x']`;
 * - choice: Variable and the `...Path` operators of a Choice rule;
 * - text: the caller's own words, e.g. `The SecondsPath parameter does not reference an input value: $.x`.
 */
export type MissingPath =
  | { readonly kind: 'template'; readonly field: string }
  | { readonly kind: 'path' }
  | { readonly kind: 'choice' }
  | { readonly kind: 'text'; readonly cause: string };

export interface CompiledPath {
  /** The path as written. */
  readonly text: string;
  /** A definite path names one value; an indefinite one gives an array, `[]` when nothing matches. */
  readonly definite: boolean;
  /** Throws AslFailure States.Runtime with the text chosen by MissingPath when the path finds nothing. */
  readonly evaluate: Evaluate;
  /** Like evaluate, but undefined when the path finds nothing. */
  find(environment: Environment): Json | undefined;
}

/** Compiles a JSONPath in Jayway's dialect; `$$` is the context object, `$name` a workflow variable. Throws ExpressionSyntaxError. */
export function compilePath(text: string, onMissing: MissingPath): CompiledPath {
  const ast = parsePath(text);
  const lookup = compileLookup(ast);
  const explain = (environment: Environment): Json =>
    lookup({ environment, root: environment.document, steps: 0 }, environment.document);
  const find = compileFind(ast) ?? ((environment: Environment) => found(explain, environment));
  const definite = isDefinite(ast.segments);
  const evaluate: Evaluate = (environment) => {
    const value = find(environment);
    if (value !== undefined) return value;
    // In a template an indefinite path finds nothing where Jayway would raise ([40] of the recordings).
    if (!definite && onMissing.kind === 'template') return [];
    throw new AslFailure('States.Runtime', missingText(text, onMissing, explain, environment));
  };
  return { text, definite, evaluate, find };
}

function found(lookup: Evaluate, environment: Environment): Json | undefined {
  try {
    return lookup(environment);
  } catch (error) {
    if (error instanceof PathMiss) return undefined;
    throw error;
  }
}

function missingText(
  text: string,
  onMissing: MissingPath,
  lookup: Evaluate,
  environment: Environment,
): string {
  switch (onMissing.kind) {
    case 'template':
      return (
        `The JSONPath '${text}' specified for the field '${onMissing.field}' ` +
        `could not be found in the input '${JSON.stringify(environment.document)}'`
      );
    case 'choice':
      return `Invalid path '${text}': The choice state's condition path references an invalid value.`;
    case 'text':
      return onMissing.cause;
    case 'path':
      return `Invalid path '${text}' : ${missReason(lookup, environment)}`;
  }
}

function missReason(lookup: Evaluate, environment: Environment): string {
  try {
    lookup(environment);
  } catch (error) {
    if (error instanceof PathMiss) return error.message;
    throw error;
  }
  return 'No results for path';
}

/** The common paths, names and single indexes only, as one loop over their keys; undefined for any other path. */
function compileFind(ast: PathAst): ((environment: Environment) => Json | undefined) | undefined {
  const keys = simpleKeys(ast.segments);
  if (keys === undefined) return undefined;
  const start = rootOf(ast.root);
  const [name] = keys;
  const [first, second, ...more] = keys.map(childOf);
  if (first === undefined) return start;
  if (second === undefined && ast.root.kind === 'document' && typeof name === 'string')
    return memberOfDocument(name);
  if (second === undefined) return (environment) => first(start(environment));
  if (more.length === 0) return (environment) => second(first(start(environment)));
  return (environment) => {
    let value = second(first(start(environment)));
    for (let at = 0; at < more.length; at++) value = more[at]?.(value);
    return value;
  };
}

function rootOf(root: PathRoot): (environment: Environment) => Json | undefined {
  switch (root.kind) {
    case 'context':
      return (environment) => environment.context();
    case 'variable':
      return (environment) => environment.variable(root.name);
    case 'document':
    case 'item':
      return (environment) => environment.document;
  }
}

/** `$.name`, as most of them are. */
function memberOfDocument(name: string): (environment: Environment) => Json | undefined {
  return ({ document }) => (isObject(document) ? getOwn(document, name) : undefined);
}

type Child = (value: Json | undefined) => Json | undefined;

/** Reads a member or an item. */
function childOf(key: string | number): Child {
  if (typeof key === 'number')
    return (value) => (isArray(value) ? value[key < 0 ? value.length + key : key] : undefined);
  return (value) => (isObject(value) ? getOwn(value, key) : undefined);
}

function simpleKeys(segments: readonly Segment[]): (string | number)[] | undefined {
  const keys: (string | number)[] = [];
  for (const segment of segments) {
    if (segment.kind === 'properties' && segment.names.length === 1) keys.push(segment.names[0] ?? '');
    else if (segment.kind === 'indexes' && segment.indexes.length === 1) keys.push(segment.indexes[0] ?? 0);
    else return undefined;
  }
  return keys;
}
