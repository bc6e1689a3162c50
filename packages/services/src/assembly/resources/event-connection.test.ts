import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import { BatchService } from '../../batch/batch.ts';
import { createServices, type Services } from '../../create-services.ts';
import { EcsService } from '../../ecs/ecs.ts';
import { ImageRegistry } from '../../jobs/image-registry.ts';
import { JobPool } from '../../jobs/job-pool.ts';
import { ProcessRunner } from '../../jobs/process-runner.ts';
import { deploy } from '../deploy.ts';
import { readAssembly } from '../read-assembly.ts';
import { createServicesTarget } from '../services-target.ts';
import { TestAssembly } from '../test-assembly.ts';

let services: Services;
let jobs: { batch: BatchService; ecs: EcsService };
const images = new ImageRegistry();

beforeAll(async () => {
  const runner = new ProcessRunner({ images, environment: () => ({}), why: 'test' });
  const pool = new JobPool({ runner });
  jobs = { batch: new BatchService({ pool }), ecs: new EcsService({ pool }) };
  services = await createServices({
    dataDir: undefined,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    caller: () => {
      throw new Error('nothing is delivered in this test');
    },
    log: () => undefined,
  });
});
afterAll(async () => {
  await Promise.all([jobs.batch.close(), jobs.ecs.close()]);
  await services.close();
});

function connection(password: string): JsonObject {
  return {
    Type: 'AWS::Events::Connection',
    Properties: {
      AuthorizationType: 'BASIC',
      Description: 'the shop',
      AuthParameters: { BasicAuthParameters: { Username: 'me', Password: password } },
    },
  };
}

test('a connection is made, and updated when deployed again; its secret is not shown', async () => {
  const assembly = new TestAssembly();
  const nothing = (): never => {
    throw new Error('there is no machine in this test');
  };
  const stepFunctions = { deployStateMachine: nothing, createActivity: nothing };
  const target = createServicesTarget({ services, ...jobs, images, stepFunctions });
  const outputs = {
    Arn: { Value: { 'Fn::GetAtt': ['C', 'Arn'] } },
    Secret: { Value: { 'Fn::GetAtt': ['C', 'SecretArn'] } },
  };
  try {
    const passwords: string[] = [];
    const arns = new Set<unknown>();
    for (const password of ['first', 'second']) {
      assembly.stack('shop', { Resources: { C: connection(password) }, Outputs: outputs });
      const deployment = await deploy(readAssembly(assembly.directory), target);
      expect(deployment.unhosted).toEqual([]);
      const { Arn, Secret } = deployment.stacks[0]?.outputs ?? {};
      arns.add(Arn?.value);
      const kept = await services.secretsmanager.call('GetSecretValue', {
        SecretId: Secret?.value ?? '',
      });
      passwords.push(JSON.stringify(kept.output['SecretString']));
    }
    expect(arns.size).toBe(1);
    expect(passwords.map((text) => /Password\W+(\w+)/u.exec(text)?.[1])).toEqual(['first', 'second']);
    const { output } = await services.eventbridge.call('DescribeConnection', { Name: 'shop-C' });
    expect(output).toMatchObject({ ConnectionState: 'AUTHORIZED', Description: 'the shop' });
    expect(JSON.stringify(output)).not.toContain('second');
  } finally {
    assembly.remove();
  }
});
