import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';
import { below, failAt, type Place } from './assembly-error.ts';
import { cidrBlocks } from './cidr.ts';
import { NO_VALUE, type Scope } from './scope.ts';

type Value = Json | typeof NO_VALUE;
type Intrinsic = (argument: Json, scope: Scope, place: Place) => Value;

/** The yard's availability zones, as Fn::GetAZs gives them. */
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

/**
 * Resolves the intrinsic functions of a piece of a template (CloudFormation's "Intrinsic function reference"). Throws an
 * AssemblyError that names the place for what cannot be resolved; functions and dynamic references that the yard does not
 * know are refused by name.
 */
export function resolveTemplate(value: Json, scope: Scope, place: Place): Json {
  const resolved = resolveValue(value, scope, place);
  return resolved === NO_VALUE ? failAt(place, 'AWS::NoValue cannot stand here') : resolved;
}

function resolveValue(value: Json, scope: Scope, place: Place): Value {
  if (typeof value === 'string') return checkText(value, place);
  if (isArray(value)) {
    return value
      .map((item, index) => resolveValue(item, scope, below(place, index)))
      .filter((item) => item !== NO_VALUE);
  }
  if (!isObject(value)) return value;
  const keys = Object.keys(value);
  const [only] = keys;
  if (keys.length === 1 && only !== undefined && (only === 'Ref' || only.startsWith('Fn::'))) {
    const intrinsic = INTRINSICS.get(only);
    if (intrinsic === undefined) return failAt(place, `the yard does not know ${only}`);
    return intrinsic(value[only] ?? null, scope, below(place, only));
  }
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const resolved = resolveValue(item, scope, below(place, key));
    if (resolved !== NO_VALUE) setOwn(result, key, resolved);
  }
  return result;
}

function checkText(text: string, place: Place): string {
  const dynamic = /\{\{resolve:([a-z-]+):/u.exec(text);
  return dynamic === null
    ? text
    : failAt(place, `dynamic references are not supported: {{resolve:${dynamic[1]}:...}}`);
}

/** Evaluates the expression of a condition. */
export function evaluateCondition(expression: Json, scope: Scope, place: Place): boolean {
  const keys = isObject(expression) ? Object.keys(expression) : [];
  const [name] = keys;
  if (!isObject(expression) || keys.length !== 1 || name === undefined) {
    return failAt(place, 'is no condition');
  }
  const argument = expression[name] ?? null;
  if (name === 'Condition') {
    return namedCondition(textOf(argument, place), scope, place);
  }
  const items = isArray(argument) ? argument : failAt(place, `${name} needs a list`);
  const truth = (item: Json, index: number): boolean =>
    evaluateCondition(item, scope, below(below(place, name), index));
  switch (name) {
    case 'Fn::Equals': {
      const [left, right] = items.map((item, index) => resolveTemplate(item, scope, below(place, index)));
      return JSON.stringify(left) === JSON.stringify(right);
    }
    case 'Fn::And':
      return items.every(truth);
    case 'Fn::Or':
      return items.some(truth);
    case 'Fn::Not':
      return !truth(items[0] ?? null, 0);
    case 'Fn::Contains': {
      const [list, wanted] = items.map((item, index) => resolveTemplate(item, scope, below(place, index)));
      return isArray(list) && list.some((item) => item === wanted);
    }
    default:
      return failAt(place, `the yard does not know the condition function ${name}`);
  }
}

/** The truth of a condition by name. */
export function namedCondition(name: string, scope: Scope, place: Place): boolean {
  return scope.condition(name, place, (expression, at) => evaluateCondition(expression, scope, at));
}

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (argument, scope, place) => scope.ref(textOf(argument, place), place)],
  ['Fn::GetAtt', getAttribute],
  ['Fn::Join', join],
  ['Fn::Sub', sub],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::If', choose],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', importValue],
  [
    'Fn::Base64',
    (argument, scope, place) => Buffer.from(resolveText(argument, scope, place)).toString('base64'),
  ],
  ['Fn::GetAZs', () => ZONES],
  ['Fn::Cidr', cidr],
  ['Fn::ToJsonString', (argument, scope, place) => JSON.stringify(resolveTemplate(argument, scope, place))],
  ['Fn::Length', (argument, scope, place) => resolveList(argument, scope, place).length],
]);

function getAttribute(argument: Json, scope: Scope, place: Place): Json {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return scope.attribute(argument.slice(0, dot), argument.slice(dot + 1), place);
  }
  const [logicalId, name] = listOf(argument, place);
  return scope.attribute(textOf(logicalId ?? null, place), resolveText(name ?? null, scope, place), place);
}

function join(argument: Json, scope: Scope, place: Place): Json {
  const [delimiter, items] = listOf(argument, place);
  const list = resolveList(items ?? null, scope, below(place, 1));
  return list.map((item) => scalarText(item, place)).join(textOf(delimiter ?? null, place));
}

