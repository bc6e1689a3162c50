import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

/** Waits until the queue has a notification about an execution; true when one came. Others are left alone. */
export async function notified(queueUrl: string, executionArn: string, timeoutMs: number): Promise<boolean> {
  const client = new SQSClient({});
  const deadlineMs = Date.now() + timeoutMs;
  while (Date.now() < deadlineMs) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 10,
        VisibilityTimeout: 5,
      }),
    );
    const found = messages.find(({ Body }) => Body?.includes(executionArn) === true);
    if (found === undefined) continue;
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: found.ReceiptHandle }));
    return true;
  }
  return false;
}
