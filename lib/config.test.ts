import { RemovalPolicy } from 'aws-cdk-lib';
import { describe, expect, test } from 'vitest';
import type { StageConfig } from './config.ts';
import { checkConfig, ConfigError, stageConfig } from './config.ts';

function configFor(context: Readonly<Record<string, unknown>>): StageConfig {
  return stageConfig((key) => context[key]);
}

describe('stageConfig', () => {
  test('is dev unless told otherwise', () => {
    expect(configFor({}).stage).toBe('dev');
    expect(configFor({ stage: 'prod' }).stage).toBe('prod');
  });

  test.each(['', 'Prod', 'staging', 1, ['dev']])(
    'refuses %j as a stage, and says which there are',
    (stage) => {
      expect(() => configFor({ stage })).toThrow(ConfigError);
      expect(() => configFor({ stage })).toThrow('use one of dev, prod');
    },
  );

  test('takes an e-mail address, and nothing that is none', () => {
    expect(configFor({ notificationEmail: 'ops@example.com' }).notificationEmail).toBe('ops@example.com');
    expect(configFor({ notificationEmail: '' }).notificationEmail).toBeUndefined();
    for (const notificationEmail of [
      'ops',
      'a b@example.com',
      'ops@example',
      7,
      `${'a'.repeat(250)}@e.com`,
    ]) {
      expect(() => configFor({ notificationEmail })).toThrow('not an e-mail address');
    }
  });
});

describe('checkConfig', () => {
  const dev = configFor({});
  const prod = configFor({ stage: 'prod' });

  test.each([
    ['one zone', { ...dev, network: { ...dev.network, availabilityZones: 1 } }, 'two availability zones'],
    ['NAT for public tasks', { ...dev, network: { ...dev.network, natGateways: 1 } }, 'needs no NAT gateway'],
    [
      'private tasks without NAT',
      { ...prod, network: { ...prod.network, natGateways: 0 } },
      'needs a NAT gateway',
    ],
    [
      'more NAT than zones',
      { ...prod, network: { ...prod.network, natGateways: 3 } },
      'more NAT gateways than',
    ],
    ['production data that goes', { ...prod, removalPolicy: RemovalPolicy.DESTROY }, 'must be retained'],
    ['production tables unprotected', { ...prod, deletionProtection: false }, 'deletion protection'],
    ['production logs with data', { ...prod, includeExecutionData: true }, 'must not hold execution data'],
    ['production at DEBUG', { ...prod, logLevel: 'DEBUG' as const }, 'must not log at DEBUG'],
  ])('refuses %s', (_name, config, message) => {
    expect(() => checkConfig(config)).toThrow(message);
  });

  test('accepts the stages as they are', () => {
    expect(() => checkConfig(dev)).not.toThrow();
    expect(() => checkConfig(prod)).not.toThrow();
  });
});
