import { optionalText, present, text, type Operation } from '../operation.ts';

export const sendTaskFailure: Operation = async ({ engine }, input) => {
  await engine.sendTaskFailure(
    present({
      taskToken: text(input, 'taskToken'),
      error: optionalText(input, 'error'),
      cause: optionalText(input, 'cause'),
    }),
  );
  return {};
};
