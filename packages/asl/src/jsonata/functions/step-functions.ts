import { hashText } from '../../hash.ts';
import { JavaRandom } from '../../java-random.ts';
import { parseJson } from '../../parse-json.ts';
import { BoundExceeded, JsonataError } from '../jsonata-error.ts';
import { RANGE_LENGTH_MAX } from '../limits.ts';
import type { Value } from '../value.ts';
import { add, isArrayValue, newList, newSequence } from '../value.ts';
import type { Functions } from './define.ts';
import { define } from './define.ts';

/** The pieces stay arrays, also a single one: `$partition([0], 1)` is `[[0]]` (recorded). */
function partition(items: Value, size: Value): Value {
  if (!isArrayValue(items) || typeof size !== 'number') return undefined;
  const width = Math.trunc(size);
  if (width < 1)
    throw new JsonataError('D3137', { message: 'The second argument of $partition must be positive' });
  const parts = newList();
  for (let at = 0; at < items.length; at += width) {
    const part = newList();
    for (let next = at; next < Math.min(at + width, items.length); next++) add(part, items[next]);
    add(parts, part);
  }
  return parts;
}

/** A sequence: one number stands for itself (recorded: `$range(1, 9, 9)` is 1). */
function range(first: Value, last: Value, step: Value): Value {
  if (typeof first !== 'number' || typeof last !== 'number' || typeof step !== 'number') return undefined;
  if (step === 0)
    throw new JsonataError('D3137', { message: 'The third argument of $range must not be zero' });
  const count = Math.floor((last - first) / step) + 1;
  if (count > RANGE_LENGTH_MAX) throw new BoundExceeded('memory');
  const items = newSequence();
  for (let at = 0; at < count; at++) add(items, first + at * step);
  return items;
}

function hash(data: Value, algorithm: Value): Value {
  if (typeof data !== 'string' || typeof algorithm !== 'string') return undefined;
  const digest = hashText(data, algorithm);
  if (digest === undefined)
    throw new JsonataError('D3137', { message: `Unsupported hash algorithm: ${algorithm}` });
  return digest;
}

function parse(text: Value): Value {
  if (typeof text !== 'string') return undefined;
  const value = parseJson(text);
  if (value === undefined) throw new JsonataError('D3137', { message: `Invalid JSON: ${text}` });
  return value;
}

/**
 * The functions that Step Functions adds to the language. The texts of their failures are ours: AWS's are not recorded.
 * `$random` with a seed gives the first number of `java.util.Random`.
 */
export const STEP_FUNCTIONS: Functions = {
  partition: define(2, '<an:a>', ([items, size]) => partition(items, size)),
  range: define(3, '<nnn:a>', ([first, last, step]) => range(first, last, step)),
  hash: define(2, '<s-s:s>', ([data, algorithm]) => hash(data, algorithm)),
  parse: define(1, '<s-:x>', ([text]) => parse(text)),
  uuid: define(0, '<:s>', (_args, focus) => focus.frame.run.environment.uuid()),
  random: define(1, '<n?:n>', ([seed], focus) =>
    typeof seed === 'number'
      ? new JavaRandom(BigInt(Math.trunc(seed))).nextDouble()
      : focus.frame.run.environment.random(),
  ),
};
