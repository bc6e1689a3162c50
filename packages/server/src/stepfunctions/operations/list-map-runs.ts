import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, text, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

export const listMapRuns: Operation = async ({ engine }, input) => {
  const executionArn = text(input, 'executionArn');
  const scope = ['ListMapRuns', executionArn];
  const page = await engine.listMapRuns(
    present({
      executionArn,
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(scope, optionalText(input, 'nextToken')),
    }),
  );
  return {
    mapRuns: page.items.map((mapRun) => ({
      executionArn: mapRun.executionArn,
      mapRunArn: mapRun.mapRunArn,
      stateMachineArn: mapRun.stateMachineArn,
      startDate: epochSeconds(mapRun.startDateMs),
      ...(mapRun.stopDateMs === undefined ? {} : { stopDate: epochSeconds(mapRun.stopDateMs) }),
    })),
    nextToken: encodePageToken(scope, page.next),
  };
};
