import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  Queue,
  QueueEncryption,
  RedrivePermission,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { acknowledge } from './acknowledge.ts';

export interface EncryptedQueueProps {
  readonly config: StageConfig;
  readonly key: IKey;
  /** Last part of the queue's name, after the stack's; without `.fifo`. */
  readonly name: string;
  /** High-throughput FIFO: order and deduplication by message group. */
  readonly fifo?: boolean;
  /** At least six times the timeout of a function that reads the queue. */
  readonly visibilityTimeout?: Duration;
}

const RECEIVES_MAX = 5;

/**
 * A queue with its dead-letter queue, both encrypted with the stack's key and closed to plain HTTP. The dead-letter queue
 * keeps messages for 14 days, longer than the queue, for a message takes its age along; only this queue may use it. The
 * queue has a fixed name because that permission must name it while it names the dead-letter queue: two references would
 * be a circle.
 */
export class EncryptedQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: EncryptedQueueProps) {
    super(scope, id);
    const suffix = props.fifo === true ? '.fifo' : '';
    const queueName = `${Stack.of(this).stackName}-${props.name}${suffix}`;
    const queueArn = Stack.of(this).formatArn({
      service: 'sqs',
      resource: queueName,
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    const common = {
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: props.key,
      dataKeyReuse: Duration.minutes(5),
      enforceSSL: true,
      removalPolicy: props.config.removalPolicy,
      ...(props.fifo === true
        ? {
            fifo: true,
            contentBasedDeduplication: false,
            deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
            fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
          }
        : {}),
    };
    this.deadLetterQueue = new Queue(this, 'DeadLetterQueue', {
      ...common,
      retentionPeriod: Duration.days(14),
      redriveAllowPolicy: {
        redrivePermission: RedrivePermission.BY_QUEUE,
        sourceQueues: [Queue.fromQueueArn(this, 'Source', queueArn)],
      },
    });
    acknowledge(
      this.deadLetterQueue,
      'This is the dead-letter queue: an alarm watches it and people empty it, there is no queue after it',
      'Serverless-SQSRedrivePolicy',
    );
    this.queue = new Queue(this, 'Queue', {
      ...common,
      queueName,
      retentionPeriod: Duration.days(4),
      visibilityTimeout: props.visibilityTimeout ?? Duration.seconds(30),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: RECEIVES_MAX },
    });
  }
}
