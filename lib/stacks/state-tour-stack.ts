import { Aws, Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { CfnActivity } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { AslStateMachine } from '../constructs/asl-state-machine.ts';
import { bind } from '../constructs/bindings.ts';
import { PowertoolsFunction } from '../constructs/powertools-function.ts';
import { OUTPUT, stackName } from '../outputs.ts';
import { UseCaseStack } from './use-case-stack.ts';

/** Use case 5: every state type in one machine, and once more in JSONata; with a function, a table and an activity. */
export class StateTourStack extends UseCaseStack {
  constructor(scope: Construct, config: StageConfig) {
    const useCase = 'state-tour';
    super(scope, {
      config,
      useCase,
      description: 'Stepyard: every state type, in JSONPath and in JSONata (Standard workflows)',
    });
    const key = this.stackKey.key;
    const greeter = new PowertoolsFunction(this, 'Greeter', {
      config,
      key,
      handler: 'greeter',
      service: useCase,
      description: 'Greets somebody by name',
      timeout: Duration.seconds(10),
      memoryMiB: 256,
    });
    const visits = new Table(this, 'Visits', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: config.deletionProtection,
      removalPolicy: config.removalPolicy,
    });
    const activity = new CfnActivity(this, 'Questions', {
      name: `${stackName(config.stage, useCase)}-questions`,
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: key.keyArn,
        kmsDataKeyReusePeriodSeconds: 300,
      },
    });
    const bindings = {
      Partition: bind.text(Aws.PARTITION, 'aws'),
      GreeterFunctionArn: bind.function(greeter.function),
      ActivityArn: bind.activity(activity.ref, key),
      TableName: bind.table(visits, key),
      TopicArn: bind.topic(this.notifications.topic, key),
    };
    const common = { config, key, type: 'STANDARD', bindings } as const;
    const tour = new AslStateMachine(this, 'Machine', { ...common, definition: useCase });
    const twin = new AslStateMachine(this, 'JsonataMachine', { ...common, definition: `${useCase}-jsonata` });
    this.observe({ machines: [tour, twin], functions: [greeter] });
    this.output(OUTPUT.stateMachineArn, tour.arn);
    this.output(OUTPUT.jsonataStateMachineArn, twin.arn);
    this.output(OUTPUT.activityArn, activity.ref);
    this.output(OUTPUT.greeterFunctionName, greeter.function.functionName);
    this.output(OUTPUT.tableName, visits.tableName);
  }
}
