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
 * Throws InvalidLoggingConfiguration as recorded (api_logs/sfn-api-logs--multiple-destinations-a46062), and
 * InvalidEncryptionConfiguration.
 */
export function requestedConfiguration(
  input: JsonObject,
  hasLogGroup: (logGroupArn: string) => boolean,
): JsonObject {
  const configuration: Record<string, Json> = {};
  for (const name of Object.keys(DEFAULTS)) {
    const value = input[name];
    if (!isObject(value)) continue;
    if (name === 'loggingConfiguration') configuration[name] = logging(value, hasLogGroup);
    else configuration[name] = name === 'encryptionConfiguration' ? encryption(value) : value;
  }
  return configuration;
}

/** What Describe says of a machine's configuration, defaults included. */
export function describedConfiguration(configuration: JsonObject): JsonObject {
  return { ...DEFAULTS, ...configuration };
}

/** How long a data key is used again when the request does not say (API reference, EncryptionConfiguration). */
const DATA_KEY_REUSE_SECONDS_DEFAULT = 300;

/** Nothing is encrypted on this machine; the configuration is kept for whoever describes it. */
export function encryption(value: JsonObject): JsonObject {
  const isCustomers = value['type'] === 'CUSTOMER_MANAGED_KMS_KEY';
  if (isCustomers && value['kmsKeyId'] === undefined) {
    throw invalidEncryption('kmsKeyId must be specified for the type CUSTOMER_MANAGED_KMS_KEY.');
  }
  if (!isCustomers && (value['kmsKeyId'] ?? value['kmsDataKeyReusePeriodSeconds']) !== undefined) {
    throw invalidEncryption('a key can only be specified for the type CUSTOMER_MANAGED_KMS_KEY.');
  }
  return isCustomers ? { kmsDataKeyReusePeriodSeconds: DATA_KEY_REUSE_SECONDS_DEFAULT, ...value } : value;
}

function invalidEncryption(text: string): ApiError {
  return new ApiError('InvalidEncryptionConfiguration', `Invalid Encryption Configuration: ${text}`);
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
