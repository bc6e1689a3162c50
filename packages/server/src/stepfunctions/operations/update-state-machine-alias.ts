import { ApiError } from '../../protocol/api-error.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';
import { readRoutes } from '../routes.ts';

export const updateStateMachineAlias: Operation = async ({ engine }, input) => {
  const description = optionalText(input, 'description');
  const routes = readRoutes(input['routingConfiguration']);
  if (description === undefined && routes === undefined) {
    const message = 'Either the description or the routingConfiguration must be specified';
    throw new ApiError('ValidationException', message, { members: { reason: 'MISSING_REQUIRED_PARAMETER' } });
  }
  const stateMachineAliasArn = text(input, 'stateMachineAliasArn');
  const alias = await engine.updateAlias(present({ stateMachineAliasArn, description, routes }));
  return { updateDate: epochSeconds(alias.updateDateMs) };
};
