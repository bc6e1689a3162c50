import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalNumber, optionalText, present, type Operation } from '../operation.ts';
import { decodePageToken, encodePageToken } from '../page-token.ts';

const SCOPE = ['ListStateMachines'];

export const listStateMachines: Operation = async ({ engine }, input) => {
  const page = await engine.listStateMachines(
    present({
      maxResults: optionalNumber(input, 'maxResults'),
      after: decodePageToken(SCOPE, optionalText(input, 'nextToken')),
    }),
  );
  return {
    stateMachines: page.items.map((machine) => ({
      stateMachineArn: machine.stateMachineArn,
      name: machine.name,
      type: machine.type,
      creationDate: epochSeconds(machine.creationDateMs),
    })),
    nextToken: encodePageToken(SCOPE, page.next),
  };
};
