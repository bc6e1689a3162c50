import { ApiError } from '../../protocol/api-error.ts';
import { epochSeconds } from '../../protocol/json-protocol.ts';
import { requestedConfiguration } from '../configuration.ts';
import { requireValidDefinition } from '../definition-diagnostics.ts';
import { isQualified } from '../qualified.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';
import { wantsVersion } from '../version-request.ts';

export const updateStateMachine: Operation = async ({ engine, hasLogGroup, onStateMachine }, input) => {
  const isPublished = wantsVersion(input);
  const configuration = requestedConfiguration(input, hasLogGroup);
  const definition = optionalText(input, 'definition');
  const roleArn = optionalText(input, 'roleArn');
  if (definition === undefined && roleArn === undefined && Object.keys(configuration).length === 0) {
    throw new ApiError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, the TracingConfiguration or the EncryptionConfiguration must be specified',
    );
  }
  const stateMachineArn = text(input, 'stateMachineArn');
  const before = await engine.describeStateMachine(stateMachineArn);
  // A version is for good: only the machine itself is updated.
  if (isQualified(before.stateMachineArn)) {
    throw new ApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`);
  }
  if (definition !== undefined) requireValidDefinition(definition, before.type);
  const machine = await engine.updateStateMachine(
    present({
      stateMachineArn,
      definition,
      roleArn,
      // What a request leaves out stays as it was.
      configuration: { ...before.configuration, ...configuration },
    }),
  );
  onStateMachine(machine);
  const description = optionalText(input, 'versionDescription');
  const version = isPublished
    ? await engine.publishVersion(present({ stateMachineArn, description }))
    : undefined;
  return {
    updateDate: epochSeconds(machine.updateDateMs ?? machine.creationDateMs),
    revisionId: machine.revisionId,
    stateMachineVersionArn: version?.stateMachineVersionArn,
  };
};
