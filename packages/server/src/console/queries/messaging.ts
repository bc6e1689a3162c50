/** Queues with what lies in them, topics with what went through them: looked at, not received. */
import type { QueueDetail, QueueSummary, TopicDetail, TopicSummary } from '@stepyard/console';
import type { QueueContents } from '@stepyard/services';
import { clip, orNull } from '../clip.ts';
import type { ConsoleContext } from '../context.ts';
import { objectsIn, textIn } from '../members.ts';
import { notFound } from '../problem.ts';

const MESSAGES_MAX = 500;

export async function queues(context: ConsoleContext): Promise<readonly QueueSummary[]> {
  const urls = await urlsByName(context);
  return context.messages.queues().map((found) => summaryOf(found, urls));
}

export async function queue(context: ConsoleContext, url: string): Promise<QueueDetail> {
  const urls = await urlsByName(context);
  const found = context.messages.queues().find(({ name }) => urls.get(name) === url);
  if (found === undefined) throw notFound(`queue ${url.slice(0, 200)}`);
  return {
    ...summaryOf(found, urls),
    attributes: found.attributes,
    messages: found.messages
      .slice(0, MESSAGES_MAX)
      .map(({ body, ...message }) => ({ ...message, body: clip(body) })),
    total: found.messages.length,
  };
}

/** A queue's URL is the one that clients use: it has the port of the gateway. */
async function urlsByName({ caller }: ConsoleContext): Promise<ReadonlyMap<string, string>> {
  const { output } = await caller.call({ service: 'sqs', operation: 'ListQueues', input: {} });
  const urls = Array.isArray(output['QueueUrls']) ? output['QueueUrls'] : [];
  return new Map(
    urls.filter((url) => typeof url === 'string').map((url) => [url.slice(url.lastIndexOf('/') + 1), url]),
  );
}

function summaryOf({ name, url, messages }: QueueContents, urls: ReadonlyMap<string, string>): QueueSummary {
  const count = (wanted: string): number => messages.filter(({ state }) => state === wanted).length;
  return {
    url: urls.get(name) ?? url,
    name,
    available: count('available'),
    inFlight: count('inFlight'),
    delayed: count('delayed'),
  };
}

export async function topics({ caller, messages }: ConsoleContext): Promise<readonly TopicSummary[]> {
  const listed = await caller.call({ service: 'sns', operation: 'ListTopics', input: {} });
  const { output } = await caller.call({ service: 'sns', operation: 'ListSubscriptions', input: {} });
  const subscriptions = objectsIn(output, 'Subscriptions');
  return objectsIn(listed.output, 'Topics')
    .map((found) => textIn(found, 'TopicArn') ?? '')
    .map((arn) => ({
      arn,
      name: arn.slice(arn.lastIndexOf(':') + 1),
      subscriptions: subscriptions.filter((subscription) => textIn(subscription, 'TopicArn') === arn).length,
      published: messages.publishedCount(arn),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

export async function topic(context: ConsoleContext, arn: string): Promise<TopicDetail> {
  const { caller, messages } = context;
  const summary = (await topics(context)).find((candidate) => candidate.arn === arn);
  if (summary === undefined) throw notFound(`topic ${arn.slice(0, 200)}`);
  const { output } = await caller.call({
    service: 'sns',
    operation: 'ListSubscriptionsByTopic',
    input: { TopicArn: arn },
  });
  return {
    ...summary,
    subscribers: objectsIn(output, 'Subscriptions').map((subscription) => ({
      protocol: textIn(subscription, 'Protocol') ?? '',
      endpoint: textIn(subscription, 'Endpoint') ?? '',
    })),
    notifications: messages.published(arn).map(({ message, subject, ...same }) => ({
      ...same,
      subject: orNull(subject),
      message: clip(message),
    })),
  };
}
