import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const REASON_CHARS_MIN = 30;

/**
 * Says that a finding of cdk-nag is known and why it stands, at the construct that it is about and nowhere higher: a
 * blanket acknowledgement would hide the next, unknown one. Throws when the reason is too short to be one.
 */
export function acknowledge(construct: IConstruct, reason: string, ...rules: readonly string[]): void {
  if (reason.length < REASON_CHARS_MIN) {
    throw new Error(`${construct.node.path}: the reason to acknowledge ${rules.join(', ')} says too little`);
  }
  Validations.of(construct).acknowledge(...rules.map((id) => ({ id, reason })));
}
