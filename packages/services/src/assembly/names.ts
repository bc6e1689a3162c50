import { createHash } from 'node:crypto';

/** What a service allows in a name. */
export interface NameRules {
  readonly lengthMax: number;
  /** Buckets: lower case, and only letters, digits and hyphens. */
  readonly lowerCase?: boolean;
  /** FIFO queues and topics: ends the name. */
  readonly suffix?: string;
}

const DIGEST_CHARACTERS = 8;

/**
 * The physical name of a resource. CloudFormation makes `<stack>-<logical id>-<random>`; here there is nothing random, so that
 * deploying again finds what is there. A name that is too long is cut, and a digest of the whole keeps it unique.
 */
export function physicalName(stackName: string, logicalId: string, rules: NameRules): string {
  const suffix = rules.suffix ?? '';
  const joined = `${stackName}-${logicalId}`;
  const whole =
    rules.lowerCase === true
      ? joined
          .toLowerCase()
          .replaceAll(/[^a-z0-9-]/gu, '-')
          .replaceAll(/^-+|-+$/gu, '')
      : joined;
  const lengthMax = rules.lengthMax - suffix.length;
  if (whole.length <= lengthMax) return whole + suffix;
  const digest = createHash('sha256').update(joined).digest('hex').slice(0, DIGEST_CHARACTERS);
  return `${whole.slice(0, lengthMax - DIGEST_CHARACTERS - 1)}-${digest}${suffix}`;
}

/** A made-up id, the same for the same resource: `subnet-0a1b2c3d4e5f6a7b8`. */
export function stableId(stackName: string, logicalId: string, characters: number): string {
  return createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, characters);
}
