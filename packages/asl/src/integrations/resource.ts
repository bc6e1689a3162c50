/**
 * What a Task state's `Resource` names.
 *   arn:<p>:lambda:<region>:<account>:function:<name>[:<qualifier>]     -> lambda
 *   arn:<p>:states:<region>:<account>:activity:<name>                   -> activity
 *   arn:<p>:states:::<service>:<action>[.sync|.sync:2|.waitForTaskToken] -> integration (optimised, in the table)
 *   arn:<p>:states:::aws-sdk:<service>:<action>[.waitForTaskToken]      -> sdk
 */
export type Pattern = 'requestResponse' | 'sync' | 'sync:2' | 'waitForTaskToken';

export type TaskResource =
  | { readonly kind: 'lambda'; readonly arn: string }
  | { readonly kind: 'activity'; readonly arn: string }
  | {
      readonly kind: 'integration';
      readonly arn: string;
      /** As the ARN spells it: `sqs`, `dynamodb`, `ecs`, `batch`, `states`, `lambda`, `sns`, `events`. */
      readonly service: string;
      /** As the ARN spells it: `sendMessage`, `runTask`. */
      readonly action: string;
      readonly pattern: Pattern;
    }
  | {
      readonly kind: 'sdk';
      readonly arn: string;
      /** As the ARN spells it, lower case: `dynamodb`, `sfn`, `s3`. */
      readonly service: string;
      readonly action: string;
      readonly pattern: Pattern;
    };

const PATTERN_SUFFIXES: readonly (readonly [string, Pattern])[] = [
  ['.sync:2', 'sync:2'],
  ['.sync', 'sync'],
  ['.waitForTaskToken', 'waitForTaskToken'],
];

/**
 * Region and account may be anything, and each part a CloudFormation substitution (`arn:${Partition}:states:::sns:publish`):
 * documentation is full of `arn:aws:lambda:REGION:ACCOUNT_ID:function:NAME`.
 */
const ARN =
  /^arn:(?:[a-z0-9-]+|\$\{[^}]+\}):(lambda|states):(?:[^:$]*|\$\{[^}]+\}):(?:[^:$]*|\$\{[^}]+\}):(.+)$/u;

/** Reads a Task's Resource; undefined when it is none of the known shapes. */
export function parseResource(arn: string): TaskResource | undefined {
  const match = ARN.exec(arn);
  if (match === null) return undefined;
  const [, service, rest = ''] = match;
  if (service === 'lambda') return rest.startsWith('function:') ? { kind: 'lambda', arn } : undefined;
  if (rest.startsWith('activity:')) return { kind: 'activity', arn };
  const suffix = PATTERN_SUFFIXES.find(([text]) => rest.endsWith(text));
  const pattern = suffix?.[1] ?? 'requestResponse';
  const target = suffix === undefined ? rest : rest.slice(0, -suffix[0].length);
  const parts = target.split(':');
  if (parts[0] === 'aws-sdk' && parts.length === 3) {
    return { kind: 'sdk', arn, service: parts[1] ?? '', action: parts[2] ?? '', pattern };
  }
  if (parts.length !== 2) return undefined;
  return { kind: 'integration', arn, service: parts[0] ?? '', action: parts[1] ?? '', pattern };
}
