import { text, type Operation } from '../operation.ts';

/** Answers 200 for a version that is gone already; ConflictException while an alias routes to it. */
export const deleteStateMachineVersion: Operation = async ({ engine }, input) => {
  await engine.deleteVersion(text(input, 'stateMachineVersionArn'));
  return {};
};