function sub(argument: Json, scope: Scope, place: Place): Json {
  const [first, second] = isArray(argument) ? argument : [argument];
  const template = checkText(textOf(first ?? null, place), place);
  const variables = isObject(second) ? second : {};
  return template.replaceAll(/\$\{(!?)([^}]*)\}/gu, (_whole, literal: string, inner: string) => {
    if (literal === '!') return `\${${inner}}`;
    const name = inner.trim();
    if (Object.hasOwn(variables, name))
      return resolveText(variables[name] ?? null, scope, below(place, name));
    const dot = name.indexOf('.');
    const value =
      dot < 0 ? scope.ref(name, place) : scope.attribute(name.slice(0, dot), name.slice(dot + 1), place);
    return scalarText(value, place);
  });
}

function select(argument: Json, scope: Scope, place: Place): Json {
  const [index, items] = listOf(argument, place);
  const at = Number(resolveTemplate(index ?? null, scope, below(place, 0)));
  const list = resolveList(items ?? null, scope, below(place, 1));
  return list[at] ?? failAt(place, `index ${at} is outside a list of ${list.length}`);
}

function split(argument: Json, scope: Scope, place: Place): Json {
  const [delimiter, text] = listOf(argument, place);
  const wanted = textOf(delimiter ?? null, place);
  if (wanted === '') return failAt(place, 'the delimiter of Fn::Split is empty');
  return resolveText(text ?? null, scope, below(place, 1)).split(wanted);
}

function choose(argument: Json, scope: Scope, place: Place): Value {
  const [name, whenTrue, whenFalse] = listOf(argument, place);
  // Only the chosen branch is resolved: the other may name resources that do not exist under this condition.
  return namedCondition(textOf(name ?? null, place), scope, place)
    ? resolveValue(whenTrue ?? null, scope, below(place, 1))
    : resolveValue(whenFalse ?? null, scope, below(place, 2));
}

function findInMap(argument: Json, scope: Scope, place: Place): Json {
  const items = listOf(argument, place);
  const [map = '', first = '', second = ''] = items
    .slice(0, 3)
    .map((item, index) => resolveText(item, scope, below(place, index)));
  const found = scope.findInMap(map, first, second);
  if (found !== undefined) return found;
  const options = items[3];
  if (isObject(options) && options['DefaultValue'] !== undefined) {
    return resolveTemplate(options['DefaultValue'], scope, below(place, 3));
  }
  return failAt(place, `Mappings has no ${map}/${first}/${second}`);
}

function importValue(argument: Json, scope: Scope, place: Place): Json {
  const name = resolveText(argument, scope, place);
  return scope.exports.get(name) ?? failAt(place, `no stack exports ${name}`);
}

function cidr(argument: Json, scope: Scope, place: Place): Json {
  const [block, count, bits] = listOf(argument, place).map((item, index) =>
    resolveTemplate(item, scope, below(place, index)),
  );
  return (
    cidrBlocks(scalarText(block ?? '', place), Number(count), Number(bits ?? 8)) ??
    failAt(place, `Fn::Cidr cannot cut ${JSON.stringify(block)} into ${JSON.stringify(count)} blocks`)
  );
}

function resolveText(value: Json, scope: Scope, place: Place): string {
  return scalarText(resolveTemplate(value, scope, place), place);
}

function resolveList(value: Json, scope: Scope, place: Place): readonly Json[] {
  const resolved = resolveTemplate(value, scope, place);
  return isArray(resolved) ? resolved : failAt(place, 'needs a list');
}

function listOf(value: Json, place: Place): readonly Json[] {
  return isArray(value) ? value : failAt(place, 'needs a list');
}

function textOf(value: Json, place: Place): string {
  return typeof value === 'string' ? value : failAt(place, 'needs a string');
}

function scalarText(value: Value, place: Place): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === NO_VALUE) return failAt(place, 'AWS::NoValue cannot stand in a text');
  return failAt(place, 'needs a text, and is a list or an object');
}

/** Logical ids that a piece of a template refers to, for the order of deployment. */
export function referencesOf(value: Json, found: Set<string> = new Set()): Set<string> {
  if (isArray(value)) {
    for (const item of value) referencesOf(item, found);
  } else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Ref' && typeof item === 'string') found.add(item);
      else if (key === 'Fn::GetAtt') found.add(attributeOwner(item));
      else if (key === 'Fn::Sub') for (const name of namesIn(item)) found.add(name);
      referencesOf(item, found);
    }
  }
  return found;
}

function attributeOwner(argument: Json): string {
  if (typeof argument === 'string') return argument.split('.')[0] ?? '';
  const [first] = isArray(argument) ? argument : [];
  return typeof first === 'string' ? first : '';
}

function namesIn(argument: Json): readonly string[] {
  const [template] = isArray(argument) ? argument : [argument];
  if (typeof template !== 'string') return [];
  return [...template.matchAll(/\$\{([^!}][^}]*)\}/gu)].map(
    ([, name = '']) => name.trim().split('.')[0] ?? '',
  );
}

/** A resource's properties with everything resolved. */
export function resolveProperties(properties: Json | undefined, scope: Scope, place: Place): JsonObject {
  const resolved = resolveTemplate(properties ?? {}, scope, below(place, 'Properties'));
  return isObject(resolved) ? resolved : failAt(place, 'Properties is not an object');
}
