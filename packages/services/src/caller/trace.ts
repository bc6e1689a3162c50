import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';

/**
 * The input of a call with its X-Ray trace header where the service carries one on: in a message, an event, an execution or a request.
 * What the input itself says of a trace stays.
 */
export function tracedInput(
  service: string,
  operation: string,
  input: JsonObject,
  traceHeader: string | undefined,
): JsonObject {
  if (traceHeader === undefined) return input;
  switch (`${service}:${operation}`) {
    case 'sfn:StartExecution':
    case 'sfn:StartSyncExecution':
      return { traceHeader, ...input };
    case 'sqs:SendMessage':
      return withTraceAttribute(input, traceHeader);
    case 'sqs:SendMessageBatch':
      return withEach(input, 'Entries', (entry) => withTraceAttribute(entry, traceHeader));
    case 'eventbridge:PutEvents':
      return withEach(input, 'Entries', (entry) => ({ TraceHeader: traceHeader, ...entry }));
    case 'http:InvokeHTTPEndpoint':
    case 'http:InvokeApiGateway':
      return { ...input, TraceHeader: traceHeader };
    default:
      return input;
  }
}

function withTraceAttribute(message: JsonObject, traceHeader: string): JsonObject {
  const given = message['MessageSystemAttributes'];
  const AWSTraceHeader = { DataType: 'String', StringValue: traceHeader };
  return { ...message, MessageSystemAttributes: { AWSTraceHeader, ...(isObject(given) ? given : {}) } };
}

function withEach(input: JsonObject, member: string, change: (item: JsonObject) => JsonObject): JsonObject {
  const list = input[member];
  if (!isArray(list)) return input;
  return { ...input, [member]: list.map((item): Json => (isObject(item) ? change(item) : item)) };
}
