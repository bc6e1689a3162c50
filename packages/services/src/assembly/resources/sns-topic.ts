import type { Json, JsonObject } from '@stepyard/asl';
import { textOf } from '../assets.ts';
import { attributeText, flagOf, objectsOf, pick, tagsOf } from '../members.ts';
import type { ProvisionContext, Provisioner } from '../provisioner.ts';

/** Where the yard can deliver to. */
const PROTOCOLS: ReadonlySet<string> = new Set(['sqs', 'lambda']);
const SUBSCRIPTION_ATTRIBUTES = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

/** AWS::SNS::Topic, its inline subscriptions too. */
export const snsTopic: Provisioner = {
  type: 'AWS::SNS::Topic',
  async create(properties, context) {
    const isFifo = flagOf(properties['FifoTopic']);
    const name = context.name(properties['TopicName'], {
      lengthMax: 256,
      ...(isFifo ? { suffix: '.fifo' } : {}),
    });
    const given = pick(properties, ['DisplayName', 'ContentBasedDeduplication']);
    const attributes = Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, attributeText(value)]),
    );
    const tags = Object.entries(tagsOf(properties['Tags'])).map(([Key, Value]) => ({ Key, Value }));
    const output = await call(context, 'CreateTopic', {
      Name: name,
      Attributes: { ...attributes, ...(isFifo ? { FifoTopic: 'true' } : {}) },
      ...(tags.length === 0 ? {} : { Tags: tags }),
    });
    const arn = textOf(output['TopicArn']) ?? '';
    for (const subscription of objectsOf(properties['Subscription'])) {
      await subscribe(context, arn, subscription);
    }
    return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
  },
};

/** AWS::SNS::Subscription of a queue or a function; any other kind is reported, not made: it would never be delivered. */
export const snsSubscription: Provisioner = {
  type: 'AWS::SNS::Subscription',
  async create(properties, context) {
    const topicArn = textOf(properties['TopicArn']) ?? '';
    const arn = await subscribe(context, topicArn, properties);
    return { ref: arn, attributes: { Arn: arn } };
  },
};

async function subscribe(
  context: ProvisionContext,
  topicArn: string,
  properties: JsonObject,
): Promise<string> {
  const protocol = textOf(properties['Protocol']) ?? '';
  const endpoint = textOf(properties['Endpoint']) ?? '';
  const none = `${topicArn}:${context.logicalId}`;
  if (!PROTOCOLS.has(protocol)) {
    context.unhosted(`the ${protocol} subscription of ${endpoint}`);
    return none;
  }
  const attributes = Object.fromEntries(
    Object.entries(pick(properties, SUBSCRIPTION_ATTRIBUTES)).map(([key, value]: [string, Json]) => [
      key,
      attributeText(value),
    ]),
  );
  const existing = await findSubscription(context, topicArn, protocol, endpoint);
  if (existing !== undefined) {
    for (const [name, value] of Object.entries(attributes)) {
      await call(context, 'SetSubscriptionAttributes', {
        SubscriptionArn: existing,
        AttributeName: name,
        AttributeValue: value,
      });
    }
    return existing;
  }
  const output = await call(context, 'Subscribe', {
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Attributes: attributes,
    ReturnSubscriptionArn: true,
  });
  return textOf(output['SubscriptionArn']) ?? none;
}

async function findSubscription(
  context: ProvisionContext,
  topicArn: string,
  protocol: string,
  endpoint: string,
): Promise<string | undefined> {
  let token: string | undefined;
  do {
    const output = await call(context, 'ListSubscriptionsByTopic', {
      TopicArn: topicArn,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const found = objectsOf(output['Subscriptions']).find(
      (subscription) => subscription['Protocol'] === protocol && subscription['Endpoint'] === endpoint,
    );
    if (found !== undefined) return textOf(found['SubscriptionArn']);
    token = textOf(output['NextToken']);
  } while (token !== undefined && token !== '');
  return undefined;
}

async function call(context: ProvisionContext, operation: string, input: JsonObject): Promise<JsonObject> {
  return (await context.target.call({ service: 'sns', operation, input })).output;
}
