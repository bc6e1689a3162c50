import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { AslStateMachine } from '../constructs/asl-state-machine.ts';
import { bind } from '../constructs/bindings.ts';
import { SyncExecutionApi } from '../constructs/sync-execution-api.ts';
import { TransferStore } from '../constructs/transfer-store.ts';
import { OUTPUT } from '../outputs.ts';
import { UseCaseStack } from './use-case-stack.ts';

/**
 * Use case 4: the transfer in bounded batches. An Express machine moves one batch; an HTTP API starts it and waits, and a
 * Standard parent starts it again and again until no records are left.
 */
export class TransferRecordsExpressStack extends UseCaseStack {
  constructor(scope: Construct, config: StageConfig) {
    const useCase = 'transfer-records-express';
    super(scope, {
      config,
      useCase,
      description:
        'Stepyard: transfer DynamoDB records to SQS in batches (Express workflow, Standard parent)',
    });
    const key = this.stackKey.key;
    const store = new TransferStore(this, 'Store', { config, key, service: useCase });
    const partition = bind.text(Aws.PARTITION, 'aws');
    const express = new AslStateMachine(this, 'Machine', {
      config,
      key,
      definition: useCase,
      type: 'EXPRESS',
      bindings: {
        Partition: partition,
        TableName: bind.table(store.table, key),
        QuarantineTableName: bind.table(store.quarantine, key),
        QueueUrl: bind.queue(store.queue.queue, key),
      },
    });
    const parent = new AslStateMachine(this, 'Parent', {
      config,
      key,
      definition: 'transfer-records-parent',
      type: 'STANDARD',
      bindings: {
        Partition: partition,
        ExpressStateMachineArn: bind.stateMachine(express.arn, key),
        LoaderFunctionArn: bind.function(store.loader.function),
        TopicArn: bind.topic(this.notifications.topic, key),
      },
    });
    this.observe({ machines: [express, parent], ...store.watched(config) });
    const api = new SyncExecutionApi(this, 'Api', { config, key, machine: express, path: '/transfers' });
    this.output(OUTPUT.stateMachineArn, express.arn);
    this.output(OUTPUT.parentStateMachineArn, parent.arn);
    this.output(OUTPUT.apiUrl, api.url);
    this.outputStore(store);
  }
}
