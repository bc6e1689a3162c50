import { epochSeconds } from '../../protocol/json-protocol.ts';
import { optionalText, present, text, type Operation } from '../operation.ts';

/** The same version again while the revision has one (api_versioning/sfn-api-versioning--idempotent-publish-ce04bc). */
export const publishStateMachineVersion: Operation = async ({ engine }, input) => {
  const version = await engine.publishVersion(
    present({
      stateMachineArn: text(input, 'stateMachineArn'),
      revisionId: optionalText(input, 'revisionId'),
      description: optionalText(input, 'description'),
    }),
  );
  return {
    stateMachineVersionArn: version.stateMachineVersionArn,
    creationDate: epochSeconds(version.creationDateMs),
  };
};
