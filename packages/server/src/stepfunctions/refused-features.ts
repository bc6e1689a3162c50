import type { JsonObject } from '@stepyard/asl';
import { refused } from '../protocol/api-error.ts';

/** Refuses what asks for a version: a machine without the version that was asked for would be a false success. */
export function refuseVersions(operation: string, input: JsonObject): void {
  if (input['publish'] === true || input['versionDescription'] !== undefined) {
    throw refused(
      `states:${operation} with publish or versionDescription`,
      'Versions and aliases exist on AWS only.',
    );
  }
}
