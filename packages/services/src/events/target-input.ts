import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';

/**
 * What a target gets of an event: all of it, a constant (Input), a part (InputPath), or a template (InputTransformer).
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function targetInput(
  target: JsonObject,
  event: JsonObject,
  rule: { name: string; arn: string },
): string {
  if (typeof target['Input'] === 'string') return target['Input'];
  if (typeof target['InputPath'] === 'string') {
    const value = readPath(event, target['InputPath']);
    return JSON.stringify(value ?? null);
  }
  const transformer = target['InputTransformer'];
  return isObject(transformer) ? transform(transformer, event, rule) : JSON.stringify(event);
}

/** Checks what PutTargets can: exactly one way to make the input, and paths that can be read. */
export function checkTargetInput(target: JsonObject): void {
  const given = ['Input', 'InputPath', 'InputTransformer'].filter((member) => target[member] !== undefined);
  if (given.length > 1) fail(`Only one of ${given.join(', ')} may be given.`);
  if (typeof target['Input'] === 'string') {
    try {
      JSON.parse(target['Input']);
    } catch {
      fail('Input is not valid JSON.');
    }
  }
  if (typeof target['InputPath'] === 'string') parsePath(target['InputPath']);
  const transformer = target['InputTransformer'];
  if (!isObject(transformer)) return;
  if (typeof transformer['InputTemplate'] !== 'string') fail('InputTransformer needs an InputTemplate.');
  const paths = transformer['InputPathsMap'];
  for (const path of isObject(paths) ? Object.values(paths) : []) parsePath(asText(path));
}

function transform(transformer: JsonObject, event: JsonObject, rule: { name: string; arn: string }): string {
  const paths = isObject(transformer['InputPathsMap']) ? transformer['InputPathsMap'] : {};
  const variable = (name: string): Json | undefined => {
    switch (name) {
      case 'aws.events.rule-arn':
        return rule.arn;
      case 'aws.events.rule-name':
        return rule.name;
      case 'aws.events.event.ingestion-time':
        return event['time'];
      case 'aws.events.event':
      case 'aws.events.event.json':
        return event;
      default:
        return Object.hasOwn(paths, name) ? readPath(event, asText(paths[name])) : undefined;
    }
  };
  const template = asText(transformer['InputTemplate']);
  let quoted = false;
  // A variable inside a JSON string is inserted as escaped text, outside one as JSON.
  return template.replaceAll(/\\.|"|<([^<>\s]+)>/gu, (found, name: string | undefined) => {
    if (found === '"') quoted = !quoted;
    if (name === undefined) return found;
    const value = variable(name) ?? '';
    if (!quoted) return typeof value === 'string' && value === '' ? '""' : JSON.stringify(value);
    return JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value)).slice(1, -1);
  });
}

function readPath(event: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = event;
  for (const step of parsePath(path)) {
    if (typeof step === 'number') value = isArray(value) ? value[step] : undefined;
    else value = isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** `$.detail.items[0].name`, `$.detail-type`, `$.detail['a b']`. */
function parsePath(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  let rest = path.startsWith('$') ? path.slice(1) : fail(`${path} is no path: it must start with $.`);
  while (rest !== '') {
    const match = /^(?:\.([\w-]+)|\[(\d+)\]|\['([^']*)'\])/u.exec(rest);
    if (match === null) return fail(`${path} is no path that EventBridge can read.`);
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? '') : Number(match[2]));
    rest = rest.slice(match[0].length);
  }
  return steps;
}

function fail(message: string): never {
  throw apiError('eventbridge', 'ValidationException', message);
}
