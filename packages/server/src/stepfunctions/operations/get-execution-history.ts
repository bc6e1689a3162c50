import {
  optionalBoolean,
  optionalNumber,
  optionalText,
  present,
  text,
  WrittenAnswer,
  type Operation,
} from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

export const getExecutionHistory: Operation = async ({ engine }, input) => {
  const executionArn = text(input, 'executionArn');
  const reverseOrder = optionalBoolean(input, 'reverseOrder');
  const includeExecutionData = optionalBoolean(input, 'includeExecutionData');
  const scope = ['GetExecutionHistory', executionArn, reverseOrder === true, includeExecutionData !== false];
  const page = await engine.historyBytes(
    present({
      executionArn,
      reverseOrder,
      includeExecutionData,
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(scope, optionalText(input, 'nextToken')),
    }),
  );
  const nextToken = encodePageToken(scope, page.next);
  const end = nextToken === undefined ? '}' : `,"nextToken":${JSON.stringify(nextToken)}}`;
  return new WrittenAnswer([Buffer.from('{"events":'), ...page.chunks, Buffer.from(end)]);
};
