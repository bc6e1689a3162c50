import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';
import { compilePattern } from '../../events/pattern.ts';
import { asText } from '../../member.ts';
import { REGION } from '../../service.ts';
import type { Mapping } from './mapping.ts';

/** A message as ReceiveMessage gives it. */
export type Message = JsonObject;

/**
 * The record of a message in the event that a function gets.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export function sqsRecord(message: Message, eventSourceArn: string): JsonObject {
  return {
    messageId: message['MessageId'] ?? '',
    receiptHandle: message['ReceiptHandle'] ?? '',
    body: message['Body'] ?? '',
    attributes: message['Attributes'] ?? {},
    messageAttributes: messageAttributes(message['MessageAttributes']),
    ...(message['MD5OfMessageAttributes'] === undefined
      ? {}
      : { md5OfMessageAttributes: message['MD5OfMessageAttributes'] }),
    md5OfBody: message['MD5OfBody'] ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: eventSourceArn,
    awsRegion: REGION,
  };
}

function messageAttributes(value: Json | undefined): JsonObject {
  const attributes: Record<string, Json> = {};
  for (const [name, attribute] of Object.entries(isObject(value) ? value : {})) {
    if (!isObject(attribute)) continue;
    const { StringValue: stringValue, BinaryValue: binaryValue, DataType: dataType } = attribute;
    setOwn(attributes, name, {
      ...(stringValue === undefined ? {} : { stringValue }),
      ...(binaryValue === undefined ? {} : { binaryValue }),
      stringListValues: [],
      binaryListValues: [],
      dataType: dataType ?? 'String',
    });
  }
  return attributes;
}

/** Whether the function is to see a record; without filters it sees all. A body that is JSON is matched as such. */
export function recordFilter({ filters }: Mapping): (record: JsonObject) => boolean {
  if (filters.length === 0) return () => true;
  const patterns = filters.map((pattern) => compilePattern(pattern));
  return (record) => {
    const matchable = { ...record, body: parsedBody(asText(record['body'])) };
    return patterns.some((matches) => matches(matchable));
  };
}

function parsedBody(body: string): Json {
  try {
    const value = JSON.parse(body) as Json;
    return isObject(value) ? value : body;
  } catch {
    return body;
  }
}

/**
 * The ids of the messages that the function dealt with, out of what it answered. Without ReportBatchItemFailures that is all. An answer
 * that cannot be understood means that all failed, as AWS has it.
 */
export function succeededIds(
  ids: readonly string[],
  payload: string,
  reportsFailures: boolean,
): readonly string[] {
  if (!reportsFailures) return ids;
  let answer: Json;
  try {
    answer = JSON.parse(payload === '' ? 'null' : payload) as Json;
  } catch {
    return [];
  }
  const failures = isObject(answer) ? answer['batchItemFailures'] : answer;
  if (failures === undefined || failures === null) return ids;
  if (!isArray(failures)) return [];
  const failed = new Set<string>();
  for (const failure of failures) {
    const id = isObject(failure) ? failure['itemIdentifier'] : undefined;
    if (typeof id !== 'string' || !ids.includes(id)) return [];
    failed.add(id);
  }
  return ids.filter((id) => !failed.has(id));
}
