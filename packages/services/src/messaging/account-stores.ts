import { ACCOUNT_ID, REGION } from '../service.ts';
import type { SnsStore, SqsStore } from './fauxqs.ts';

type Queue = NonNullable<ReturnType<SqsStore['getQueueByArn']>>;

/** Finds a queue of another account by its ARN. */
export type FindQueue = (arn: string) => Queue | undefined;

/** fauxqs writes this account into every ARN that it makes. */
const MADE = `:${ACCOUNT_ID}:`;
/** A region that no ARN has: what fauxqs makes with it is told from what a caller gave. */
const MADE_REGION = 'stepyard';

/**
 * Makes the queues of a store those of an account. What fauxqs makes up is renamed where it comes in, so that ARNs are right wherever
 * they are read: in attributes, redrive policies, envelopes and the database.
 */
export function ownQueues(store: SqsStore, account: string, elsewhere: FindQueue): void {
  const own = (arn: string): string => arn.replace(`:${MADE_REGION}${MADE}`, `:${REGION}:${account}:`);
  const create = store.createQueue.bind(store);
  const find = store.getQueueByArn.bind(store);
  const buildUrl = store.buildQueueUrl.bind(store);
  store.region = MADE_REGION;
  store.buildQueueUrl = (name, port, host) => buildUrl(name, port, host, REGION);
  store.createQueue = (name, url, arn, ...rest) => create(name, url, own(arn), ...rest);
  store.getQueueByArn = (arn) => {
    const ownArn = own(arn);
    return ownArn.split(':')[4] === account ? find(ownArn) : elsewhere(arn);
  };
  // fauxqs would look for a URL with a region in it under the ARN that it makes.
  store.getQueue = (url) => store.getQueueByName(url.slice(url.lastIndexOf('/') + 1));
}

/** The same for topics and their subscriptions, whose ARNs are made inside the store. */
export function ownTopics(store: SnsStore, account: string): void {
  if (account === ACCOUNT_ID) return;
  const own = (arn: string): string => arn.replace(MADE, `:${account}:`);
  const { topics, subscriptions } = store;
  const createTopic = store.createTopic.bind(store);
  store.createTopic = (name, attributes, tags, region) => {
    const made = `arn:aws:sns:${region}${MADE}${name}`;
    const existing = topics.get(own(made));
    // fauxqs looks for the topic under the name that it makes.
    if (existing !== undefined) topics.set(made, existing);
    try {
      const topic = createTopic(name, attributes, tags, region);
      if (topic === existing) return topic;
      store.persistence?.deleteTopic(topic.arn);
      topic.arn = own(made);
      topics.set(topic.arn, topic);
      store.persistence?.insertTopic(topic);
      return topic;
    } finally {
      topics.delete(made);
    }
  };
  const subscribe = store.subscribe.bind(store);
  store.subscribe = (topicArn, ...rest) => {
    const subscription = subscribe(topicArn, ...rest);
    const topic = topics.get(topicArn);
    if (subscription === undefined || topic === undefined || !subscription.arn.includes(MADE)) {
      return subscription;
    }
    const made = subscription.arn;
    subscriptions.delete(made);
    store.persistence?.deleteSubscription(made);
    subscription.arn = own(made);
    subscriptions.set(subscription.arn, subscription);
    topic.subscriptionArns = topic.subscriptionArns.map((arn) => (arn === made ? subscription.arn : arn));
    store.persistence?.insertSubscription(subscription);
    store.persistence?.updateTopicSubscriptionArns(topicArn, topic.subscriptionArns);
    return subscription;
  };
}
