import { optionalText, present, text, type Operation } from '../operation.ts';

/** A long poll of up to 60 s. Without a task the answer is empty, which SDKs read as a task token of null. */
export const getActivityTask: Operation = async ({ engine }, input, { signal }) => {
  const task = await engine.getActivityTask(
    present({ activityArn: text(input, 'activityArn'), workerName: optionalText(input, 'workerName') }),
    signal,
  );
  return task === undefined ? {} : { taskToken: task.taskToken, input: task.input };
};
