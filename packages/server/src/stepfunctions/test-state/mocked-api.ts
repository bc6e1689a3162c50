import { findIntegration, sdkService, type TaskResource } from '@stepyard/asl';

/** The API call whose answer a mocked result of a Task stands for. */
export interface MockedApi {
  readonly service: string;
  readonly operation: string;
  /** Where in the answer the result is: `Jobs` of DescribeJobs holds what batch:submitJob.sync gives. */
  readonly within?: string;
}

/** A job's result is what describes it once it is over. */
const JOB_RESULTS: Readonly<Record<string, MockedApi>> = {
  'batch:submitJob': { service: 'batch', operation: 'DescribeJobs', within: 'Jobs' },
  'ecs:runTask': { service: 'ecs', operation: 'DescribeTasks', within: 'Tasks' },
  'states:startExecution': { service: 'sfn', operation: 'DescribeExecution' },
};

/** Optimised integrations whose result is no API's answer: whatever the other side says. */
const WITHOUT_API: ReadonlySet<string> = new Set(['apigateway', 'http']);

/** undefined where any result is right: functions and activities by ARN, task tokens, HTTP endpoints, other jobs. */
export function mockedApi(resource: TaskResource): MockedApi | undefined {
  if (resource.kind === 'lambda' || resource.kind === 'activity') return undefined;
  if (resource.pattern === 'waitForTaskToken') return undefined;
  if (resource.kind === 'sdk') {
    const { action } = resource;
    const service = sdkService(resource.service)?.client ?? resource.service;
    return { service, operation: `${action.charAt(0).toUpperCase()}${action.slice(1)}` };
  }
  if (WITHOUT_API.has(resource.service)) return undefined;
  if (resource.pattern !== 'requestResponse') return JOB_RESULTS[`${resource.service}:${resource.action}`];
  return findIntegration(resource.service, resource.action)?.api;
}
