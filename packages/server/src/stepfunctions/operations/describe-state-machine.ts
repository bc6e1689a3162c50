import { describedMachine } from '../machine-description.ts';
import { optionalText, text, type Operation } from '../operation.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';

export const describeStateMachine: Operation = async ({ engine }, input) => {
  const machine = await engine.describeStateMachine(text(input, 'stateMachineArn'));
  const { definition, ...metadata } = describedMachine(machine);
  return {
    ...metadata,
    ...(optionalText(input, 'includedData') === 'METADATA_ONLY' ? {} : { definition }),
    status: machine.status,
    type: machine.type,
    creationDate: epochSeconds(machine.creationDateMs),
  };
};
