import { optionalNumber, present, text, type Operation } from '../operation.ts';

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateMapRun.html */
export const updateMapRun: Operation = async ({ engine }, input) => {
  await engine.updateMapRun(
    present({
      mapRunArn: text(input, 'mapRunArn'),
      maxConcurrency: optionalNumber(input, 'maxConcurrency'),
      toleratedFailureCount: optionalNumber(input, 'toleratedFailureCount'),
      toleratedFailurePercentage: optionalNumber(input, 'toleratedFailurePercentage'),
    }),
  );
  return {};
};
