import { Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import type { EncryptedTopic } from './encrypted-topic.ts';

export interface StatusChangeRuleProps {
  readonly stateMachineArns: readonly string[];
  readonly notifications: EncryptedTopic;
}

/**
 * The second line of defence of every Standard machine: an execution that ends FAILED, TIMED_OUT or ABORTED is told to the
 * topic by EventBridge, whatever the definition does. No Catch sees an execution's own timeout or StopExecution. A subscriber
 * that also gets the workflow's own message deduplicates by `executionArn`. Express executions emit no such events.
 */
export class StatusChangeRule extends Construct {
  constructor(scope: Construct, id: string, props: StatusChangeRuleProps) {
    super(scope, id);
    const { topic, notifications } = props.notifications;
    const rule = new CfnRule(this, 'Rule', {
      description: 'Executions that did not succeed, told to the notification topic',
      state: 'ENABLED',
      eventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        detail: { status: ['FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: props.stateMachineArns },
      },
      targets: [
        {
          id: 'NotificationTopic',
          arn: topic.topicArn,
          retryPolicy: { maximumRetryAttempts: 8, maximumEventAgeInSeconds: 3600 },
          deadLetterConfig: { arn: notifications.deadLetterQueue.queueArn },
        },
      ],
    });
    notifications.deadLetterQueue.addToResourcePolicy(
      new PolicyStatement({
        sid: `AllowDeadLettersFrom${id}`,
        effect: Effect.ALLOW,
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [notifications.deadLetterQueue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.attrArn } },
      }),
    );
  }
}
