import { text, type Operation } from '../operation.ts';

export const sendTaskHeartbeat: Operation = async ({ engine }, input) => {
  await engine.sendTaskHeartbeat(text(input, 'taskToken'));
  return {};
};
