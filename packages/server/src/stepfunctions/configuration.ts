import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { destinationArn } from '@stepyard/services';
import { ApiError } from '../protocol/api-error.ts';

/** The members of a state machine that the engine keeps without reading them, and what stands where none was given. */
const DEFAULTS: JsonObject = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
  encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
};

/**
 * The configuration in a Create or Update request; empty when it has none.
 * Throws InvalidLoggingConfiguration as recorded (api_logs/sfn-api-logs--multiple-destinations-a46062).
 */
export function requestedConfiguration(
  input: JsonObject,
  hasLogGroup: (logGroupArn: string) => boolean,
): JsonObject {
  const configuration: Record<string, Json> = {};
  for (const name of Object.keys(DEFAULTS)) {
    const value = input[name];
    if (isObject(value))
      configuration[name] = name === 'loggingConfiguration' ? logging(value, hasLogGroup) : value;
  }
  return configuration;
}

/** What Describe says of a machine's configuration, defaults included. */
export function describedConfiguration(configuration: JsonObject): JsonObject {
  return { ...DEFAULTS, ...configuration };
}

function logging(value: JsonObject, hasLogGroup: (logGroupArn: string) => boolean): JsonObject {
  const level = value['level'] ?? 'OFF';
  const destinations = isArray(value['destinations']) ? value['destinations'] : [];
  if (destinations.length > 1 || (level !== 'OFF' && destinations.length !== 1)) {
    throw new ApiError(
      'InvalidLoggingConfiguration',
      'Invalid Logging Configuration: Must specify exactly one Log Destination.',
    );
  }
  const arn = destinationArn(value);
  if (arn !== undefined && !hasLogGroup(arn)) {
    throw new ApiError(
      'InvalidLoggingConfiguration',
      'Invalid Logging Configuration: Log Destination not found.',
    );
  }
  const described = { level, includeExecutionData: value['includeExecutionData'] ?? false };
  return destinations.length === 0 ? described : { ...described, destinations };
}
