import type { Fauxqs } from './fauxqs.ts';
import type { Published, PublishedMessages } from './published.ts';

/** One message as it lies in a queue. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly state: 'available' | 'inFlight' | 'delayed';
  /** Epoch milliseconds. */
  readonly sentMs: number;
  readonly receiveCount: number;
  readonly body: string;
  /** Name -> value; a binary one in base64. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface QueueContents {
  readonly url: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messages: readonly QueuedMessage[];
}

/** What lies in queues and went through topics, for whoever only looks: nothing is received, nothing changes. */
export interface Messages {
  /** By name. */
  queues(): readonly QueueContents[];
  /** Newest first, since the yard was started: the last of them (published.ts). */
  published(topicArn: string): readonly Published[];
  publishedCount(topicArn: string): number;
}

/** `fauxqs` gives it once it is open: before that there is nothing in it. */
export function createMessages(fauxqs: () => Fauxqs | undefined, published: PublishedMessages): Messages {
  return {
    queues() {
      const sqsStore = fauxqs()?.sqsStore;
      if (sqsStore === undefined) return [];
      // Else a message whose visibility timeout has passed would still seem to be with somebody.
      sqsStore.processAllTimers();
      return Array.from(sqsStore.allQueues(), (queue) => {
        const { ready, delayed, inflight } = queue.inspectMessages();
        const as = (state: QueuedMessage['state'], list: typeof ready): QueuedMessage[] =>
          list.map((message) => ({
            messageId: message.messageId,
            state,
            sentMs: message.sentTimestamp,
            receiveCount: message.approximateReceiveCount,
            body: message.body,
            attributes: Object.fromEntries(
              Object.entries(message.messageAttributes).map(([name, { StringValue, BinaryValue }]) => [
                name,
                StringValue ?? BinaryValue ?? '',
              ]),
            ),
          }));
        const held = inflight.map(({ message }) => message);
        return {
          url: queue.url,
          name: queue.name,
          attributes: queue.getAllAttributes(['All']),
          messages: [...as('available', ready), ...as('inFlight', held), ...as('delayed', delayed)].toSorted(
            (one, other) => one.sentMs - other.sentMs,
          ),
        };
      }).toSorted((one, other) => (one.name < other.name ? -1 : 1));
    },
    published: (topicArn) => published.list(topicArn),
    publishedCount: (topicArn) => published.count(topicArn),
  };
}
