import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

const SCOPE = ['ListActivities'];

export const listActivities: Operation = async ({ engine }, input) => {
  const page = await engine.listActivities(
    present({
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(SCOPE, optionalText(input, 'nextToken')),
    }),
  );
  return {
    activities: page.items.map((activity) => ({
      activityArn: activity.activityArn,
      name: activity.name,
      creationDate: epochSeconds(activity.creationDateMs),
    })),
    nextToken: encodePageToken(SCOPE, page.next),
  };
};
