import { text, type Operation } from '../operation.ts';

/** Answers 200 for a machine that is gone already, as AWS does (api/sfn-api--delete-nonexistent-sm-cd71ce). */
export const deleteStateMachine: Operation = async ({ engine, tags }, input) => {
  const arn = text(input, 'stateMachineArn');
  await engine.deleteStateMachine(arn);
  await tags.clear(arn);
  return {};
};
