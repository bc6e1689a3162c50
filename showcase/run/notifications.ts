import type { SQSClient } from '@aws-sdk/client-sqs';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { parseObject } from './follow-execution.ts';

/** Notifications are delivered at least once, and a failure is told by the workflow and by the rule: count executions, not messages. */
export class Inbox {
  readonly #executions = new Map<string, string>();

  /** Takes the body of one message: SNS's envelope around what the workflow published, or around EventBridge's event. */
  take(body: string): void {
    const envelope = parseObject(body);
    const message = parseObject(typeof envelope['Message'] === 'string' ? envelope['Message'] : undefined);
    const detail = message['detail'];
    const told =
      typeof detail === 'object' && detail !== null ? parseObject(JSON.stringify(detail)) : message;
    const arn = told['executionArn'];
    const status = told['status'];
    if (typeof arn === 'string' && !this.#executions.has(arn)) this.#executions.set(arn, String(status));
  }

  /** The status that was told of an execution, or undefined. */
  statusOf(executionArn: string): string | undefined {
    return this.#executions.get(executionArn);
  }
}

const WAIT_SECONDS = 1;

/** Reads a queue until the inbox knows of the execution, or the time is over. The messages stay in the queue. */
export async function waitForNotification(
  sqs: SQSClient,
  queueUrl: string,
  inbox: Inbox,
  executionArn: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs;
  while (inbox.statusOf(executionArn) === undefined && Date.now() < deadline) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: WAIT_SECONDS,
        // Short, so that whoever looks into the queue afterwards finds the messages there.
        VisibilityTimeout: 5,
      }),
      { abortSignal: signal },
    );
    for (const { Body } of Messages) inbox.take(Body ?? '');
  }
  return inbox.statusOf(executionArn);
}
