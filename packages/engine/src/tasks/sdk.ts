import type { SdkService } from '@stepyard/asl';
import type { TaskCall } from './call.ts';
import { callService, succeeded } from './call.ts';
import { sdkFailure } from './errors.ts';
import { fromApi, toApi, upperFirst } from './parameters.ts';
import type { TaskResult } from './task-runner.ts';

/** `aws-sdk:<service>:<action>`: any API call, its answer as it is, without the metadata of optimised integrations. */
export async function runSdk(task: TaskCall, service: SdkService, action: string): Promise<TaskResult> {
  const call = {
    service: service.client,
    operation: upperFirst(action),
    input: toApi(service.client, task.request.parameters),
  };
  const called = await callService(task, call, (error) => sdkFailure(service, error));
  if ('failed' in called) return called.failed;
  return succeeded(fromApi(service.client, called.answer.output, 'iso'));
}
