import { describedMachine } from '../machine-description.ts';
import { isQualified } from '../qualified.ts';
import { optionalText, text, type Operation } from '../operation.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';

export const describeStateMachine: Operation = async ({ engine }, input) => {
  const machine = await engine.describeStateMachine(text(input, 'stateMachineArn'));
  const isVersion = isQualified(machine.stateMachineArn);
  const version = isVersion ? await engine.describeVersion(machine.stateMachineArn) : undefined;
  const { definition, ...metadata } = describedMachine(machine);
  return {
    ...metadata,
    ...(optionalText(input, 'includedData') === 'METADATA_ONLY' ? {} : { definition }),
    description: version?.description,
    status: machine.status,
    type: machine.type,
    creationDate: epochSeconds(machine.creationDateMs),
  };
};
