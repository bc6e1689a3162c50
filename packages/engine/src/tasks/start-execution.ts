import type { Integration, Json, JsonObject } from '@stepyard/asl';
import { parseJson } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { GIVEN_UP, callService, followJob, succeeded, textOf } from './call.ts';
import { integrationFailure, jobFailure } from './errors.ts';
import { sdkMetadata } from './metadata.ts';
import { wireParameters } from './optimised.ts';
import { fromApi, toApi } from './parameters.ts';
import type { ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

/**
 * `states:startExecution.sync` and `.sync:2`: the child's description is the result; its Input and Output are JSON texts with
 * `.sync`, JSON with `.sync:2`. A child that failed is States.TaskFailed with the description as cause ([88] of the recordings).
 * A task that is given up stops its child.
 */
export async function runChildExecution(
  task: TaskCall,
  integration: Integration,
  parseData: boolean,
): Promise<TaskResult> {
  const failure = (error: ServiceError): TaskResult => integrationFailure(integration, error);
  const input = toApi('sfn', wireParameters(integration, task.request.parameters, task.request));
  const started = await callService(task, { service: 'sfn', operation: 'StartExecution', input }, failure);
  if ('failed' in started) return started.failed;
  const { answer } = started;
  const submission = { ...fromApi('sfn', answer.output, 'milliseconds'), ...sdkMetadata(answer) };
  if (!task.signal.aborted) task.report.submitted(submission);
  return followChildExecution(task, integration, submission, parseData);
}

/** From the answer to StartExecution on. */
export async function followChildExecution(
  task: TaskCall,
  integration: Integration,
  submission: JsonObject,
  parseData: boolean,
): Promise<TaskResult> {
  const executionArn = textOf(submission['ExecutionArn']);
  const failure = (error: ServiceError): TaskResult => integrationFailure(integration, error);
  return followJob(
    task,
    () => stopExecution(task, executionArn),
    () => untilEnded(task, executionArn, parseData, failure),
  );
}

async function untilEnded(
  task: TaskCall,
  executionArn: string,
  parseData: boolean,
  failure: (error: ServiceError) => TaskResult,
): Promise<TaskResult> {
  while (!task.signal.aborted) {
    const changed = task.caller.jobChanged('sfn', executionArn, task.signal);
    const call = { service: 'sfn', operation: 'DescribeExecution', input: { executionArn } };
    const described = await callService(task, call, failure);
    if ('failed' in described) return described.failed;
    const { output } = described.answer;
    if (output['status'] === 'SUCCEEDED') return succeeded(childDescription(output, parseData));
    if (output['status'] !== 'RUNNING') return jobFailure(childDescription(output, parseData));
    await changed;
  }
  return GIVEN_UP;
}

/** What the recordings show of a child: DescribeExecution without what was added to it later. */
const SHOWN = [
  'Cause',
  'Error',
  'ExecutionArn',
  'Input',
  'InputDetails',
  'Name',
  'Output',
  'OutputDetails',
  'StartDate',
  'StateMachineArn',
  'Status',
  'StopDate',
];

function childDescription(output: JsonObject, parseData: boolean): JsonObject {
  const described = fromApi('sfn', output, 'milliseconds');
  const shown: Record<string, Json> = {};
  for (const name of SHOWN) {
    const value = described[name];
    if (value === undefined || value === null) continue;
    const isData = parseData && (name === 'Input' || name === 'Output') && typeof value === 'string';
    shown[name] = isData ? (parseJson(value) ?? null) : value;
  }
  return shown;
}

async function stopExecution(task: TaskCall, executionArn: string): Promise<void> {
  // Best effort, as on AWS: a child that has just ended stays as it is.
  await task.caller
    .call({ service: 'sfn', operation: 'StopExecution', input: { executionArn } })
    .catch(() => undefined);
}
