/** A message that was published to a topic. */
export interface Published {
  readonly messageId: string;
  /** Epoch milliseconds. */
  readonly publishedMs: number;
  readonly subject: string | undefined;
  readonly message: string;
  /** Name -> value. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Endpoints of the subscriptions that the topic had then; a filter policy may have kept it from some. */
  readonly to: readonly string[];
}

/** Kept of one topic. */
export const PUBLISHED_MAX = 200;
/** Topics that are remembered: those that are used longest ago are forgotten first. */
export const TOPICS_MAX = 1000;

interface Topic {
  count: number;
  readonly latest: Published[];
}

/** What was published, by topic, while the yard runs. SNS itself keeps nothing. */
export class PublishedMessages {
  readonly #topics = new Map<string, Topic>();

  add(topicArn: string, published: Published): void {
    const topic = this.#topics.get(topicArn) ?? { count: 0, latest: [] };
    this.#topics.delete(topicArn);
    this.#topics.set(topicArn, topic);
    topic.count++;
    topic.latest.unshift(published);
    if (topic.latest.length > PUBLISHED_MAX) topic.latest.pop();
    if (this.#topics.size <= TOPICS_MAX) return;
    for (const [oldest] of this.#topics) {
      this.#topics.delete(oldest);
      break;
    }
  }

  /** Newest first. */
  list(topicArn: string): readonly Published[] {
    return this.#topics.get(topicArn)?.latest ?? [];
  }

  count(topicArn: string): number {
    return this.#topics.get(topicArn)?.count ?? 0;
  }
}

/** The messages in a Publish or PublishBatch, as fields of the query protocol, with the ids that SNS gave them in its XML answer. */
export function publishedBy(
  operation: string,
  form: Readonly<Record<string, string>>,
  xml: string,
  nowMs: number,
): readonly Omit<Published, 'to'>[] {
  if (operation === 'Publish') {
    const messageId = /<MessageId>([^<]*)<\/MessageId>/u.exec(xml)?.[1] ?? '';
    return [messageIn(form, '', messageId, nowMs)];
  }
  if (operation !== 'PublishBatch') return [];
  const ids = new Map<string, string>();
  for (const [entry] of xml.matchAll(/<member>[\s\S]*?<\/member>/gu)) {
    const id = /<Id>([^<]*)<\/Id>/u.exec(entry)?.[1];
    const messageId = /<MessageId>([^<]*)<\/MessageId>/u.exec(entry)?.[1];
    if (id !== undefined && messageId !== undefined) ids.set(id, messageId);
  }
  const messages: Omit<Published, 'to'>[] = [];
  for (let index = 1; ; index++) {
    const prefix = `PublishBatchRequestEntries.member.${index}.`;
    const id = form[`${prefix}Id`];
    if (id === undefined) return messages;
    // An entry that was refused has no message id.
    const messageId = ids.get(id);
    if (messageId !== undefined) messages.push(messageIn(form, prefix, messageId, nowMs));
  }
}

function messageIn(
  form: Readonly<Record<string, string>>,
  prefix: string,
  messageId: string,
  publishedMs: number,
): Omit<Published, 'to'> {
  const attributes: Record<string, string> = {};
  for (let index = 1; ; index++) {
    const entry = `${prefix}MessageAttributes.entry.${index}.`;
    const name = form[`${entry}Name`];
    if (name === undefined) break;
    attributes[name] = form[`${entry}Value.StringValue`] ?? form[`${entry}Value.BinaryValue`] ?? '';
  }
  const subject = form[`${prefix}Subject`];
  return { messageId, publishedMs, subject, message: form[`${prefix}Message`] ?? '', attributes };
}
