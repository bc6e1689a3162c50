import type { Json } from '@stepyard/asl';
import { PAYLOAD_BYTES_MAX, utf8Bytes } from '../core/limits.ts';
import type { EngineErrorCode } from './engine-error.ts';
import { EngineError } from './engine-error.ts';

/** How deep JSON from outside may be nested; deeper would overflow the stack of whoever walks it. As in AWS's own parser. */
export const JSON_DEPTH_MAX = 1000;

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

/** An upper bound of the nesting of JSON text, without parsing it: brackets outside of strings. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const char = text[index];
    if (inString) {
      if (char === '\\') index++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}
