import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';
import { readRoutes } from '../routes.ts';

export const createStateMachineAlias: Operation = async ({ engine }, input) => {
  const alias = await engine.createAlias(
    present({
      name: text(input, 'name'),
      description: optionalText(input, 'description'),
      routes: readRoutes(input['routingConfiguration']) ?? [],
    }),
  );
  return {
    stateMachineAliasArn: alias.stateMachineAliasArn,
    creationDate: epochSeconds(alias.creationDateMs),
  };
};
