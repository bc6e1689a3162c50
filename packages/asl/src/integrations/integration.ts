import type { Pattern } from './resource.ts';

/**
 * One optimised integration, as data. The checker, the task runners and the IAM derivation read the same rows
 * (sources: the service's "Call ... with Step Functions" page and the recordings).
 */
export interface Integration {
  /** As the resource ARN spells them: `sqs`, `sendMessage`. */
  readonly service: string;
  readonly action: string;
  readonly patterns: readonly Pattern[];
  /** The API call behind it: the SDK's service id in lower case and the operation: `{ service: 'sqs', operation: 'SendMessage' }`. */
  readonly api: { readonly service: string; readonly operation: string };
  /** Accepted parameter names, PascalCase; any other is dropped silently by AWS (recorded) and warned of by the checker. */
  readonly parameters: readonly string[];
  readonly required: readonly string[];
  /** Prefix of the errors it raises, without the dot: `SQS` in `SQS.AmazonSQSException`. */
  readonly errorPrefix: string;
  /** The error of an API exception without a modelled name: `AmazonSQSException`. */
  readonly genericError: string;
  /** The service's name in a cause text: `(Service: AmazonSQS; Status Code: 400; ...)`. */
  readonly serviceLabel: string;
  /** The error of a call whose worker was lost: in flight when the process died. Jobs: see `lostWorkerError`. */
  readonly lostWorker: string;
  /** What the execution role needs, for each pattern that needs more or other than the first. */
  readonly iam: readonly IamNeed[];
}

export interface IamNeed {
  /** The patterns that need it; undefined: all. */
  readonly patterns?: readonly Pattern[];
  readonly actions: readonly string[];
  /**
   * Which resource: 'parameter' names the parameter that holds the ARN or name; 'any' is `*` because the action has no
   * resource-level permission or the id is unknown beforehand; 'managedRule' is the named EventBridge rule; 'passRole' the
   * roles of the task definition; 'resource' is the ARN in the state's own `Resource` (a Lambda function); 'jobs' are the
   * jobs or executions that the action starts. A parameter name may be a path: `Entries.EventBusName`.
   */
  readonly on:
    | { readonly kind: 'resource' }
    | { readonly kind: 'parameter'; readonly parameter: string }
    | { readonly kind: 'any' }
    | { readonly kind: 'jobs' }
    | { readonly kind: 'managedRule'; readonly rule: string }
    | { readonly kind: 'passRole'; readonly passedTo: string };
}
