import { describedMachine } from '../machine-description.ts';
import { optionalText, text, type Operation } from '../operation.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';

/** The machine as it was when the execution started, whatever happened to it since. */
export const describeStateMachineForExecution: Operation = async ({ engine }, input) => {
  const executionArn = text(input, 'executionArn');
  const machine = await engine.describeStateMachineForExecution(executionArn);
  const { mapRunArn } = await engine.describe(executionArn);
  const { definition, ...metadata } = describedMachine(machine);
  return {
    ...metadata,
    ...(optionalText(input, 'includedData') === 'METADATA_ONLY' ? {} : { definition }),
    ...(mapRunArn === undefined ? {} : { mapRunArn, label: machine.name.split('/')[1] ?? '' }),
    updateDate: epochSeconds(machine.updateDateMs ?? machine.creationDateMs),
  };
};
