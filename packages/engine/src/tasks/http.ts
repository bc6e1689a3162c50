/** Requests to servers outside AWS: HTTP Tasks, and endpoints of API Gateway. */
import { isObject } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { callService, succeeded } from './call.ts';
import type { TaskResult } from './task-runner.ts';

/**
 * `http:invoke` and `apigateway:invoke`. Whoever sends the request names its errors as a state sees them:
 * `States.Http.StatusCode.404`, `ApiGateway.403`.
 */
export async function runHttp(
  task: TaskCall,
  operation: 'InvokeHTTPEndpoint' | 'InvokeApiGateway',
): Promise<TaskResult> {
  const { parameters } = task.request;
  const { exchanged } = task.report;
  const call = {
    service: 'http',
    operation,
    input: isObject(parameters) ? parameters : {},
    ...(exchanged === undefined ? {} : { onExchange: exchanged }),
  };
  const called = await callService(task, call, (error) => ({
    kind: 'failed',
    error: error.code,
    cause: error.message,
  }));
  return 'failed' in called ? called.failed : succeeded(called.answer.output);
}
