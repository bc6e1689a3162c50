import type { NumberField } from '@stepyard/asl';
import { AslFailure } from '@stepyard/asl';
import { StateEnvironment } from './evaluation.ts';
import type { Execution } from './execution.ts';
import { QUERY_EVALUATION, RUNTIME } from './failure.ts';
import type { Frame } from './frame.ts';

/** What a field's number may be: AWS calls the kinds so in its messages. Bounds are included. */
export interface Allowed {
  readonly kind: 'integer' | 'float';
  readonly min?: number;
  readonly max?: number;
  /** A text that is a number will do (recording assign/*reference-in-tolerated-failure*). */
  readonly orText?: true;
}

export const NOT_NEGATIVE: Allowed = { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER };

/** The number that a field gives; undefined when the field is absent. Throws what AWS says of any other value. */
export function numberOf(
  execution: Execution,
  frame: Frame,
  field: NumberField,
  name: string,
  allowed: Allowed,
): number | undefined {
  if (field === undefined || typeof field === 'number') return field;
  const found = field.evaluate(new StateEnvironment(execution, frame, frame.input));
  const isText = allowed.orText === true && typeof found === 'string' && found.trim() !== '';
  const value = isText ? Number(found) : found;
  if (typeof value === 'number' && isAllowed(value, allowed)) return value;
  if (frame.state.queryLanguage === 'JSONata') {
    throw new AslFailure(
      QUERY_EVALUATION,
      `The JSONata expression specified for the field '${name}' returned an unexpected result: ${JSON.stringify(found)}`,
      name,
    );
  }
  const shown = typeof found === 'string' ? found : JSON.stringify(found);
  throw new AslFailure(
    RUNTIME,
    `The ${name}Path field refers to value "${shown}" which is not a valid ${allowed.kind}: ${field.text}`,
  );
}

function isAllowed(value: number, { kind, min, max }: Allowed): boolean {
  if (!Number.isFinite(value) || (kind === 'integer' && !Number.isInteger(value))) return false;
  return value >= (min ?? Number.NEGATIVE_INFINITY) && value <= (max ?? Number.POSITIVE_INFINITY);
}
