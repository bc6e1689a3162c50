import type { Json } from '@stepyard/asl';
import { NESTING_MAX, parseJson } from '@stepyard/asl';
import { PAYLOAD_BYTES_MAX, utf8Bytes } from '../core/limits.ts';
import type { EngineErrorCode } from './engine-error.ts';
import { EngineError } from './engine-error.ts';

/** Checks JSON text from outside: its size, its nesting, and that it is JSON. Throws EngineError with the given code. */
export function checkJsonText(text: string, code: EngineErrorCode, label: string): Json {
  if (utf8Bytes(text) > PAYLOAD_BYTES_MAX) {
    throw new EngineError(
      'ValidationException',
      `1 validation error detected: Value at '${label}' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_BYTES_MAX}`,
    );
  }
  const value = parseJson(text);
  if (value !== undefined) return value;
  throw new EngineError(
    code,
    `Invalid ${label}: it is not JSON, or nested deeper than ${NESTING_MAX} levels`,
  );
}
