import { expect, test } from 'vitest';
import { describedConfiguration, requestedConfiguration } from './configuration.ts';

const KEY = 'arn:aws:kms:us-east-1:000000000000:key/k';
const requested = (encryptionConfiguration: Record<string, string | number>) =>
  requestedConfiguration({ encryptionConfiguration }, () => true);

test('keeps a customer managed key, with the time that a data key is used again', () => {
  const type = 'CUSTOMER_MANAGED_KMS_KEY';
  expect(requested({ type, kmsKeyId: KEY })).toEqual({
    encryptionConfiguration: { type, kmsKeyId: KEY, kmsDataKeyReusePeriodSeconds: 300 },
  });
  const own = { type, kmsKeyId: KEY, kmsDataKeyReusePeriodSeconds: 60 };
  expect(requested(own)).toEqual({ encryptionConfiguration: own });
});

test.each([{ type: 'CUSTOMER_MANAGED_KMS_KEY' }, { type: 'AWS_OWNED_KEY', kmsKeyId: KEY }])(
  'refuses %j',
  (value) => {
    const code = 'InvalidEncryptionConfiguration';
    expect(() => requested(value)).toThrow(expect.objectContaining({ code }) as Error);
  },
);

test('describes what nobody asked for as AWS does', () => {
  expect(describedConfiguration({})).toEqual({
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
  });
});
