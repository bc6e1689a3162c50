import type { IamNeed, Integration } from '../integration.ts';
import type { Pattern } from '../resource.ts';

export const CALL: readonly Pattern[] = ['requestResponse'];
export const CALL_AND_TOKEN: readonly Pattern[] = ['requestResponse', 'waitForTaskToken'];
export const CALL_AND_JOB: readonly Pattern[] = ['requestResponse', 'sync'];

/** What the rows of one service have in common. */
export interface ServiceFacts {
  readonly service: string;
  /** The SDK's service id, lower case without spaces. */
  readonly client: string;
  readonly errorPrefix: string;
  readonly genericError: string;
  readonly serviceLabel: string;
}

export interface ActionFacts {
  readonly patterns: readonly Pattern[];
  /** The API operation, where it is not the action with a capital letter. */
  readonly operation?: string;
  /** Parameter names separated by spaces; those that are required end in `!`. */
  readonly parameters: string;
  readonly lostWorker?: string;
  readonly iam: readonly IamNeed[];
}

/** Makes the row of one action. */
export function row(facts: ServiceFacts, action: string, more: ActionFacts): Integration {
  const names = more.parameters.split(/\s+/u).filter((name) => name !== '');
  return {
    service: facts.service,
    action,
    patterns: more.patterns,
    api: { service: facts.client, operation: more.operation ?? pascalCase(action) },
    parameters: names.map((name) => name.replace('!', '')),
    required: names.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1)),
    errorPrefix: facts.errorPrefix,
    genericError: facts.genericError,
    serviceLabel: facts.serviceLabel,
    lostWorker: more.lostWorker ?? `${facts.errorPrefix}.SdkClientException`,
    iam: more.iam,
  };
}

/** `sendMessage` -> `SendMessage`. */
export function pascalCase(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}

export function onParameter(parameter: string, ...actions: string[]): IamNeed {
  return { actions, on: { kind: 'parameter', parameter } };
}

export function onAny(...actions: string[]): IamNeed {
  return { actions, on: { kind: 'any' } };
}

/** The same need, for `.sync` only. */
export function forSync(need: IamNeed): IamNeed {
  return { ...need, patterns: ['sync', 'sync:2'] };
}

export function onJobs(...actions: string[]): IamNeed {
  return { patterns: ['sync', 'sync:2'], actions, on: { kind: 'jobs' } };
}

/** The three actions by which Step Functions hears of a job's end through the EventBridge rule that it manages. */
export function managedRule(rule: string): IamNeed {
  return {
    patterns: ['sync', 'sync:2'],
    actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
    on: { kind: 'managedRule', rule },
  };
}

export function passRole(passedTo: string): IamNeed {
  return { actions: ['iam:PassRole'], on: { kind: 'passRole', passedTo } };
}
