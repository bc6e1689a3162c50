import { text, type Operation } from '../operation.ts';

export const sendTaskSuccess: Operation = async ({ engine }, input) => {
  await engine.sendTaskSuccess({ taskToken: text(input, 'taskToken'), output: text(input, 'output') });
  return {};
};
