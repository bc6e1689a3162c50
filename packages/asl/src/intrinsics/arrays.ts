import type { Json } from '../json.ts';
import { isArray } from '../json.ts';
import type { IntrinsicFunction } from './function.ts';
import { withArity } from './function.ts';

/** Most items that States.ArrayRange makes (AWS's documented limit). */
export const RANGE_ITEMS_MAX = 1000;

/** AWS compares the items of an array by their text: `true` is found in `["true"]`, `{"b":1,"a":2}` is not `{"a":2,"b":1}`. */
function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const arrayContains: IntrinsicFunction = ([array, wanted]) => {
  if (!isArray(array) || wanted === undefined) return undefined;
  const text = asText(wanted);
  return array.some((item) => asText(item) === text);
};

/** Fractions are cut off here and in ArrayPartition and ArrayGetItem (observed on AWS), not rounded as the documentation says. */
const arrayRange: IntrinsicFunction = ([first, last, step]) => {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number') return undefined;
  const from = Math.trunc(first);
  const by = Math.trunc(step);
  const count = Math.floor((Math.trunc(last) - from) / by) + 1;
  if (by === 0 || Number.isNaN(count) || count > RANGE_ITEMS_MAX) return undefined;
  return Array.from({ length: Math.max(0, count) }, (_, at) => from + at * by);
};

const arrayPartition: IntrinsicFunction = ([array, size]) => {
  if (!isArray(array) || typeof size !== 'number') return undefined;
  const width = Math.trunc(size);
  if (width < 1) return undefined;
  const parts: Json[] = [];
  for (let at = 0; at < array.length; at += width) parts.push(array.slice(at, at + width));
  return parts;
};

/** An empty array gives null for any index (observed on AWS); elsewhere an index outside fails. */
const arrayGetItem: IntrinsicFunction = ([array, index]) => {
  if (!isArray(array) || typeof index !== 'number') return undefined;
  const at = Math.trunc(index);
  if (at < 0) return undefined;
  return array.length === 0 ? null : array[at];
};

const arrayUnique: IntrinsicFunction = ([array]) => {
  if (!isArray(array)) return undefined;
  const seen = new Set<string>();
  return array.filter((item) => {
    const text = JSON.stringify(item);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
};

export const ARRAY_FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  'States.Array': (args) => args,
  'States.ArrayPartition': withArity(2, 2, arrayPartition),
  'States.ArrayContains': withArity(2, 2, arrayContains),
  'States.ArrayRange': withArity(3, 3, arrayRange),
  'States.ArrayGetItem': withArity(2, 2, arrayGetItem),
  'States.ArrayLength': withArity(1, 1, ([array]) => (isArray(array) ? array.length : undefined)),
  'States.ArrayUnique': withArity(1, 1, arrayUnique),
};
