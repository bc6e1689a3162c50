import { createHash } from 'node:crypto';
import type { Integration, Json, JsonObject, TaskResource } from '@stepyard/asl';
import { parseJson } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { GIVEN_UP, callService, followJob, succeeded, textOf } from './call.ts';
import { integrationFailure, jobFailure } from './errors.ts';
import { sdkMetadata } from './metadata.ts';
import { wireParameters } from './optimised.ts';
import { fromApi, toApi } from './parameters.ts';
import type { ServiceAnswer, ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

/** Whether an attempt is the start of an execution: its name makes sure that it starts once. */
export function startsByName(resource: TaskResource): boolean {
  return (
    resource.kind === 'integration' && resource.service === 'states' && resource.action === 'startExecution'
  );
}

/**
 * `states:startExecution` in all its patterns. Of `.sync` and `.sync:2` the child's description is the result; its Input and Output are
 * JSON texts with `.sync`, JSON with `.sync:2`. A child that failed is States.TaskFailed with the description as cause ([88] of the
 * recordings). A task that is given up stops its child.
 */
export async function runChildExecution(
  task: TaskCall,
  integration: Integration,
  pattern: Pattern,
): Promise<TaskResult> {
  const failure = (error: ServiceError): TaskResult => integrationFailure(integration, error);
  const input = startInput(task, integration);
  const started = await callService(task, { service: 'sfn', operation: 'StartExecution', input }, failure);
  return 'failed' in started ? started.failed : goOn(task, integration, pattern, started.answer);
}

/**
 * The same once more, when nobody knows whether it happened. A Standard execution of that name that was begun since is the attempt's own:
 * it is followed, and where there is none it begins now. Express executions may share a name: undefined.
 */
export async function repeatChildExecution(
  task: TaskCall,
  integration: Integration,
  pattern: Pattern,
  sinceMs: number,
): Promise<TaskResult | undefined> {
  const failure = (error: ServiceError): TaskResult => integrationFailure(integration, error);
  const input = startInput(task, integration);
  const { stateMachineArn = '', name } = input;
  if (name === undefined) return undefined;
  const machine = { service: 'sfn', operation: 'DescribeStateMachine', input: { stateMachineArn } };
  const described = await callService(task, machine, failure);
  if ('failed' in described || described.answer.output['type'] !== 'STANDARD') return undefined;
  let exists = false;
  const start = { service: 'sfn', operation: 'StartExecution', input };
  const started = await callService(task, start, (error) => {
    exists = error.code === 'ExecutionAlreadyExists';
    return failure(error);
  });
  if (!('failed' in started)) return goOn(task, integration, pattern, started.answer);
  if (!exists) return started.failed;
  const [arn, partition, states, region, account, , machineName = ''] = textOf(stateMachineArn).split(':');
  const executionArn = [arn, partition, states, region, account, 'execution', machineName, textOf(name)].join(
    ':',
  );
  const describe = { service: 'sfn', operation: 'DescribeExecution', input: { executionArn } };
  const found = await callService(task, describe, failure);
  if ('failed' in found) return started.failed;
  const { startDate = null, input: given } = found.answer.output;
  // In seconds, with the milliseconds behind the point. One of that name that is older had been there before the attempt.
  const isOwn = typeof startDate === 'number' && Math.round(startDate * 1000) >= sinceMs;
  if (!isOwn || given !== (input['input'] ?? '{}')) return started.failed;
  return goOn(task, integration, pattern, { ...found.answer, output: { executionArn, startDate } });
}

type Pattern = Extract<TaskResource, { kind: 'integration' }>['pattern'];

/** From the answer to StartExecution on. */
async function goOn(
  task: TaskCall,
  integration: Integration,
  pattern: Pattern,
  answer: ServiceAnswer,
): Promise<TaskResult> {
  const submission = { ...fromApi('sfn', answer.output, 'milliseconds'), ...sdkMetadata(answer) };
  if (pattern !== 'sync' && pattern !== 'sync:2') return succeeded(submission);
  if (!task.signal.aborted) task.report.submitted(submission);
  return followChildExecution(task, integration, submission, pattern === 'sync:2');
}

/** An attempt without a Name has one of its own, always the same: what is started twice by it is one execution. */
function startInput({ request }: TaskCall, integration: Integration): JsonObject {
  const input = toApi('sfn', wireParameters(integration, request.parameters, request));
  // An asynchronous Express execution begins anew after a restart, and so does what it starts.
  const isExpress = request.executionArn.split(':')[5] === 'express';
  if (input['name'] !== undefined || isExpress) return input;
  return { ...input, name: uuidOf(request.attemptId) };
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** Waits for the end of the execution that was started. */
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
