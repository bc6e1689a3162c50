/** What somebody meets who starts a yard on an app that was not written for it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startYard, type Yard } from '@stepyard/server';
import { afterAll, beforeAll, expect, test } from 'vitest';

const APP = fileURLToPath(new URL('../stacks/stranger-app.ts', import.meta.url));

const directory = mkdtempSync(join(tmpdir(), 'stepyard-stranger-'));
let yard: Yard;
beforeAll(async () => {
  writeFileSync(join(directory, 'cdk.json'), JSON.stringify({ app: `"${process.execPath}" "${APP}"` }));
  yard = await startYard({ appDir: directory, jobs: 'process' });
});
afterAll(async () => {
  await yard.close();
  rmSync(directory, { recursive: true });
});

test('what the yard does not host is listed by type, once each, and nothing else', () => {
  const { unhosted } = yard.deployment;
  const listed = unhosted.map(({ type, detail }) => (detail === undefined ? type : `${type}: ${detail}`));
  expect(listed.toSorted()).toEqual([
    'AWS::ApiGateway::Account',
    'AWS::ApiGateway::Deployment',
    'AWS::ApiGateway::Method',
    'AWS::ApiGateway::RestApi',
    'AWS::ApiGateway::Stage',
    'AWS::Cognito::UserPool',
    'AWS::DynamoDB::Table: its stream',
    'AWS::SNS::Subscription: the email subscription of somebody@example.com',
    'Custom::S3AutoDeleteObjects',
    'Custom::S3BucketNotifications',
  ]);
});

test('the state machines run, on functions, tables, queues, topics and parameters of the app', async () => {
  const call = async (operation: string, input: Record<string, string>) =>
    (await yard.caller.call({ service: 'sfn', operation, input })).output;
  const [machine] = yard.deployment.machines;
  const started = await call('StartExecution', { stateMachineArn: machine?.arn ?? '', input: '{}' });
  const executionArn = started['executionArn'] as string;
  await expect
    .poll(() => call('DescribeExecution', { executionArn }), { timeout: 60_000, interval: 100 })
    .toMatchObject({
      status: 'SUCCEEDED',
      output: '{"guid":"1","wait":0,"status":"SUCCEEDED","setting":{"value":"from the store"}}',
    });
});
