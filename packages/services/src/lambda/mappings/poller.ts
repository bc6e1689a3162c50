import { availableParallelism } from 'node:os';
import { isArray, isObject, type JsonObject } from '@stepyard/asl';
import { pause } from '../../caller/caller.ts';
import { asText } from '../../member.ts';
import { messageOf } from '../../message-of.ts';
import type { HostedService, LogSink } from '../../service.ts';
import type { Functions } from '../functions.ts';
import type { Invoker } from '../invoke.ts';
import { recordFilter, sqsRecord, succeededIds, type Message } from './batch.ts';
import { queueName, type Mapping } from './mapping.ts';

const LONG_POLL_SECONDS = 20;
const RECEIVE_MAX = 10;
/** After a failure that has nothing to do with a message: no queue, no function. */
const PAUSE_MS = 1000;
/** Invocations at once where the mapping sets no limit: this is one machine. */
const CONCURRENCY = Math.max(2, availableParallelism());
const CONCURRENCY_MAX = 16;

export interface PollerParts {
  readonly sqs: Pick<HostedService, 'call'>;
  readonly functions: Functions;
  readonly invoker: Invoker;
  readonly log: LogSink;
}

/** Takes messages from a queue to a function, as an event source mapping says, until it is closed. */
export class Poller {
  readonly #mapping: Mapping;
  readonly #parts: PollerParts;
  readonly #closing = new AbortController();
  readonly #invocations = new Set<Promise<void>>();
  readonly #loop: Promise<void>;

  constructor(mapping: Mapping, parts: PollerParts) {
    this.#mapping = mapping;
    this.#parts = parts;
    this.#loop = this.#run();
  }

  /** Takes no more messages; resolves when the invocations under way have ended. Never rejects. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#loop;
    await Promise.all(this.#invocations);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    const slots = Math.min(this.#mapping.maximumConcurrency ?? CONCURRENCY, CONCURRENCY_MAX);
    let complaint = '';
    while (!signal.aborted) {
      try {
        // Messages of a function that is not there stay in the queue uncounted.
        this.#parts.functions.get(this.#mapping.functionName, 'Invoke');
        const messages = await this.#gather();
        complaint = '';
        if (messages.length > 0) this.#start(messages);
        if (this.#invocations.size >= slots) await Promise.race(this.#invocations);
      } catch (error) {
        if (signal.aborted) return;
        const message = `${this.#mapping.eventSourceArn} -> ${this.#mapping.functionName}: ${messageOf(error)}`;
        // Once, not every second.
        if (message !== complaint) this.#parts.log({ source: 'lambda', message });
        complaint = message;
        await pause(PAUSE_MS, signal);
      }
    }
  }

  #start(messages: readonly Message[]): void {
    const invocation = this.#process(messages).catch((error: unknown) => {
      const { eventSourceArn, functionName } = this.#mapping;
      const message = `a batch of ${eventSourceArn} for ${functionName} failed: ${messageOf(error)}`;
      this.#parts.log({ source: 'lambda', message });
    });
    this.#invocations.add(invocation);
    void invocation.finally(() => this.#invocations.delete(invocation));
  }

  /** A batch: what one receive gives or, with a window, what comes until it is over or the batch is full. */
  async #gather(): Promise<readonly Message[]> {
    const { batchSize, windowSeconds } = this.#mapping;
    const queueUrl = await this.#queueUrl();
    const messages = [
      ...(await this.#receive(queueUrl, Math.min(RECEIVE_MAX, batchSize), LONG_POLL_SECONDS)),
    ];
    const endMs = performance.now() + windowSeconds * 1000;
    while (messages.length > 0 && messages.length < batchSize && !this.#closing.signal.aborted) {
      const leftSeconds = Math.floor((endMs - performance.now()) / 1000);
      if (leftSeconds < 0 || windowSeconds === 0) break;
      const room = Math.min(RECEIVE_MAX, batchSize - messages.length);
      const more = await this.#receive(queueUrl, room, Math.min(LONG_POLL_SECONDS, leftSeconds));
      messages.push(...more);
      if (more.length === 0 && leftSeconds === 0) break;
    }
    return messages;
  }

  async #receive(queueUrl: string, count: number, waitSeconds: number): Promise<readonly Message[]> {
    const output = await this.#call(
      'ReceiveMessage',
      {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: count,
        WaitTimeSeconds: waitSeconds,
        AttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      },
      this.#closing.signal,
    );
    return isArray(output['Messages']) ? output['Messages'].filter((message) => isObject(message)) : [];
  }

  async #process(messages: readonly Message[]): Promise<void> {
    const { eventSourceArn, functionName, reportsFailures } = this.#mapping;
    const isWanted = recordFilter(this.#mapping);
    const records = messages.map((message) => sqsRecord(message, eventSourceArn));
    const wanted = records.filter(isWanted);
    const done = records
      .filter((record) => !wanted.includes(record))
      .map(({ messageId }) => asText(messageId));
    if (wanted.length > 0) {
      const payload = JSON.stringify({ Records: wanted });
      const answer = await this.#parts.invoker.invoke(functionName, payload, 'RequestResponse');
      const ids = wanted.map(({ messageId }) => asText(messageId));
      // What failed comes back after its visibility timeout; the queue counts and, in the end, sets it aside.
      if (answer.functionError === undefined) {
        done.push(...succeededIds(ids, answer.payload, reportsFailures));
      }
    }
    await this.#delete(messages.filter((message) => done.includes(asText(message['MessageId']))));
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    for (let first = 0; first < messages.length; first += RECEIVE_MAX) {
      const entries = messages.slice(first, first + RECEIVE_MAX).map((message, index) => ({
        Id: String(index),
        ReceiptHandle: message['ReceiptHandle'] ?? '',
      }));
      await this.#call('DeleteMessageBatch', { QueueUrl: await this.#queueUrl(), Entries: entries });
    }
  }

  async #queueUrl(): Promise<string> {
    const name = queueName(this.#mapping.eventSourceArn, 'CreateEventSourceMapping');
    return asText((await this.#call('GetQueueUrl', { QueueName: name }))['QueueUrl']);
  }

  async #call(operation: string, input: JsonObject, signal?: AbortSignal): Promise<JsonObject> {
    const context = signal === undefined ? {} : { signal };
    return (await this.#parts.sqs.call(operation, input, context)).output;
  }
}
