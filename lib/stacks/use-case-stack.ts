import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { EncryptedTopic } from '../constructs/encrypted-topic.ts';
import type { ObservabilityProps } from '../constructs/observability.ts';
import { Observability } from '../constructs/observability.ts';
import { StackKey } from '../constructs/stack-key.ts';
import { StatusChangeRule } from '../constructs/status-change-rule.ts';
import type { TransferStore } from '../constructs/transfer-store.ts';
import type { OutputKey, UseCase } from '../outputs.ts';
import { OUTPUT, stackName } from '../outputs.ts';

export interface UseCaseStackProps {
  readonly config: StageConfig;
  readonly useCase: UseCase;
  readonly description: string;
}

/** CDK tags dashboards, but not every region's CloudFormation knows such tags yet. */
const UNTAGGED = ['AWS::CloudWatch::Dashboard'];

/** What every use case has: its own stack with a key and a topic, tags, and outputs by agreed names. */
export class UseCaseStack extends Stack {
  protected readonly config: StageConfig;
  protected readonly stackKey: StackKey;
  protected readonly notifications: EncryptedTopic;

  constructor(scope: Construct, { config, useCase, description }: UseCaseStackProps) {
    const name = stackName(config.stage, useCase);
    super(scope, name, {
      stackName: name,
      description,
      analyticsReporting: false,
      terminationProtection: config.deletionProtection,
    });
    this.config = config;
    this.stackKey = new StackKey(this, 'Encryption', config);
    this.notifications = new EncryptedTopic(this, 'Notifications', { config, key: this.stackKey.key });
    for (const [tag, value] of Object.entries({
      project: 'stepyard',
      stage: config.stage,
      useCase,
      owner: config.owner,
    })) {
      Tags.of(this).add(tag, value, { excludeResourceTypes: UNTAGGED });
    }
    this.output(OUTPUT.topicArn, this.notifications.topic.topicArn);
    this.output(OUTPUT.notificationQueueUrl, this.notifications.notifications.queue.queueUrl);
  }

  /** An output whose key is its logical id. */
  protected output(key: OutputKey, value: string): void {
    new CfnOutput(this, key, { value });
  }

  /** Alarms, a dashboard, and the rule that tells of every Standard execution that did not succeed. */
  protected observe(watched: Omit<ObservabilityProps, 'name' | 'notifications'>): void {
    const { notifications } = this;
    const standard = watched.machines.filter((machine) => machine.type === 'STANDARD');
    new StatusChangeRule(this, 'StatusChange', {
      stateMachineArns: standard.map((machine) => machine.arn),
      notifications,
    });
    new Observability(this, 'Observability', { name: this.stackName, notifications, ...watched });
    const console = `https://${this.region}.console.aws.amazon.com`;
    this.output(OUTPUT.dashboardUrl, `${console}/cloudwatch/home#dashboards:name=${this.stackName}`);
    this.output(
      OUTPUT.consoleUrl,
      `${console}/states/home#/statemachines/view/${watched.machines[0]?.arn ?? ''}`,
    );
  }

  /** The outputs of a {@link TransferStore}. */
  protected outputStore(store: TransferStore): void {
    this.output(OUTPUT.tableName, store.table.tableName);
    this.output(OUTPUT.quarantineTableName, store.quarantine.tableName);
    this.output(OUTPUT.queueUrl, store.queue.queue.queueUrl);
    this.output(OUTPUT.bucketName, store.bucket.bucketName);
    this.output(OUTPUT.loaderFunctionName, store.loader.function.functionName);
  }
}
