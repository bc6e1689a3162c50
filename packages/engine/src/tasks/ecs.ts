import type { Integration, Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { GIVEN_UP, callService, followJob, succeeded, textOf } from './call.ts';
import { integrationFailure, jobFailure } from './errors.ts';
import { sdkMetadata } from './metadata.ts';
import { wireParameters } from './optimised.ts';
import { fromApi, toApi } from './parameters.ts';
import type { ServiceAnswer, ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

/**
 * `ecs:runTask` where Step Functions looks at what became of it: `.sync` waits for the task to stop, `.waitForTaskToken`
 * only for its start; both fail with AmazonECS.Unknown when nothing was started (Step Functions guide, connect-ecs).
 */
export async function runEcsTask(
  task: TaskCall,
  integration: Integration,
  isSync: boolean,
): Promise<TaskResult> {
  const failure = (error: ServiceError): TaskResult => integrationFailure(integration, error);
  const parameters = wireParameters(integration, task.request.parameters, task.request);
  const input = toApi('ecs', isSync ? { ...parameters, StartedBy: 'AWS Step Functions' } : parameters);
  const started = await callService(task, { service: 'ecs', operation: 'RunTask', input }, failure);
  if ('failed' in started) return started.failed;
  const answer: ServiceAnswer = started.answer;
  const output = { ...fromApi('ecs', answer.output, 'milliseconds'), ...sdkMetadata(answer) };
  const failures = answer.output['failures'];
  const ecsTask = firstTask(answer.output);
  if ((isArray(failures) && failures.length > 0) || ecsTask === undefined) {
    return { kind: 'failed', error: 'AmazonECS.Unknown', cause: JSON.stringify(output) };
  }
  if (!isSync) return succeeded(output);
  if (!task.signal.aborted) task.report.submitted(output);
  return followEcsTask(task, integration, output);
}

/** From the answer to RunTask on. */
export async function followEcsTask(
  task: TaskCall,
  integration: Integration,
  submission: JsonObject,
): Promise<TaskResult> {
  const ecsTask = isArray(submission['Tasks']) ? submission['Tasks'][0] : undefined;
  const { ClusterArn: cluster = null, TaskArn: arn = null } = isObject(ecsTask) ? ecsTask : {};
  const target = { cluster, task: arn };
  return followJob(
    task,
    () => stopTask(task, target),
    () => untilStopped(task, target, (error) => integrationFailure(integration, error)),
  );
}

interface Target {
  readonly cluster: Json;
  readonly task: Json;
}

async function untilStopped(
  task: TaskCall,
  target: Target,
  failure: (error: ServiceError) => TaskResult,
): Promise<TaskResult> {
  while (!task.signal.aborted) {
    // Listening before looking: a change in between is not missed.
    const changed = task.caller.jobChanged('ecs', textOf(target.task), task.signal);
    const input = { cluster: target.cluster, tasks: [target.task] };
    const described = await callService(task, { service: 'ecs', operation: 'DescribeTasks', input }, failure);
    if ('failed' in described) return described.failed;
    const ecsTask = firstTask(described.answer.output);
    if (ecsTask === undefined)
      return jobFailure({ TaskArn: target.task, StoppedReason: 'The task does not exist any more' });
    if (ecsTask['lastStatus'] === 'STOPPED') {
      const description = fromApi('ecs', ecsTask, 'milliseconds');
      return (await hasSucceeded(task, ecsTask)) ? succeeded(description) : jobFailure(description);
    }
    await changed;
  }
  return GIVEN_UP;
}

/**
 * Every essential container ran and ended with 0; one that never started has no exit code (recorded: CannotPullContainerError).
 * A sidecar that was stopped with the others may end as it likes: which are essential, the task definition says.
 */
async function hasSucceeded(task: TaskCall, ecsTask: JsonObject): Promise<boolean> {
  if (ecsTask['stopCode'] !== 'EssentialContainerExited') return false;
  const containers = isArray(ecsTask['containers'])
    ? ecsTask['containers'].filter((item) => isObject(item))
    : [];
  const failed = containers.filter((container) => container['exitCode'] !== 0);
  if (failed.length === 0) return containers.length > 0;
  if (containers.length === 1) return false;
  const input = { taskDefinition: ecsTask['taskDefinitionArn'] ?? null };
  const call = { service: 'ecs', operation: 'DescribeTaskDefinition', input };
  const described = await callService(task, call, () => GIVEN_UP);
  if ('failed' in described) return false;
  const { taskDefinition } = described.answer.output as { readonly taskDefinition?: Json };
  const definitions = isObject(taskDefinition) ? taskDefinition['containerDefinitions'] : undefined;
  const sidecars = (isArray(definitions) ? definitions : []).filter(
    (definition) => isObject(definition) && definition['essential'] === false,
  );
  const names = new Set(
    sidecars.map((definition) => (isObject(definition) ? definition['name'] : undefined)),
  );
  return failed.every((container) => names.has(container['name']));
}

function firstTask(output: JsonObject): JsonObject | undefined {
  const tasks = output['tasks'];
  const ecsTask = isArray(tasks) ? tasks[0] : undefined;
  return isObject(ecsTask) ? ecsTask : undefined;
}

async function stopTask(task: TaskCall, target: Target): Promise<void> {
  const input = { ...target, reason: 'The Step Functions task was aborted' };
  // Best effort, as on AWS.
  await task.caller.call({ service: 'ecs', operation: 'StopTask', input }).catch(() => undefined);
}
