import type { JsonObject } from '@stepyard/asl';
import type { Outcome } from '../effect.ts';
import { isoTimestamp } from '../timestamp.ts';

/** A child execution that has ended, as ResultWriter describes it. */
export interface ChildRecord {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  /** JSON text. */
  readonly input: string;
  readonly startedMs: number;
  readonly stoppedMs: number;
  readonly outcome: Outcome;
  /** How often it was redriven, and when last. */
  readonly redriveCount: number;
  readonly redrivenMs: number | undefined;
}

const INCLUDED: JsonObject = { Included: true };

/**
 * What Transformation NONE says of an execution.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export function childMetadata(child: ChildRecord): JsonObject {
  const { output, error, cause, status } = child.outcome;
  return {
    ...(cause === undefined ? {} : { Cause: cause }),
    ...(error === undefined ? {} : { Error: error }),
    ExecutionArn: child.executionArn,
    Input: child.input,
    InputDetails: INCLUDED,
    Name: child.name,
    ...(output === undefined ? {} : { Output: JSON.stringify(output) }),
    OutputDetails: INCLUDED,
    RedriveCount: child.redriveCount,
    ...(child.redrivenMs === undefined ? {} : { RedriveDate: isoTimestamp(child.redrivenMs) }),
    ...(status === 'SUCCEEDED'
      ? {
          RedriveStatus: 'NOT_REDRIVABLE',
          RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
        }
      : { RedriveStatus: 'REDRIVABLE_BY_MAP_RUN' }),
    StartDate: isoTimestamp(child.startedMs),
    StateMachineArn: child.stateMachineArn,
    Status: status,
    StopDate: isoTimestamp(child.stoppedMs),
  };
}
