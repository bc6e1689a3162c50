import type { NativeFn } from '../fn.ts';
import { ARRAY_FUNCTIONS } from './arrays.ts';
import { DATE_FUNCTIONS } from './dates.ts';
import { ENCODING_FUNCTIONS } from './encoding.ts';
import { FORMAT_FUNCTIONS } from './format-number.ts';
import { HIGHER_ORDER_FUNCTIONS } from './higher-order.ts';
import { MATCHING_FUNCTIONS } from './matching.ts';
import { NUMBER_FUNCTIONS } from './numbers.ts';
import { OBJECT_FUNCTIONS } from './objects.ts';
import { STEP_FUNCTIONS } from './step-functions.ts';
import { STRING_FUNCTIONS } from './strings.ts';
import { TYPE_FUNCTIONS } from './types.ts';

/** Every function of the language as Step Functions speaks it, by name without the `$`. `$eval` does not exist there. */
export const FUNCTIONS: ReadonlyMap<string, NativeFn> = new Map(
  Object.entries({
    ...ARRAY_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...ENCODING_FUNCTIONS,
    ...FORMAT_FUNCTIONS,
    ...HIGHER_ORDER_FUNCTIONS,
    ...MATCHING_FUNCTIONS,
    ...NUMBER_FUNCTIONS,
    ...OBJECT_FUNCTIONS,
    ...STEP_FUNCTIONS,
    ...STRING_FUNCTIONS,
    ...TYPE_FUNCTIONS,
  }),
);
