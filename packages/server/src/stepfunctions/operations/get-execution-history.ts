import type { Json, JsonObject } from '@stepyard/asl';
import type { HistoryEvent } from '@stepyard/engine';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import {
  optionalBoolean,
  optionalNumber,
  optionalText,
  present,
  text,
  type Operation,
} from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

export const getExecutionHistory: Operation = async ({ engine }, input) => {
  const executionArn = text(input, 'executionArn');
  const reverseOrder = optionalBoolean(input, 'reverseOrder');
  const includeExecutionData = optionalBoolean(input, 'includeExecutionData');
  const scope = ['GetExecutionHistory', executionArn, reverseOrder === true, includeExecutionData !== false];
  const page = await engine.history(
    present({
      executionArn,
      reverseOrder,
      includeExecutionData,
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(scope, optionalText(input, 'nextToken')),
    }),
  );
  return { events: page.items.map(wireEvent), nextToken: encodePageToken(scope, page.next) };
};

function wireEvent(event: HistoryEvent): JsonObject {
  const wire: Record<string, Json> = {
    timestamp: epochSeconds(event.timestampMs),
    type: event.type,
    id: event.id,
    previousEventId: event.previousEventId,
  };
  if (event.detailsName !== undefined) wire[event.detailsName] = event.details ?? {};
  return wire;
}
