import type { Json, TaskResource } from '@stepyard/asl';
import { findIntegration, isObject, sdkService } from '@stepyard/asl';
import { followBatchJob, runBatchJob } from './batch.ts';
import type { TaskCall } from './call.ts';
import { followEcsTask, runEcsTask } from './ecs.ts';
import { runHttp } from './http.ts';
import { runFunction, runInvoke } from './lambda.ts';
import { runOptimised } from './optimised.ts';
import { runSdk } from './sdk.ts';
import { ServiceError, type ServiceCaller } from './service-caller.ts';
import {
  followChildExecution,
  repeatChildExecution,
  runChildExecution,
  startsByName,
} from './start-execution.ts';
import type { TaskReporter, TaskRequest, TaskResult, TaskRunner } from './task-runner.ts';

/** Runs tasks against services, as their integrations define. What is not known is refused by name, never made up. */
export function createIntegrationRunner(caller: ServiceCaller): TaskRunner {
  return {
    async run(request, report, signal) {
      const assumed = await callerOf(caller, request);
      if ('failed' in assumed) return assumed.failed;
      return runResource({ caller: assumed.caller, request, report, signal }, request.resource);
    },
    async repeat(request, sinceMs, report, signal) {
      const { resource } = request;
      const integration = findIntegration('states', 'startExecution');
      if (resource.kind !== 'integration' || !startsByName(resource) || integration === undefined)
        return undefined;
      const assumed = await callerOf(caller, request);
      if ('failed' in assumed) return assumed.failed;
      const task = { caller: assumed.caller, request, report, signal };
      return repeatChildExecution(task, integration, resource.pattern, sinceMs);
    },
    async reattach(request, submission, signal) {
      const assumed = await callerOf(caller, request);
      if ('failed' in assumed) return assumed.failed;
      return followResource({ caller: assumed.caller, request, report: SUBMITTED, signal }, submission);
    },
  };
}

/** It was submitted before. */
const SUBMITTED: TaskReporter = { submitted: () => undefined };

async function followResource(task: TaskCall, submission: Json): Promise<TaskResult> {
  const { resource } = task.request;
  const integration =
    resource.kind === 'integration' ? findIntegration(resource.service, resource.action) : undefined;
  if (resource.kind !== 'integration' || integration === undefined || !isObject(submission))
    return unknown('arn' in resource ? resource.arn : '');
  const name = `${resource.service}:${resource.action}`;
  if (name === 'batch:submitJob') return followBatchJob(task, integration, submission);
  if (name === 'ecs:runTask') return followEcsTask(task, integration, submission);
  if (name === 'states:startExecution')
    return followChildExecution(task, integration, submission, resource.pattern === 'sync:2');
  return unknown(resource.arn);
}

/** The caller of a Task with Credentials is the role that they name. */
async function callerOf(
  caller: ServiceCaller,
  { credentials }: TaskRequest,
): Promise<{ readonly caller: ServiceCaller } | { readonly failed: TaskResult }> {
  const roleArn = isObject(credentials) ? credentials['RoleArn'] : undefined;
  if (typeof roleArn !== 'string' || caller.assume === undefined) return { caller };
  try {
    return { caller: await caller.assume(roleArn) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { failed: { kind: 'failed', error: 'States.TaskFailed', cause: error.message } };
  }
}

async function runResource(task: TaskCall, resource: TaskResource): Promise<TaskResult> {
  if (resource.kind === 'integration') return runIntegration(task, resource);
  if (resource.kind === 'activity') throw new Error('activities are not run, workers take them');
  if (resource.kind === 'lambda') {
    const invoke = findIntegration('lambda', 'invoke');
    return invoke === undefined ? unknown(resource.arn) : runFunction(task, resource.arn, invoke);
  }
  const service = sdkService(resource.service);
  return service === undefined ? unknown(resource.arn) : runSdk(task, service, resource.action);
}

async function runIntegration(
  task: TaskCall,
  resource: Extract<TaskResource, { kind: 'integration' }>,
): Promise<TaskResult> {
  const integration = findIntegration(resource.service, resource.action);
  if (integration === undefined) return unknown(resource.arn);
  const name = `${resource.service}:${resource.action}`;
  const { pattern } = resource;
  const isSync = pattern === 'sync' || pattern === 'sync:2';
  if (name === 'lambda:invoke') return runInvoke(task, integration);
  if (name === 'ecs:runTask' && pattern !== 'requestResponse') return runEcsTask(task, integration, isSync);
  if (name === 'http:invoke') return runHttp(task, 'InvokeHTTPEndpoint');
  if (name === 'apigateway:invoke') return runHttp(task, 'InvokeApiGateway');
  if (name === 'states:startExecution') return runChildExecution(task, integration, pattern);
  if (!isSync) return runOptimised(task, integration);
  if (name === 'batch:submitJob') return runBatchJob(task, integration);
  return {
    kind: 'failed',
    error: 'States.TaskFailed',
    cause: `Stepyard cannot wait for the jobs of ${resource.arn}; a mock of this state can stand in for it.`,
  };
}

function unknown(arn: string): TaskResult {
  return { kind: 'failed', error: 'States.Runtime', cause: `The resource ${arn} is not known.` };
}
