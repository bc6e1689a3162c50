import { epochSeconds } from '../../protocol/json-protocol.ts';
import { requestedConfiguration } from '../configuration.ts';
import { requireValidDefinition } from '../definition-diagnostics.ts';
import { optionalText, text, type Operation } from '../operation.ts';
import { readTags } from '../tags.ts';
import { refuseVersions } from '../refused-features.ts';

export const createStateMachine: Operation = async ({ engine, tags }, input) => {
  refuseVersions('CreateStateMachine', input);
  const type = optionalText(input, 'type') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  const definition = text(input, 'definition');
  requireValidDefinition(definition, type);
  const machine = await engine.createStateMachine({
    name: text(input, 'name'),
    definition,
    roleArn: text(input, 'roleArn'),
    type,
    configuration: requestedConfiguration(input),
  });
  tags.add(machine.stateMachineArn, readTags(input['tags']));
  return { stateMachineArn: machine.stateMachineArn, creationDate: epochSeconds(machine.creationDateMs) };
};
