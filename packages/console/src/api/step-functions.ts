/** What the console asks of the Step Functions API itself, with the shapes of AWS (dates are epoch seconds). */
import { callStepFunctions } from './client.ts';
import type { MachineType } from './types.ts';

export interface MachineDescription {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status?: 'ACTIVE' | 'DELETING';
  readonly definition: string;
  readonly roleArn: string;
  readonly type: MachineType;
  readonly creationDate: number;
  readonly revisionId?: string;
  readonly description?: string;
  readonly loggingConfiguration?: {
    readonly level?: string;
    readonly includeExecutionData?: boolean;
    readonly destinations?: readonly {
      readonly cloudWatchLogsLogGroup?: { readonly logGroupArn?: string };
    }[];
  };
  readonly tracingConfiguration?: { readonly enabled?: boolean };
}

export async function describeStateMachine(stateMachineArn: string): Promise<MachineDescription> {
  return (await callStepFunctions('DescribeStateMachine', { stateMachineArn })) as MachineDescription;
}

/** Creates a machine of type Standard, with a role that nobody checks; gives its ARN. */
export async function createStateMachine(name: string, definition: object): Promise<string> {
  const roleArn = 'arn:aws:iam::000000000000:role/any';
  const text = JSON.stringify(definition);
  const answer = await callStepFunctions('CreateStateMachine', { name, definition: text, roleArn });
  return (answer as { readonly stateMachineArn: string }).stateMachineArn;
}

export interface MachineVersion {
  readonly stateMachineVersionArn: string;
  readonly creationDate: number;
}

export async function listVersions(stateMachineArn: string): Promise<readonly MachineVersion[]> {
  const answer = (await callStepFunctions('ListStateMachineVersions', {
    stateMachineArn,
    maxResults: 1000,
  })) as {
    readonly stateMachineVersions: readonly MachineVersion[];
  };
  return answer.stateMachineVersions;
}

export interface MachineAlias {
  readonly stateMachineAliasArn: string;
  readonly name: string;
  readonly description?: string;
  readonly routingConfiguration: readonly {
    readonly stateMachineVersionArn: string;
    readonly weight: number;
  }[];
}

/** All aliases with where they lead to. */
export async function listAliases(stateMachineArn: string): Promise<readonly MachineAlias[]> {
  const answer = (await callStepFunctions('ListStateMachineAliases', {
    stateMachineArn,
    maxResults: 1000,
  })) as {
    readonly stateMachineAliases: readonly { readonly stateMachineAliasArn: string }[];
  };
  return Promise.all(
    answer.stateMachineAliases.map(
      async ({ stateMachineAliasArn }) =>
        (await callStepFunctions('DescribeStateMachineAlias', { stateMachineAliasArn })) as MachineAlias,
    ),
  );
}

/** @param input JSON text. Gives the ARN of the execution. */
export async function startExecution(
  stateMachineArn: string,
  input: string,
  name: string | undefined,
): Promise<string> {
  const answer = (await callStepFunctions('StartExecution', {
    stateMachineArn,
    input,
    ...(name === undefined || name === '' ? {} : { name }),
  })) as { readonly executionArn: string };
  return answer.executionArn;
}

export async function stopExecution(executionArn: string, error: string, cause: string): Promise<void> {
  await callStepFunctions('StopExecution', {
    executionArn,
    ...(error === '' ? {} : { error }),
    ...(cause === '' ? {} : { cause }),
  });
}

export async function redriveExecution(executionArn: string): Promise<void> {
  await callStepFunctions('RedriveExecution', { executionArn });
}

/** @param output JSON text. */
export async function sendTaskSuccess(taskToken: string, output: string): Promise<void> {
  await callStepFunctions('SendTaskSuccess', { taskToken, output });
}

export async function sendTaskFailure(taskToken: string, error: string, cause: string): Promise<void> {
  await callStepFunctions('SendTaskFailure', { taskToken, error, cause });
}

export async function sendTaskHeartbeat(taskToken: string): Promise<void> {
  await callStepFunctions('SendTaskHeartbeat', { taskToken });
}

interface MapRunCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly total: number;
  readonly resultsWritten: number;
}

export interface MapRunDescription {
  readonly mapRunArn: string;
  readonly executionArn: string;
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly startDate: number;
  readonly stopDate?: number;
  /** 0: no limit. */
  readonly maxConcurrency: number;
  readonly toleratedFailurePercentage: number;
  readonly toleratedFailureCount: number;
  readonly itemCounts: MapRunCounts;
  readonly executionCounts: MapRunCounts;
  readonly redriveCount?: number;
}

export async function describeMapRun(mapRunArn: string): Promise<MapRunDescription> {
  return (await callStepFunctions('DescribeMapRun', { mapRunArn })) as MapRunDescription;
}

export interface MapRunLimits {
  readonly maxConcurrency: number;
  readonly toleratedFailurePercentage: number;
  readonly toleratedFailureCount: number;
}

export async function updateMapRun(mapRunArn: string, limits: Partial<MapRunLimits>): Promise<void> {
  await callStepFunctions('UpdateMapRun', { mapRunArn, ...limits });
}
