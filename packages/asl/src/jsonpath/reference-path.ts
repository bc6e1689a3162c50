import { AslFailure } from '../environment.ts';
import { ExpressionSyntaxError } from '../expression-syntax-error.ts';
import type { Json } from '../json.ts';
import { getOwn, isArray, isObject, setOwn } from '../json.ts';
import type { ReferencePath } from '../program.ts';
import { parsePath } from './parse.ts';

/**
 * Compiles a reference path for writing (ResultPath). It names exactly one place in `$`: names and indexes only. Missing
 * objects on the way are made; writing a name into a scalar or an array, or an index outside an array, is
 * States.ResultPathMatchFailure. Throws ExpressionSyntaxError for any other path.
 */
export function compileReferencePath(text: string): ReferencePath {
  const ast = parsePath(text);
  if (ast.root.kind !== 'document')
    throw new ExpressionSyntaxError(`a reference path starts with '$.': '${text}'`, 0);
  const keys: (string | number)[] = [];
  for (const segment of ast.segments) {
    if (segment.kind === 'properties' && segment.names.length === 1) keys.push(segment.names[0] ?? '');
    else if (segment.kind === 'indexes' && segment.indexes.length === 1) keys.push(segment.indexes[0] ?? 0);
    else throw new ExpressionSyntaxError(`a reference path has only names and indexes: '${text}'`, 0);
  }
  const [first, ...more] = keys;
  if (typeof first === 'string' && first !== '__proto__' && more.length === 0)
    return writeMember(first, text);
  return { text, write: (target, value) => write(target, value, keys, 0, text) };
}

/** `$.name`, as nearly all of them are. */
function writeMember(name: string, text: string): ReferencePath {
  return {
    text,
    write: (target, value) => {
      if (!isObject(target)) throw mismatch(text, target);
      const copy: Record<string, Json> = { ...target };
      copy[name] = value;
      return copy;
    },
  };
}

function write(
  target: Json | undefined,
  value: Json,
  keys: readonly (string | number)[],
  at: number,
  text: string,
): Json {
  const key = keys[at];
  if (key === undefined) return value;
  if (typeof key === 'string') {
    if (target !== undefined && !isObject(target)) throw mismatch(text, target);
    const copy: Record<string, Json> = { ...target };
    setOwn(copy, key, write(target && getOwn(target, key), value, keys, at + 1, text));
    return copy;
  }
  if (!isArray(target)) throw mismatch(text, target ?? null);
  const index = key < 0 ? target.length + key : key;
  if (index < 0 || index >= target.length) throw mismatch(text, target);
  return target.with(index, write(target[index], value, keys, at + 1, text));
}

function mismatch(text: string, target: Json): AslFailure {
  return new AslFailure(
    'States.ResultPathMatchFailure',
    `Unable to apply ReferencePath ${text} to input ${JSON.stringify(target)}`,
  );
}
