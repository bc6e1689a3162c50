import { Aws } from 'aws-cdk-lib';
import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSubscription, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { EncryptedQueue } from './encrypted-queue.ts';

export interface EncryptedTopicProps {
  readonly config: StageConfig;
  readonly key: IKey;
}

/**
 * The topic that tells people and programs how executions ended: encrypted, closed to plain HTTP, open to EventBridge and
 * CloudWatch of this account. Every notification goes to a queue, so that none depends on a person's mailbox, and to
 * an e-mail address when the stage names one.
 */
export class EncryptedTopic extends Construct {
  readonly topic: Topic;
  readonly notifications: EncryptedQueue;

  constructor(scope: Construct, id: string, props: EncryptedTopicProps) {
    super(scope, id);
    const { config, key } = props;
    this.topic = new Topic(this, 'Topic', { masterKey: key, enforceSSL: true });
    for (const service of ['events', 'cloudwatch']) {
      this.topic.addToResourcePolicy(
        new PolicyStatement({
          sid: `AllowPublishFrom${service === 'events' ? 'EventBridge' : 'CloudWatch'}`,
          effect: Effect.ALLOW,
          principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
          actions: ['sns:Publish'],
          resources: [this.topic.topicArn],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
        }),
      );
    }
    this.notifications = new EncryptedQueue(this, 'Notifications', { config, key, name: 'notifications' });
    this.subscribeQueue();
    if (config.notificationEmail !== undefined) {
      new CfnSubscription(this, 'EmailSubscription', {
        topicArn: this.topic.topicArn,
        protocol: 'email',
        endpoint: config.notificationEmail,
        redrivePolicy: { deadLetterTargetArn: this.notifications.deadLetterQueue.queueArn },
      });
    }
  }

  /**
   * By hand: CDK's SqsSubscription would open the key to SNS of every account, or, restricted, make the key depend on the
   * topic that depends on the key. StackKey has the statement with a SourceAccount condition instead.
   */
  private subscribeQueue(): void {
    const { queue, deadLetterQueue } = this.notifications;
    for (const target of [queue, deadLetterQueue]) {
      target.addToResourcePolicy(
        new PolicyStatement({
          sid: 'AllowDeliveryFromTopic',
          effect: Effect.ALLOW,
          principals: [new ServicePrincipal('sns.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [target.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': this.topic.topicArn } },
        }),
      );
    }
    const subscription = new CfnSubscription(this, 'QueueSubscription', {
      topicArn: this.topic.topicArn,
      protocol: 'sqs',
      endpoint: queue.queueArn,
      redrivePolicy: { deadLetterTargetArn: deadLetterQueue.queueArn },
    });
    subscription.node.addDependency(queue);
  }
}
