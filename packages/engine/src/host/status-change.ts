import type { StatusChangeEvent } from './engine-api.ts';
import type { ExecutionDescription } from './engine-api.ts';
import type { Place } from './arns.ts';

/**
 * The event that Step Functions sends to EventBridge when a Standard execution starts or ends.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
 */
export function statusChangeEvent(
  place: Place,
  execution: ExecutionDescription,
  id: string,
  timeMs: number,
): StatusChangeEvent {
  const isOver = execution.status !== 'RUNNING';
  return {
    version: '0',
    id,
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    account: place.account,
    time: new Date(timeMs).toISOString().replace(/\.\d+Z$/u, 'Z'),
    region: place.region,
    resources: [execution.executionArn],
    detail: {
      executionArn: execution.executionArn,
      stateMachineArn: execution.stateMachineArn,
      stateMachineVersionArn: execution.stateMachineVersionArn ?? null,
      stateMachineAliasArn: execution.stateMachineAliasArn ?? null,
      name: execution.name,
      status: execution.status,
      startDate: execution.startDateMs,
      stopDate: execution.stopDateMs ?? null,
      input: execution.input,
      output: execution.output ?? null,
      inputDetails: { included: true },
      outputDetails: isOver && execution.output !== undefined ? { included: true } : null,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
    },
  };
}
