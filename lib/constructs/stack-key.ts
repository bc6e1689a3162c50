import { Aws, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

const MESSAGING_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey*'];

/**
 * One customer managed key for a stack: its tables, queues, topics, buckets, log groups and state machines. The key's
 * policy lets in the services that act on nobody's behalf, each only for this account: SNS delivers to encrypted queues,
 * EventBridge and CloudWatch publish to the encrypted topic (CDK forgets the latter and the alarm is silently lost),
 * CloudWatch Logs encrypts log groups, and `delivery.logs` carries Step Functions' logs to them.
 */
export class StackKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    const { partition, region } = Stack.of(this);
    this.key = new Key(this, 'Key', {
      description: `${Stack.of(this).stackName}: data at rest`,
      enableKeyRotation: true,
      removalPolicy: config.removalPolicy,
    });
    for (const service of ['events', 'cloudwatch', 'sns']) {
      this.allow(service, MESSAGING_ACTIONS, { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } });
    }
    this.allow(
      `logs.${region}`,
      ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${Aws.ACCOUNT_ID}:log-group:*`,
        },
      },
    );
    this.allow('delivery.logs', ['kms:Decrypt', 'kms:GenerateDataKey*'], {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
    });
  }

  private allow(
    service: string,
    actions: string[],
    conditions: Record<string, Record<string, string>>,
  ): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
        actions,
        resources: ['*'],
        conditions,
      }),
    );
  }
}
