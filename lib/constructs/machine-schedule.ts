import { Aws } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { AslStateMachine } from './asl-state-machine.ts';
import { kmsActionsFor } from './kms-actions.ts';

export interface MachineScheduleProps {
  readonly config: StageConfig;
  readonly key: IKey;
  readonly machine: AslStateMachine;
  readonly deadLetterQueue: IQueue;
}

/**
 * Starts a machine again and again with an empty input. The scheduler delivers at least once, and a run may still be going
 * when the next is due: the machine must bear two executions at a time (the transfer does: sends are deduplicated and
 * deletes conditional). Scheduler cannot derive an execution name from the time slot: its timestamp has colons, which
 * names must not have.
 */
export class MachineSchedule extends Construct {
  constructor(scope: Construct, id: string, props: MachineScheduleProps) {
    super(scope, id);
    const { config, key, machine, deadLetterQueue } = props;
    const role = new Role(this, 'Role', {
      description: `${machine.machineName}: what its schedule needs`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.arn] }),
            new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }),
            new PolicyStatement({
              actions: kmsActionsFor(['states:StartExecution', 'sqs:SendMessage']),
              resources: [key.keyArn],
            }),
          ],
        }),
      },
    });
    new CfnSchedule(this, 'Schedule', {
      description: `Starts ${machine.machineName}`,
      state: config.scheduleEnabled ? 'ENABLED' : 'DISABLED',
      scheduleExpression: config.scheduleExpression,
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: 5 },
      kmsKeyArn: key.keyArn,
      target: {
        arn: machine.arn,
        roleArn: role.roleArn,
        input: '{}',
        retryPolicy: { maximumRetryAttempts: 8, maximumEventAgeInSeconds: 1800 },
        deadLetterConfig: { arn: deadLetterQueue.queueArn },
      },
    });
  }
}
