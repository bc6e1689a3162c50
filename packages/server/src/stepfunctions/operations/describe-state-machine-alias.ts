import { epochSeconds } from '../../protocol/json-protocol.ts';
import { text, type Operation } from '../operation.ts';

export const describeStateMachineAlias: Operation = async ({ engine }, input) => {
  const alias = await engine.describeAlias(text(input, 'stateMachineAliasArn'));
  return {
    stateMachineAliasArn: alias.stateMachineAliasArn,
    name: alias.name,
    description: alias.description,
    routingConfiguration: alias.routes.map((route) => ({ ...route })),
    creationDate: epochSeconds(alias.creationDateMs),
    updateDate: epochSeconds(alias.updateDateMs),
  };
};
