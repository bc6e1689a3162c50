import type { JsonObject } from '@stepyard/asl';
import { ApiError } from '../protocol/api-error.ts';
import { optionalText } from './operation.ts';

/**
 * Whether a Create or Update publishes a version too.
 * Throws ValidationException for a version's description without a version ([69] of the recordings).
 */
export function wantsVersion(input: JsonObject): boolean {
  const isWanted = input['publish'] === true;
  if (!isWanted && optionalText(input, 'versionDescription') !== undefined) {
    const message = 'Version description can only be set when publish is true';
    throw new ApiError('ValidationException', message);
  }
  return isWanted;
}
