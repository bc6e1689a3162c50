import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { acknowledge } from './acknowledge.ts';
import { EncryptedQueue } from './encrypted-queue.ts';
import { kmsActionsFor } from './kms-actions.ts';
import type { ObservabilityProps } from './observability.ts';
import { PowertoolsFunction } from './powertools-function.ts';

export interface TransferStoreProps {
  readonly config: StageConfig;
  readonly key: IKey;
  readonly service: string;
}

const CONSUMER_TIMEOUT = Duration.seconds(30);
/** Longer than a message can live in the queue and its dead-letter queue. */
const IDEMPOTENCY_DAYS = 15;

/** What a transfer moves records between: files in a bucket -> loader -> table -> (state machine) -> queue -> consumer. */
export class TransferStore extends Construct {
  readonly table: Table;
  readonly quarantine: Table;
  readonly bucket: Bucket;
  readonly queue: EncryptedQueue;
  readonly loader: PowertoolsFunction;
  readonly consumer: PowertoolsFunction;
  readonly key: IKey;

  constructor(scope: Construct, id: string, props: TransferStoreProps) {
    super(scope, id);
    this.key = props.key;
    this.table = recordTable(this, 'Records', props);
    this.quarantine = recordTable(this, 'Quarantine', props);
    this.bucket = this.recordFiles(props);
    this.queue = new EncryptedQueue(this, 'Transfer', {
      config: props.config,
      key: props.key,
      name: 'records',
      fifo: true,
      visibilityTimeout: Duration.seconds(CONSUMER_TIMEOUT.toSeconds() * 6),
    });
    this.loader = this.loaderFunction(props);
    this.consumer = this.consumerFunction(props);
  }

  /** What of it is to be observed. In a stage without the consumer the queue's backlog is no cause for alarm. */
  watched(config: StageConfig): Pick<ObservabilityProps, 'functions' | 'consumedQueues' | 'otherQueues'> {
    return {
      functions: [this.loader, this.consumer],
      ...(config.consumerEnabled ? { consumedQueues: [this.queue] } : { otherQueues: [this.queue] }),
    };
  }

  private recordFiles({ config, key }: TransferStoreProps): Bucket {
    const bucket = new Bucket(this, 'RecordFiles', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        {
          id: 'ForgetLoadedFiles',
          expiration: Duration.days(30),
          noncurrentVersionExpiration: Duration.days(7),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
      removalPolicy: config.removalPolicy,
    });
    acknowledge(
      bucket,
      'Files of records, forgotten after 30 days and read by one function: CloudTrail data events tell more than access logs',
      'AwsSolutions-S1',
    );
    return bucket;
  }

  private loaderFunction({ config, key, service }: TransferStoreProps): PowertoolsFunction {
    const loader = new PowertoolsFunction(this, 'Loader', {
      config,
      key,
      handler: 'loader',
      service,
      description: 'Checks records from the input or a file, then writes them to the table',
      timeout: Duration.minutes(5),
      memoryMiB: 1024,
      environment: { TABLE_NAME: this.table.tableName, BUCKET_NAME: this.bucket.bucketName },
      statements: [
        new PolicyStatement({ actions: ['dynamodb:BatchWriteItem'], resources: [this.table.tableArn] }),
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('*')] }),
        new PolicyStatement({
          actions: kmsActionsFor(['dynamodb:BatchWriteItem', 's3:GetObject']),
          resources: [key.keyArn],
        }),
      ],
    });
    const bucketId = Stack.of(this).getLogicalId(cfnResourceOf(this.bucket));
    acknowledge(
      loader.role,
      'Any file of this bucket may be loaded: which one is the input of the execution',
      `AwsSolutions-IAM5[Resource::<${bucketId}.Arn>/*]`,
    );
    return loader;
  }

  private consumerFunction({ config, key, service }: TransferStoreProps): PowertoolsFunction {
    const ledger = new Table(this, 'ConsumerLedger', {
      ...tableProps({ config, key, service }),
      timeToLiveAttribute: 'expiration',
    });
    const queueActions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    const ledgerActions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map(
      (name) => `dynamodb:${name}`,
    );
    const consumer = new PowertoolsFunction(this, 'Consumer', {
      config,
      key,
      handler: 'consumer',
      service,
      description: 'Takes each transferred record exactly once, whatever the queue delivers',
      timeout: CONSUMER_TIMEOUT,
      memoryMiB: 512,
      environment: {
        LEDGER_TABLE_NAME: ledger.tableName,
        LEDGER_SECONDS: String(IDEMPOTENCY_DAYS * 24 * 3600),
      },
      statements: [
        new PolicyStatement({ actions: queueActions, resources: [this.queue.queue.queueArn] }),
        new PolicyStatement({ actions: ledgerActions, resources: [ledger.tableArn] }),
        new PolicyStatement({
          actions: kmsActionsFor([...queueActions, ...ledgerActions]),
          resources: [key.keyArn],
        }),
      ],
    });
    const mapping = new CfnEventSourceMapping(this, 'ConsumerMapping', {
      functionName: consumer.function.functionArn,
      eventSourceArn: this.queue.queue.queueArn,
      enabled: config.consumerEnabled,
      batchSize: 10,
      functionResponseTypes: ['ReportBatchItemFailures'],
      scalingConfig: { maximumConcurrency: 10 },
    });
    mapping.node.addDependency(consumer.role);
    acknowledge(
      mapping,
      'What cannot be consumed stays in the queue and ends in its dead-letter queue; SQS sources take no other destination',
      'Serverless-LambdaEventSourceMappingDestination',
    );
    return consumer;
  }
}

function cfnResourceOf(construct: Construct): CfnResource {
  const resource = construct.node.defaultChild;
  if (resource === undefined || !CfnResource.isCfnResource(resource)) {
    throw new Error(`${construct.node.path} has no resource of its own`);
  }
  return resource;
}

function tableProps({ config, key }: TransferStoreProps) {
  return {
    partitionKey: { name: 'id', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: config.deletionProtection,
    removalPolicy: config.removalPolicy,
  };
}

function recordTable(scope: Construct, id: string, props: TransferStoreProps): Table {
  return new Table(scope, id, tableProps(props));
}
