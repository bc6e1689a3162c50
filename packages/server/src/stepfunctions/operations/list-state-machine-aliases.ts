import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, text, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

export const listStateMachineAliases: Operation = async ({ engine }, input) => {
  const stateMachineArn = text(input, 'stateMachineArn');
  const scope = ['ListStateMachineAliases', stateMachineArn];
  const page = await engine.listAliases(
    stateMachineArn,
    present({
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(scope, optionalText(input, 'nextToken')),
    }),
  );
  return {
    stateMachineAliases: page.items.map((alias) => ({
      stateMachineAliasArn: alias.stateMachineAliasArn,
      creationDate: epochSeconds(alias.creationDateMs),
    })),
    nextToken: encodePageToken(scope, page.next),
  };
};
