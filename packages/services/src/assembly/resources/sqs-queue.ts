import type { JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { ACCOUNT_ID, PARTITION, REGION } from '../../service.ts';
import { objectOf, textOf } from '../assets.ts';
import { attributeText, flagOf, pick, tagsOf } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';

/** Properties that are queue attributes under the same name. */
const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
];

/** AWS::SQS::Queue. A queue that exists keeps its messages and gets the attributes. */
export const sqsQueue: Provisioner = {
  type: 'AWS::SQS::Queue',
  async create(properties, context) {
    const isFifo = flagOf(properties['FifoQueue']);
    const name = context.name(properties['QueueName'], {
      lengthMax: 80,
      ...(isFifo ? { suffix: '.fifo' } : {}),
    });
    const attributes = Object.fromEntries(
      Object.entries(pick(properties, ATTRIBUTES)).map(([key, value]) => [key, attributeText(value)]),
    );
    const existing = await queueUrl(context, name);
    if (existing !== undefined) await update(context, existing, attributes);
    const url =
      existing ?? (await createQueue(context, name, attributes, isFifo, tagsOf(properties['Tags'])));
    return {
      ref: url,
      attributes: {
        Arn: `arn:${PARTITION}:sqs:${REGION}:${ACCOUNT_ID}:${name}`,
        QueueName: name,
        QueueUrl: url,
      },
    };
  },
};

async function createQueue(
  context: ProvisionContext,
  name: string,
  attributes: Readonly<Record<string, string>>,
  isFifo: boolean,
  tags: Readonly<Record<string, string>>,
): Promise<string> {
  const output = await call(context, 'CreateQueue', {
    QueueName: name,
    Attributes: { ...attributes, ...(isFifo ? { FifoQueue: 'true' } : {}) },
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
  });
  return textOf(output['QueueUrl']) ?? '';
}

/** Sets only what differs: some attributes cannot be set again once the queue exists. */
async function update(
  context: ProvisionContext,
  url: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  const output = await call(context, 'GetQueueAttributes', { QueueUrl: url, AttributeNames: ['All'] });
  const current = objectOf(output['Attributes']);
  const changed = Object.entries(attributes).filter(([name, value]) => current[name] !== value);
  if (changed.length === 0) return;
  await call(context, 'SetQueueAttributes', { QueueUrl: url, Attributes: Object.fromEntries(changed) });
}

async function queueUrl(context: ProvisionContext, name: string): Promise<string | undefined> {
  try {
    return textOf((await call(context, 'GetQueueUrl', { QueueName: name }))['QueueUrl']);
  } catch (error) {
    if (error instanceof ServiceError && /NonExistentQueue|QueueDoesNotExist/u.test(error.code))
      return undefined;
    throw error;
  }
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'sqs', operation, input })).output;
}
