import { freeVariables } from '../jsonata/free-variables.ts';
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
    if (value.startsWith('{%') && value.endsWith('%}')) {
      for (const name of freeVariables(value.slice(2, -2))) names.add(name);
    } else if (isPathField(field)) addPath(value, names);
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
