/** Optimised integrations that are one API call: request-response and `.waitForTaskToken`. */
import type { Integration, Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { callService, succeeded } from './call.ts';
import { integrationFailure } from './errors.ts';
import { sdkMetadata } from './metadata.ts';
import { fromApi, toApi } from './parameters.ts';
import type { TaskResult } from './task-runner.ts';

/** Parameters that are text on the wire and may be any JSON in a state machine. */
const TEXT_PARAMETERS: Readonly<Record<string, string>> = {
  'sqs:sendMessage': 'MessageBody',
  'sns:publish': 'Message',
  'states:startExecution': 'Input',
};

export async function runOptimised(task: TaskCall, integration: Integration): Promise<TaskResult> {
  const { service, operation } = integration.api;
  const input = toApi(service, wireParameters(integration, task.request.parameters, task.request));
  const called = await callService(task, { service, operation, input }, (error) =>
    integrationFailure(integration, error),
  );
  if ('failed' in called) return called.failed;
  if (integration.service === 'events') return eventsResult(called.answer.output);
  return succeeded({
    ...fromApi(service, called.answer.output, 'milliseconds'),
    ...sdkMetadata(called.answer),
  });
}

/** Unknown parameters are dropped silently (recorded), texts are made of JSON. */
export function wireParameters(
  integration: Integration,
  parameters: Json,
  request: { readonly executionArn: string; readonly stateMachineArn: string },
): JsonObject {
  if (!isObject(parameters)) return {};
  const textName = TEXT_PARAMETERS[`${integration.service}:${integration.action}`];
  const result: Record<string, Json> = {};
  for (const name of integration.parameters) {
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    // A null is as good as nothing: startExecution with a null Input gives the child `{}` (recorded).
    if (value === undefined || value === null) continue;
    result[name] = name === textName && typeof value !== 'string' ? JSON.stringify(value) : value;
  }
  if (integration.service === 'events' && isArray(result['Entries'])) {
    const resources = [request.stateMachineArn, request.executionArn];
    result['Entries'] = result['Entries'].map((entry) => eventEntry(entry, resources));
  }
  return result;
}

/** The machine and the execution are added to the resources of every event ([89] of the recordings). */
function eventEntry(entry: Json, added: readonly string[]): Json {
  if (!isObject(entry)) return entry;
  const detail = entry['Detail'];
  const resources = isArray(entry['Resources']) ? entry['Resources'] : [];
  return {
    ...entry,
    ...(detail === undefined || typeof detail === 'string' ? {} : { Detail: JSON.stringify(detail) }),
    Resources: [...resources, ...added],
  };
}

/** The answer without metadata; any failed entry fails the task (recordings services/events-task-service--*, local_mocking/*events*). */
function eventsResult(output: JsonObject): TaskResult {
  const count = output['FailedEntryCount'];
  const entries = { Entries: output['Entries'] ?? [], FailedEntryCount: count ?? 0 };
  if (typeof count !== 'number' || count === 0) return succeeded(entries);
  return { kind: 'failed', error: 'EventBridge.FailedEntry', cause: JSON.stringify(entries) };
}
