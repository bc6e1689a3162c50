import type { Integration, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { GIVEN_UP, callService, followJob, succeeded, textOf } from './call.ts';
import { integrationFailure, jobFailure } from './errors.ts';
import { sdkMetadata } from './metadata.ts';
import { wireParameters } from './optimised.ts';
import { fromApi, toApi } from './parameters.ts';
import type { ServiceError } from './service-caller.ts';
import type { TaskResult } from './task-runner.ts';

/**
 * `batch:submitJob.sync`: submits, then describes the job whenever it may have changed, until it has ended. Its description
 * is the result, or the cause of the failure. A task that is given up terminates its job.
 */
export async function runBatchJob(task: TaskCall, integration: Integration): Promise<TaskResult> {
  const failure = failureOf(integration);
  const input = toApi('batch', wireParameters(integration, task.request.parameters, task.request));
  const submitted = await callService(task, { service: 'batch', operation: 'SubmitJob', input }, failure);
  if ('failed' in submitted) return submitted.failed;
  const { answer } = submitted;
  const submission = { ...fromApi('batch', answer.output, 'milliseconds'), ...sdkMetadata(answer) };
  if (!task.signal.aborted) task.report.submitted(submission);
  return followBatchJob(task, integration, submission);
}

/** From the answer to SubmitJob on. */
export async function followBatchJob(
  task: TaskCall,
  integration: Integration,
  submission: JsonObject,
): Promise<TaskResult> {
  const jobId = textOf(submission['JobId']);
  return followJob(
    task,
    () => terminateJob(task, jobId),
    () => untilEnded(task, jobId, failureOf(integration)),
  );
}

function failureOf(integration: Integration): (error: ServiceError) => TaskResult {
  return (error) => integrationFailure(integration, error);
}

async function untilEnded(
  task: TaskCall,
  jobId: string,
  failure: (error: ServiceError) => TaskResult,
): Promise<TaskResult> {
  while (!task.signal.aborted) {
    // Listening before looking: a change in between is not missed.
    const changed = task.caller.jobChanged('batch', jobId, task.signal);
    const call = { service: 'batch', operation: 'DescribeJobs', input: { jobs: [jobId] } };
    const described = await callService(task, call, failure);
    if ('failed' in described) return described.failed;
    const job = firstJob(described.answer.output);
    if (job === undefined)
      return jobFailure({ JobId: jobId, StatusReason: 'The job does not exist any more' });
    const description = fromApi('batch', job, 'milliseconds');
    if (job['status'] === 'SUCCEEDED') return succeeded(description);
    if (job['status'] === 'FAILED') return jobFailure(description);
    await changed;
  }
  return GIVEN_UP;
}

function firstJob(output: JsonObject): JsonObject | undefined {
  const { jobs } = output as { readonly jobs?: JsonObject['jobs'] };
  const job = isArray(jobs) ? jobs[0] : undefined;
  return isObject(job) ? job : undefined;
}

async function terminateJob(task: TaskCall, jobId: string): Promise<void> {
  const input = { jobId, reason: 'The Step Functions task was aborted' };
  // Best effort, as on AWS: a job that has just ended cannot be terminated, and that is well.
  await task.caller.call({ service: 'batch', operation: 'TerminateJob', input }).catch(() => undefined);
}
