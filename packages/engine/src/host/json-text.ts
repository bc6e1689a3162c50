import type { Json } from '@stepyard/asl';
import { PAYLOAD_BYTES_MAX, utf8Bytes } from '../core/limits.ts';
import type { EngineErrorCode } from './engine-error.ts';
import { EngineError } from './engine-error.ts';
import { JSON_DEPTH_MAX, depthOf } from '../json-depth.ts';

/** Checks JSON text from outside, its size and its depth. Throws EngineError with the given code. */
export function checkJsonText(text: string, code: EngineErrorCode, label: string): Json {
  if (utf8Bytes(text) > PAYLOAD_BYTES_MAX) {
    throw new EngineError(
      'ValidationException',
      `1 validation error detected: Value at '${label}' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_BYTES_MAX}`,
    );
  }
  if (depthOf(text) > JSON_DEPTH_MAX)
    throw new EngineError(code, `Invalid ${label}: nested deeper than ${JSON_DEPTH_MAX}`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new EngineError(
      code,
      `Invalid ${label}: '${error instanceof Error ? error.message : String(error)}'`,
    );
  }
}
