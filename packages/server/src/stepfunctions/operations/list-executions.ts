import type { ExecutionStatus } from '@stepyard/engine';
import { ApiError, refused } from '../../protocol/api-error.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

export const listExecutions: Operation = async ({ engine }, input) => {
  if (input['mapRunArn'] !== undefined) {
    throw refused('states:ListExecutions by mapRunArn', 'Distributed Map is not part of this version.');
  }
  const stateMachineArn = optionalText(input, 'stateMachineArn');
  if (stateMachineArn === undefined) {
    throw new ApiError('ValidationException', 'Must provide a State Machine ARN or Map Run ARN', {
      members: { reason: 'MISSING_REQUIRED_PARAMETER' },
    });
  }
  const statusFilter = optionalText(input, 'statusFilter');
  const redriveFilter = optionalText(input, 'redriveFilter');
  const scope = ['ListExecutions', stateMachineArn, statusFilter ?? null, redriveFilter ?? null];
  const after = decodePageToken(scope, optionalText(input, 'nextToken'));
  // Nothing is ever redriven here, so that these two can match no execution.
  if (statusFilter === 'PENDING_REDRIVE' || redriveFilter === 'REDRIVEN') {
    await engine.list({ stateMachineArn, maxResults: 1 });
    return { executions: [] };
  }
  const page = await engine.list(
    present({
      stateMachineArn,
      statusFilter: statusFilter as ExecutionStatus | undefined,
      maxResults: optionalNumber(input, 'maxResults'),
      after,
    }),
  );
  return {
    executions: page.items.map((item) => ({
      executionArn: item.executionArn,
      stateMachineArn: item.stateMachineArn,
      ...(item.stateMachineVersionArn === undefined
        ? {}
        : { stateMachineVersionArn: item.stateMachineVersionArn }),
      ...(item.stateMachineAliasArn === undefined ? {} : { stateMachineAliasArn: item.stateMachineAliasArn }),
      name: item.name,
      status: item.status,
      startDate: epochSeconds(item.startDateMs),
      ...(item.stopDateMs === undefined ? {} : { stopDate: epochSeconds(item.stopDateMs) }),
      redriveCount: item.redriveCount,
    })),
    nextToken: encodePageToken(scope, page.next),
  };
};
