import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transferIntegrationApp } from './integ.transfer.ts';

let outdir = '';

beforeAll(() => {
  outdir = mkdtempSync(join(tmpdir(), 'stepyard-integ-'));
});

afterAll(() => rmSync(outdir, { recursive: true }));

test('the integration test can be deployed: the stack, and the stack that asserts about it', () => {
  process.env['CDK_VALIDATION'] = 'false';
  const assembly = transferIntegrationApp({ 'aws:cdk:bundling-stacks': [] }, outdir).synth();
  const names = assembly.stacksRecursively.map(({ stackName }) => stackName);
  expect(names).toContain('stepyard-dev-transfer-records');
  expect(names).toHaveLength(2);
});
