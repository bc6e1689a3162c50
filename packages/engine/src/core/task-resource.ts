import type { Json, JsonObject, TaskResource } from '@stepyard/asl';
import { isObject } from '@stepyard/asl';

/** Which family of history events a Task's attempts are told by. */
export type TaskFamily = 'Task' | 'LambdaFunction' | 'Activity';

export function familyOf(resource: TaskResource): TaskFamily {
  if (resource.kind === 'lambda') return 'LambdaFunction';
  return resource.kind === 'activity' ? 'Activity' : 'Task';
}

/** `{ resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs' }`: what all Task events of an attempt carry. */
export function labelOf(resource: TaskResource): JsonObject | undefined {
  if (resource.kind === 'lambda' || resource.kind === 'activity') return undefined;
  const suffix = resource.pattern === 'requestResponse' ? '' : `.${resource.pattern}`;
  const resourceType = resource.kind === 'sdk' ? `aws-sdk:${resource.service}` : resource.service;
  return { resource: `${resource.action}${suffix}`, resourceType };
}

/** How AWS names the thing that returned too much: the service, or a function's ARN (recordings error_handling/*data-limit*). */
export function subjectOf(resource: TaskResource): string {
  return resource.kind === 'lambda' || resource.kind === 'activity' ? resource.arn : resource.service;
}

/**
 * Whether the attempt has a task token, which the state may pass on and which ends it when it comes back: `.waitForTaskToken`,
 * and jobs that the state waits for too (recording callback/callback--sync-with-task-token).
 */
export function hasToken(resource: TaskResource): boolean {
  return 'pattern' in resource && resource.pattern !== 'requestResponse';
}

function isSync(resource: TaskResource): boolean {
  return 'pattern' in resource && (resource.pattern === 'sync' || resource.pattern === 'sync:2');
}

const MANAGED_BY: JsonObject = { Name: 'MANAGED_BY_AWS', Value: 'STARTED_BY_STEP_FUNCTIONS' };

/**
 * What Step Functions itself adds to the parameters of a job that it waits for, and shows in TaskScheduled:
 * `StartedBy` for ecs:runTask.sync, an environment variable for batch:submitJob.sync.
 */
export function withStarterMarks(resource: TaskResource, parameters: Json): Json {
  if (!isSync(resource) || resource.kind !== 'integration' || !isObject(parameters)) return parameters;
  if (resource.service === 'ecs') return { ...parameters, StartedBy: 'AWS Step Functions' };
  if (resource.service !== 'batch') return parameters;
  const overrides = isObject(parameters['ContainerOverrides']) ? parameters['ContainerOverrides'] : {};
  const environment = Array.isArray(overrides['Environment'])
    ? (overrides['Environment'] as readonly Json[])
    : [];
  return { ...parameters, ContainerOverrides: { ...overrides, Environment: [...environment, MANAGED_BY] } };
}
