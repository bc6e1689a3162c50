import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';

export const redriveExecution: Operation = async ({ engine }, input) => {
  const { redriveDateMs } = await engine.redrive(
    present({
      executionArn: text(input, 'executionArn'),
      clientToken: optionalText(input, 'clientToken'),
    }),
  );
  return { redriveDate: epochSeconds(redriveDateMs) };
};
