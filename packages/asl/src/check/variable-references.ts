import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import { FUNCTIONS } from '../jsonata/functions/registry.ts';
import { parseJsonata } from '../jsonata/parse.ts';
import type { Json, JsonObject } from '../json.ts';
import { isArray, isObject } from '../json.ts';

/** Members of a state that are no expressions of its own. */
const NOT_OWN: ReadonlySet<string> = new Set(['Branches', 'ItemProcessor', 'Iterator', 'Comment', 'Result']);

/**
 * The workflow variables that each state's expressions read, by state name, in the order they are first read: what
 * DescribeStateMachine says under `variableReferences`. States that read none are left out.
 */
export function variableReferences(definition: Json): ReadonlyMap<string, readonly string[]> {
  const references = new Map<string, readonly string[]>();
  visitStates(definition, references);
  return references;
}

function visitStates(list: Json | undefined, references: Map<string, readonly string[]>): void {
  const states = isObject(list) ? list['States'] : undefined;
  if (!isObject(states)) return;
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    const names = new Set<string>();
    for (const [field, value] of Object.entries(state)) {
      if (!NOT_OWN.has(field)) visitValue(field, value, names);
    }
    if (names.size > 0) references.set(name, [...names]);
    for (const inner of innerLists(state)) visitStates(inner, references);
  }
}

function innerLists(state: JsonObject): readonly Json[] {
  const branches = state['Branches'];
  return [...(isArray(branches) ? branches : []), state['ItemProcessor'] ?? null, state['Iterator'] ?? null];
}

function visitValue(field: string, value: Json, names: Set<string>): void {
  if (typeof value === 'string') {
    if (value.startsWith('{%') && value.endsWith('%}')) addJsonata(value.slice(2, -2), names);
    else if (isPathField(field)) addPath(value, names);
  } else if (isArray(value)) {
    for (const item of value) visitValue('', item, names);
  } else if (isObject(value)) {
    for (const [name, member] of Object.entries(value)) visitValue(name, member, names);
  }
}

/** In JSONPath: `a.$` of a template, `InputPath`, `TimeoutSecondsPath`, and the operands of a Choice rule. */
function isPathField(field: string): boolean {
  return field.endsWith('.$') || field.endsWith('Path') || field === 'Variable';
}

/** Of a path or an intrinsic call, whose texts in quotes are no paths: `$name`, but not `$`, `$.name` and `$$.name`. */
function addPath(text: string, names: Set<string>): void {
  const unquoted = text.replaceAll(/'(?:[^'\\]|\\.)*'/gsu, "''");
  for (const [, name = ''] of unquoted.matchAll(/(?<!\$)\$(\p{ID_Start}\p{ID_Continue}*)/gu)) names.add(name);
}

/** Every variable of the expression that it does not bind itself and that is no function of the language. */
function addJsonata(text: string, names: Set<string>): void {
  const found: string[] = [];
  const bound = new Set<string>(['', '$', 'states']);
  try {
    visitNode(parseJsonata(text), found, bound);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return;
    throw error;
  }
  for (const name of found) if (!bound.has(name) && !FUNCTIONS.has(name)) names.add(name);
}

function visitNode(node: unknown, found: string[], bound: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) visitNode(item, found, bound);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const { type, value, lhs, arguments: parameters, focus, index } = node as Readonly<Record<string, unknown>>;
  if (type === 'variable' && typeof value === 'string') found.push(value);
  if (type === 'bind') addBound(lhs, bound);
  if (type === 'lambda' && Array.isArray(parameters))
    for (const parameter of parameters) addBound(parameter, bound);
  for (const name of [focus, index]) if (typeof name === 'string') bound.add(name);
  for (const member of Object.values(node)) visitNode(member, found, bound);
}

function addBound(variable: unknown, bound: Set<string>): void {
  const name = (variable as { value?: unknown } | undefined)?.value;
  if (typeof name === 'string') bound.add(name);
}
