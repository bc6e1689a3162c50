import { text, type Operation } from '../operation.ts';

/** Answers 200 for an alias that is gone already (api_aliasing/sfn-api-aliasing--delete-no-such-alias-arn-e346fd). */
export const deleteStateMachineAlias: Operation = async ({ engine }, input) => {
  await engine.deleteAlias(text(input, 'stateMachineAliasArn'));
  return {};
};
