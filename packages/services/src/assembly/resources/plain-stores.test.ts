import type { JsonObject } from '@stepyard/asl';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServiceCaller } from '../../caller/caller.ts';
import { createServices, type Services } from '../../create-services.ts';
import type { ProvisionContext } from '../provisioner.ts';
import { PROVISIONERS } from './table.ts';

let services: Services;
const caller = () => createServiceCaller({ services: services.all });
beforeAll(async () => {
  services = await createServices({
    dataDir: undefined,
    gatewayOrigin: () => 'http://127.0.0.1',
    caller,
    log: () => undefined,
  });
});
afterAll(() => services.close());

async function call(service: string, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await caller().call({ service, operation, input })).output;
}

async function create(type: string, logicalId: string, properties: JsonObject) {
  const context = {
    stackName: 'S',
    logicalId,
    target: { call: (request: Parameters<ReturnType<typeof caller>['call']>[0]) => caller().call(request) },
    name: (given: unknown) => (typeof given === 'string' ? given : `S-${logicalId}`),
    unhosted: () => undefined,
  };
  const provisioned = await PROVISIONERS.get(type)?.create(
    properties,
    context as unknown as ProvisionContext,
  );
  if (provisioned === undefined) throw new Error(`${type} is not hosted`);
  return provisioned;
}

test('a parameter has its value, and a new one when it is deployed again', async () => {
  const type = 'AWS::SSM::Parameter';
  const made = await create(type, 'P', { Type: 'String', Value: 'one' });
  expect(made).toMatchObject({ ref: 'S-P', attributes: { Type: 'String', Value: 'one' } });
  await create(type, 'P', { Type: 'String', Value: 'two' });
  expect(await call('ssm', 'GetParameter', { Name: 'S-P' })).toMatchObject({
    Parameter: { Value: 'two', Version: 2 },
  });
});

test('a secret is called by its ARN; it keeps its value unless the template says another', async () => {
  const type = 'AWS::SecretsManager::Secret';
  const value = async (): Promise<unknown> =>
    (await call('secretsmanager', 'GetSecretValue', { SecretId: 'n' }))['SecretString'];
  const made = await create(type, 'A', { Name: 'n', SecretString: 'first' });
  expect(made.ref).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:n-/u);
  await create(type, 'A', { Name: 'n', GenerateSecretString: {} });
  expect(await value()).toBe('first');
  expect((await create(type, 'A', { Name: 'n', SecretString: 'second' })).ref).toBe(made.ref);
  expect(await value()).toBe('second');
});

test('a password is made as the template asks: its length, its characters, its place', async () => {
  const wanted = {
    PasswordLength: 12,
    ExcludePunctuation: true,
    ExcludeCharacters: 'abcABC012',
    SecretStringTemplate: '{"user":"admin"}',
    GenerateStringKey: 'password',
  };
  await create('AWS::SecretsManager::Secret', 'G', { GenerateSecretString: wanted });
  const { SecretString: text } = await call('secretsmanager', 'GetSecretValue', { SecretId: 'S-G' });
  expect(JSON.parse(text as string)).toEqual({
    user: 'admin',
    password: expect.stringMatching(/^[D-Zd-z3-9]{12}$/u) as string,
  });
  const none = {
    ExcludeUppercase: true,
    ExcludeLowercase: true,
    ExcludeNumbers: true,
    ExcludePunctuation: true,
  };
  await expect(create('AWS::SecretsManager::Secret', 'N', { GenerateSecretString: none })).rejects.toThrow(
    'leaves no characters',
  );
  const broken = { GenerateSecretString: { SecretStringTemplate: '{', GenerateStringKey: 'k' } };
  await expect(create('AWS::SecretsManager::Secret', 'B', broken)).rejects.toThrow('no JSON object');
});
