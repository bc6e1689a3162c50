// The transfer on AWS: deploys its stack, loads 25 records, and expects the execution to succeed and the table to be empty.
// It needs an account and costs a few cents:
//
//   npx cdk deploy --all --app "node test/stacks/integ.transfer.ts"
//   npx cdk destroy --all --app "node test/stacks/integ.transfer.ts"
import { AwsApiCall, ExpectedResult, IntegTest } from '@aws-cdk/integ-tests-alpha';
import { App, Duration } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json' with { type: 'json' };
import { stageConfig } from '../../lib/config.ts';
import { TransferRecordsStack } from '../../lib/stacks/transfer-records-stack.ts';

const RECORDS = 25;

/** The stack of the development stage with assertions about it. */
export function transferIntegrationApp(
  context: Readonly<Record<string, unknown>> = {},
  outdir?: string,
): App {
  const app = new App({
    context: { ...cdkJson.context, ...context },
    analyticsReporting: false,
    ...(outdir === undefined ? {} : { outdir }),
  });
  const stack = new TransferRecordsStack(
    app,
    stageConfig(() => undefined),
  );
  const { assertions } = new IntegTest(app, 'Integration', { testCases: [stack] });
  const records = Array.from({ length: RECORDS }, (_, index) => ({ id: `integration-${index}`, index }));
  const start = assertions.awsApiCall('SFN', 'startExecution', {
    stateMachineArn: stack.machine.arn,
    input: JSON.stringify({ source: { records, key: 'id' } }),
  });
  const end = assertions
    .awsApiCall('SFN', 'describeExecution', { executionArn: start.getAttString('executionArn') })
    .expect(ExpectedResult.objectLike({ status: 'SUCCEEDED' }))
    .waitForAssertions({ totalTimeout: Duration.minutes(5), interval: Duration.seconds(5) });
  const scan = assertions
    .awsApiCall('DynamoDB', 'scan', { TableName: stack.store.table.tableName, ConsistentRead: true })
    .expect(ExpectedResult.objectLike({ Count: 0 }));
  // One function makes the calls, another waits for the execution's end; their roles live as long as the test.
  for (const provider of [start.provider, end instanceof AwsApiCall ? end.waiterProvider : undefined]) {
    provider?.addToRolePolicy({
      Effect: 'Allow',
      Action: ['states:StartExecution', 'states:DescribeExecution', 'dynamodb:Scan'],
      Resource: ['*'],
    });
    provider?.addToRolePolicy({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
      Resource: [stack.store.key.keyArn],
    });
  }
  start.next(end).next(scan);
  return app;
}

if (import.meta.main) transferIntegrationApp().synth();
