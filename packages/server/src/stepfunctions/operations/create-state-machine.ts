import { epochSeconds } from '../../protocol/json-protocol.ts';
import { requestedConfiguration } from '../configuration.ts';
import { requireValidDefinition } from '../definition-diagnostics.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';
import { readFirstTags } from '../tags.ts';
import { wantsVersion } from '../version-request.ts';

export const createStateMachine: Operation = async ({ engine, tags, hasLogGroup, onStateMachine }, input) => {
  const isPublished = wantsVersion(input);
  const type = optionalText(input, 'type') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  const definition = text(input, 'definition');
  requireValidDefinition(definition, type);
  const first = readFirstTags(input['tags']);
  const machine = await engine.createStateMachine({
    name: text(input, 'name'),
    definition,
    roleArn: text(input, 'roleArn'),
    type,
    configuration: requestedConfiguration(input, hasLogGroup),
  });
  onStateMachine(machine);
  const { stateMachineArn } = machine;
  await tags.create(stateMachineArn, first);
  const description = optionalText(input, 'versionDescription');
  const version = isPublished
    ? await engine.publishVersion(present({ stateMachineArn, description }))
    : undefined;
  return {
    stateMachineArn,
    creationDate: epochSeconds(machine.creationDateMs),
    stateMachineVersionArn: version?.stateMachineVersionArn,
  };
};
