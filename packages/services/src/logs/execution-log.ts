import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import type { HistoryEvent } from '@stepyard/engine';
import { asText } from '../member.ts';
import { groupOfArn } from './input.ts';

/** LoggingConfiguration of a state machine, read. */
export interface ExecutionLogging {
  readonly level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF';
  readonly includeExecutionData: boolean;
  /** Name of the log group; undefined where there is no destination. */
  readonly group: string | undefined;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, and the recordings [83]. */
const FATAL_EVENTS: ReadonlySet<string> = new Set([
  'ExecutionAborted',
  'ExecutionFailed',
  'ExecutionTimedOut',
]);
const ERROR_EVENTS: ReadonlySet<string> = new Set([
  ...FATAL_EVENTS,
  'ActivityFailed',
  'ActivityScheduleFailed',
  'ActivityTimedOut',
  'EvaluationFailed',
  'FailStateEntered',
  'LambdaFunctionFailed',
  'LambdaFunctionScheduleFailed',
  'LambdaFunctionStartFailed',
  'LambdaFunctionTimedOut',
  'MapIterationAborted',
  'MapIterationFailed',
  'MapRunAborted',
  'MapRunFailed',
  'MapStateAborted',
  'MapStateFailed',
  'ParallelStateAborted',
  'ParallelStateFailed',
  'TaskFailed',
  'TaskStartFailed',
  'TaskStateAborted',
  'TaskSubmitFailed',
  'TaskTimedOut',
  'WaitStateAborted',
]);

/** What `includeExecutionData: false` leaves out; names, roles, errors and causes stay ([82] of the recordings). */
const DATA_MEMBERS: ReadonlySet<string> = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'parameters',
  'assignedVariables',
  'assignedVariablesDetails',
]);

/** Reads a loggingConfiguration in the API's spelling; what is missing is as AWS defaults it. */
export function readExecutionLogging(value: Json | undefined): ExecutionLogging {
  const configuration = isObject(value) ? value : {};
  const level = configuration['level'];
  const arn = destinationArn(configuration);
  return {
    level: level === 'ALL' || level === 'ERROR' || level === 'FATAL' ? level : 'OFF',
    includeExecutionData: configuration['includeExecutionData'] === true,
    group: arn === undefined ? undefined : groupOfArn(arn),
  };
}

/** The log group's ARN of the first destination. */
export function destinationArn(configuration: JsonObject): string | undefined {
  const destinations = configuration['destinations'];
  const first = isArray(destinations) ? destinations[0] : undefined;
  const group = isObject(first) ? first['cloudWatchLogsLogGroup'] : undefined;
  return isObject(group) ? asText(group['logGroupArn']) : undefined;
}

/** Whether an event is logged at a level. */
export function isLogged(level: ExecutionLogging['level'], type: string): boolean {
  if (level === 'ALL') return true;
  return level === 'ERROR' ? ERROR_EVENTS.has(type) : level === 'FATAL' && FATAL_EVENTS.has(type);
}

/** The message of a history event, as Step Functions writes it: numbers of its own are texts. */
export function executionLogMessage(
  event: HistoryEvent,
  executionArn: string,
  redriveCount: number,
  includeExecutionData: boolean,
): string {
  const details = Object.entries(event.details ?? {}).filter(
    ([name]) => includeExecutionData || !DATA_MEMBERS.has(name),
  );
  return JSON.stringify({
    id: String(event.id),
    type: event.type,
    details: Object.fromEntries(details),
    previous_event_id: String(event.previousEventId),
    event_timestamp: String(event.timestampMs),
    execution_arn: executionArn,
    redrive_count: String(redriveCount),
  });
}
