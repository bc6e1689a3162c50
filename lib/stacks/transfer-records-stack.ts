import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { AslStateMachine, machineArnByName } from '../constructs/asl-state-machine.ts';
import { bind } from '../constructs/bindings.ts';
import { MachineSchedule } from '../constructs/machine-schedule.ts';
import { TransferStore } from '../constructs/transfer-store.ts';
import { OUTPUT, stackName } from '../outputs.ts';
import { UseCaseStack } from './use-case-stack.ts';

/** Use case 3: every record of a table goes to a queue, then leaves the table; started by hand, by API or by a schedule. */
export class TransferRecordsStack extends UseCaseStack {
  readonly machine: AslStateMachine;
  readonly store: TransferStore;

  constructor(scope: Construct, config: StageConfig) {
    const useCase = 'transfer-records';
    super(scope, {
      config,
      useCase,
      description: 'Stepyard: transfer DynamoDB records to SQS until none are left (Standard workflow)',
    });
    const key = this.stackKey.key;
    const { topic } = this.notifications;
    const store = new TransferStore(this, 'Store', { config, key, service: useCase });
    const machine = new AslStateMachine(this, 'Machine', {
      config,
      key,
      definition: useCase,
      type: 'STANDARD',
      bindings: {
        Partition: bind.text(Aws.PARTITION, 'aws'),
        TableName: bind.table(store.table, key),
        QuarantineTableName: bind.table(store.quarantine, key),
        QueueUrl: bind.queue(store.queue.queue, key),
        LoaderFunctionArn: bind.function(store.loader.function),
        TopicArn: bind.topic(topic, key),
        // It starts its own next generation: by name, for a reference to itself would be a circle.
        StateMachineArn: bind.stateMachine(machineArnByName(this, stackName(config.stage, useCase)), key),
      },
    });
    this.observe({ machines: [machine], ...store.watched(config) });
    new MachineSchedule(this, 'Schedule', {
      config,
      key,
      machine,
      deadLetterQueue: this.notifications.notifications.deadLetterQueue,
    });
    this.machine = machine;
    this.store = store;
    this.output(OUTPUT.stateMachineArn, machine.arn);
    this.outputStore(store);
  }
}
