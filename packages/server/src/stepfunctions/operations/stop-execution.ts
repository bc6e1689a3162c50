import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';

export const stopExecution: Operation = async ({ engine }, input) => {
  const stopped = await engine.stop(
    present({
      executionArn: text(input, 'executionArn'),
      error: optionalText(input, 'error'),
      cause: optionalText(input, 'cause'),
    }),
  );
  return { stopDate: epochSeconds(stopped.stopDateMs) };
};
