import type { ExecutionStatus } from '@stepyard/engine';
import { ApiError } from '../../protocol/api-error.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

export const listExecutions: Operation = async ({ engine }, input) => {
  const stateMachineArn = optionalText(input, 'stateMachineArn');
  const mapRunArn = optionalText(input, 'mapRunArn');
  if (stateMachineArn !== undefined && mapRunArn !== undefined) {
    throw new ApiError('ValidationException', 'State Machine ARN and Map Run ARN cannot both be given');
  }
  const of = mapRunArn === undefined ? stateMachineArn && { stateMachineArn } : { mapRunArn };
  if (of === undefined || of === '') {
    throw new ApiError('ValidationException', 'Must provide a State Machine ARN or Map Run ARN', {
      members: { reason: 'MISSING_REQUIRED_PARAMETER' },
    });
  }
  const statusFilter = optionalText(input, 'statusFilter');
  const redriveFilter = optionalText(input, 'redriveFilter');
  const scope = [
    'ListExecutions',
    stateMachineArn ?? null,
    mapRunArn ?? null,
    statusFilter ?? null,
    redriveFilter ?? null,
  ];
  const after = decodePageToken(scope, optionalText(input, 'nextToken'));
  const isPendingRedrive = statusFilter === 'PENDING_REDRIVE';
  // Only the child executions of a map run ever wait for a redrive (API reference, statusFilter; the text is ours).
  if (isPendingRedrive && mapRunArn === undefined) {
    throw new ApiError('ValidationException', 'The status filter PENDING_REDRIVE needs a Map Run ARN');
  }
  const page = await engine.list({
    ...of,
    ...(isPendingRedrive ? { isPendingRedrive } : {}),
    ...(redriveFilter === undefined ? {} : { isRedriven: redriveFilter === 'REDRIVEN' }),
    ...present<{ statusFilter?: ExecutionStatus; maxResults?: number; after?: string }>({
      statusFilter: isPendingRedrive ? undefined : (statusFilter as ExecutionStatus | undefined),
      maxResults: optionalNumber(input, 'maxResults'),
      after,
    }),
  });
  return {
    executions: page.items.map((item) => ({
      executionArn: item.executionArn,
      stateMachineArn: item.stateMachineArn,
      ...(item.stateMachineVersionArn === undefined
        ? {}
        : { stateMachineVersionArn: item.stateMachineVersionArn }),
      ...(item.stateMachineAliasArn === undefined ? {} : { stateMachineAliasArn: item.stateMachineAliasArn }),
      name: item.name,
      status: item.isPendingRedrive === true ? 'PENDING_REDRIVE' : item.status,
      startDate: epochSeconds(item.startDateMs),
      ...(item.stopDateMs === undefined ? {} : { stopDate: epochSeconds(item.stopDateMs) }),
      ...(item.mapRunArn === undefined ? {} : { mapRunArn: item.mapRunArn }),
      ...(item.itemCount === undefined ? {} : { itemCount: item.itemCount }),
      redriveCount: item.redriveCount,
      ...(item.redriveDateMs === undefined ? {} : { redriveDate: epochSeconds(item.redriveDateMs) }),
    })),
    nextToken: encodePageToken(scope, page.next),
  };
};
