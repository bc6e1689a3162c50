import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, text, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

/** Newest first. */
export const listStateMachineVersions: Operation = async ({ engine }, input) => {
  const stateMachineArn = text(input, 'stateMachineArn');
  const scope = ['ListStateMachineVersions', stateMachineArn];
  const page = await engine.listVersions(
    stateMachineArn,
    present({
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(scope, optionalText(input, 'nextToken')),
    }),
  );
  return {
    stateMachineVersions: page.items.map((version) => ({
      stateMachineVersionArn: version.stateMachineVersionArn,
      creationDate: epochSeconds(version.creationDateMs),
    })),
    nextToken: encodePageToken(scope, page.next),
  };
};
