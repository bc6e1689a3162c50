const READ = ['kms:Decrypt'];
const MESSAGE = ['kms:Decrypt', 'kms:GenerateDataKey'];
const TABLE = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What a caller needs on a customer managed key to use what that key encrypts; first match wins. */
const RULES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^sns:Publish$/u, MESSAGE],
  [/^sqs:SendMessage$/u, MESSAGE],
  [/^sqs:(?:ReceiveMessage|DeleteMessage)$/u, READ],
  [/^s3:GetObject$/u, READ],
  [/^s3:PutObject$/u, MESSAGE],
  [/^dynamodb:(?:GetItem|BatchGetItem|Query|Scan)$/u, ['kms:Decrypt', 'kms:DescribeKey']],
  [/^dynamodb:/u, TABLE],
  [/^states:Start(?:Sync)?Execution$/u, MESSAGE],
];

/**
 * The KMS actions that go with some actions on encrypted resources, sorted; empty when none needs the key (Lambda
 * decrypts a function's environment by a grant of its own). Spelt out rather than `kms:GenerateDataKey*`: the wildcard
 * would also allow data key pairs, which nothing here uses.
 */
export function kmsActionsFor(actions: readonly string[]): string[] {
  const needed = actions.flatMap((action) => RULES.find(([pattern]) => pattern.test(action))?.[1] ?? []);
  return [...new Set(needed)].toSorted();
}
