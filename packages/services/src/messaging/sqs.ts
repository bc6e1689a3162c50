import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { asText } from '../member.ts';
import {
  answer,
  apiError,
  DetailedServiceError,
  refuseOperation,
  type CallContext,
  type HostedService,
} from '../service.ts';
import {
  parseJsonBody,
  readBody,
  sendAwsJson,
  sendQueryError,
  sendText,
  targetOperation,
} from '../wire/http.ts';
import { isFauxqsError, SQS_ACTIONS, type Fauxqs } from './fauxqs.ts';
import { checkMessageAttributes, MessageTraces } from './message-attributes.ts';
import { readSqsQuery, writeSqsQuery } from './sqs-query.ts';

const SERVICE = 'sqs';
const CONTENT_TYPE = 'application/x-amz-json-1.0';
/** A batch of 1 MiB, as JSON with everything escaped. */
const REQUEST_BYTES_MAX = 8 * 1024 * 1024;
const DELAY_SECONDS_MAX = 900;
const WAIT_SECONDS_MAX = 20;
const QUEUE_NAME = /^[A-Za-z0-9_-]{1,80}$|^[A-Za-z0-9_-]{1,75}\.fifo$/u;

const QUEUE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'VisibilityTimeout',
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'FifoQueue',
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'FifoThroughputLimit',
]);

/** Between a deduplication id and its group; SQS allows no space in either. */
const SCOPE_SEPARATOR = ' ';

/**
 * SQS, by fauxqs. Both wire protocols of SQS are understood: AWS JSON 1.0 and the older query protocol.
 *
 * Known differences: messages do not expire after the retention period; a receive from a FIFO queue takes one message of a group;
 * the five minutes of deduplication end with the process; long polls end when their client goes away.
 */
export function createSqs(
  fauxqs: Fauxqs,
  gatewayOrigin: () => string,
  elsewhere: (account: string) => Pick<HostedService, 'call'> | undefined = () => undefined,
): HostedService {
  const traces = new MessageTraces();
  const run = async (operation: string, input: JsonObject, context?: CallContext): Promise<JsonObject> => {
    if (!SQS_ACTIONS.includes(operation)) throw refuseOperation(SERVICE, operation);
    const other = elsewhere(accountOf(input['QueueUrl']) ?? fauxqs.account);
    if (other !== undefined) return (await other.call(operation, input, context)).output;
    try {
      const trace = operation === 'SendMessage' ? traces.read(input) : undefined;
      const request = toFauxqs(fauxqs, operation, input);
      const output =
        operation === 'ReceiveMessage'
          ? await receive(fauxqs, request, context?.signal)
          : await fauxqs.sqs(operation, request);
      const answered = isObject(output) ? output : {};
      traces.remember(answered['MessageId'], trace);
      if (operation === 'SendMessageBatch') rememberBatch(traces, input, answered);
      return fromFauxqs(operation, input, answered, {
        traces,
        origin: gatewayOrigin(),
        account: fauxqs.account,
      });
    } catch (error) {
      throw toServiceError(error);
    }
  };
  const service: HostedService = {
    name: SERVICE,
    operations: new Set(SQS_ACTIONS),
    call: async (operation, input, context) => {
      checkReachable(input['QueueUrl']);
      return answer(await run(operation, input, context));
    },
    handle: (request, response) => handleWire(run, request, response),
    close: () => Promise.resolve(),
  };
  return service;
}

/**
 * An SDK sends a request to the host in its queue's URL. A URL without a queue in its path is none that SQS ever gave, so nobody
 * answers there (recording error_handling/task-service-sqs--send-message-no-such-queue-no-catch).
 */
function checkReachable(given: Json | undefined): void {
  const url = typeof given === 'string' ? URL.parse(given) : null;
  if (url === null || url.pathname !== '/') return;
  throw new ServiceError({
    service: SERVICE,
    code: 'UnknownHost',
    message: `${url.hostname}: Name or service not known`,
    statusCode: 0,
    unreachable: true,
  });
}

type Run = (operation: string, input: JsonObject, context?: CallContext) => Promise<JsonObject>;

async function handleWire(run: Run, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = !(request.headers['content-type'] ?? '').includes('application/x-amz-json');
  // A long poll of a client that has gone must not take a message with it.
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  try {
    const text = (await readBody(SERVICE, request, REQUEST_BYTES_MAX)).toString();
    if (query) {
      const { operation, input } = readSqsQuery(text, request.url ?? '/');
      const output = await run(operation, input, { signal: gone.signal });
      sendText(response, 200, { 'content-type': 'text/xml' }, writeSqsQuery(operation, output));
    } else {
      const output = await run(targetOperation(request), parseJsonBody(SERVICE, text), {
        signal: gone.signal,
      });
      sendAwsJson(response, CONTENT_TYPE, 200, '', output);
    }
  } catch (error) {
    const failure = toServiceError(error);
    if (query) sendQueryError(response, queryForm(failure));
    else sendJsonError(response, failure);
  }
}

/** SQS clients of the JSON protocol read the old code, which programs compare with, from a header. */
function sendJsonError(response: ServerResponse, error: ServiceError): void {
  const fault = error.statusCode < 500 ? 'Sender' : 'Receiver';
  sendText(
    response,
    error.statusCode,
    {
      'content-type': CONTENT_TYPE,
      'x-amzn-requestid': error.requestId,
      'x-amzn-query-error': `${queryForm(error).code};${fault}`,
    },
    JSON.stringify({ __type: `com.amazonaws.sqs#${error.code}`, message: error.message }),
  );
}

function queryForm(error: ServiceError): ServiceError {
  const code = error instanceof DetailedServiceError ? error.members['QueryCode'] : undefined;
  return typeof code === 'string' ? apiError(SERVICE, code, error.message, error.statusCode) : error;
}

/**
 * A long poll that takes no message once its caller has gone: a message received by nobody would stay hidden for its visibility
 * timeout.
 */
async function receive(fauxqs: Fauxqs, input: JsonObject, signal: AbortSignal | undefined): Promise<Json> {
  const queue =
    typeof input['QueueUrl'] === 'string' ? fauxqs.sqsStore.getQueue(input['QueueUrl']) : undefined;
  const waitSeconds = Number(
    input['WaitTimeSeconds'] ?? queue?.attributes['ReceiveMessageWaitTimeSeconds'] ?? 0,
  );
  if (queue === undefined || !(waitSeconds > 0 && waitSeconds <= WAIT_SECONDS_MAX)) {
    return await fauxqs.sqs('ReceiveMessage', input);
  }
  const now = { ...input, WaitTimeSeconds: 0 };
  const first = await fauxqs.sqs('ReceiveMessage', now);
  if (isObject(first) && isArray(first['Messages'])) return first;
  await untilMessage(queue.waitForMessages(waitSeconds), signal);
  if (signal?.aborted === true) throw apiError(SERVICE, 'RequestCanceled', 'The caller no longer waits.');
  return await fauxqs.sqs('ReceiveMessage', now);
}

/** Resolves with the waiting, or when the signal aborts. The signal may outlive many receives: nothing stays on it. */
function untilMessage(waiting: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    if (signal?.aborted === true) finish();
    else signal?.addEventListener('abort', finish);
    waiting.then(finish, finish);
  });
}

/** Checks what fauxqs does not, and puts deduplication into the scope that the queue asks for. */
function toFauxqs(fauxqs: Fauxqs, operation: string, input: JsonObject): JsonObject {
  switch (operation) {
    case 'CreateQueue': {
      checkAttributes(input['Attributes']);
      if (typeof input['QueueName'] !== 'string' || !QUEUE_NAME.test(input['QueueName'])) {
        throw apiError(
          SERVICE,
          'InvalidParameterValue',
          'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
        );
      }
      // fauxqs adds its defaults to the attributes that it is given.
      return isObject(input['Attributes']) ? { ...input, Attributes: { ...input['Attributes'] } } : input;
    }
    case 'SetQueueAttributes':
      checkAttributes(input['Attributes']);
      return input;
    case 'SendMessage':
      checkDelay(input['DelaySeconds']);
      checkMessageAttributes(input['MessageAttributes']);
      return scoped(fauxqs, input, input);
    case 'SendMessageBatch': {
      const entries = input['Entries'];
      if (!isArray(entries)) return input;
      const scopedEntries = entries.map((entry) => {
        if (!isObject(entry) || typeof entry['MessageBody'] !== 'string') {
          throw apiError(SERVICE, 'MissingParameter', 'The request must contain the parameter MessageBody.');
        }
        checkDelay(entry['DelaySeconds']);
        checkMessageAttributes(entry['MessageAttributes']);
        return scoped(fauxqs, input, entry);
      });
      return { ...input, Entries: scopedEntries };
    }
    default:
      return input;
  }
}

function checkAttributes(attributes: Json | undefined): void {
  if (!isObject(attributes)) return;
  for (const [name, value] of Object.entries(attributes)) {
    if (!QUEUE_ATTRIBUTES.has(name))
      throw apiError(SERVICE, 'InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (typeof value !== 'string') {
      throw apiError(SERVICE, 'InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
}

function checkDelay(delay: Json | undefined): void {
  if (delay === undefined || delay === null) return;
  if (typeof delay !== 'number' || !Number.isInteger(delay) || delay < 0 || delay > DELAY_SECONDS_MAX) {
    throw apiError(
      SERVICE,
      'InvalidParameterValue',
      `Value ${JSON.stringify(delay)} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
    );
  }
}

/** fauxqs deduplicates across a whole queue; where the scope is the message group, the group becomes part of the id. */
function scoped(fauxqs: Fauxqs, input: JsonObject, message: JsonObject): JsonObject {
  const queue =
    typeof input['QueueUrl'] === 'string' ? fauxqs.sqsStore.getQueue(input['QueueUrl']) : undefined;
  const group = message['MessageGroupId'];
  if (queue?.attributes['DeduplicationScope'] !== 'messageGroup' || typeof group !== 'string') return message;
  let id = message['MessageDeduplicationId'];
  if (id === undefined && queue.attributes['ContentBasedDeduplication'] === 'true') {
    id = createHash('sha256').update(asText(message['MessageBody'])).digest('hex');
  }
  return typeof id === 'string'
    ? { ...message, MessageDeduplicationId: `${id}${SCOPE_SEPARATOR}${group}` }
    : message;
}

/** Each message of a batch has its own trace. */
function rememberBatch(traces: MessageTraces, input: JsonObject, output: JsonObject): void {
  const entries = isArray(input['Entries']) ? input['Entries'].filter(isObject) : [];
  const sent = isArray(output['Successful']) ? output['Successful'].filter(isObject) : [];
  for (const { Id: id, MessageId: messageId } of sent) {
    const entry = entries.find((item) => item['Id'] === id);
    if (entry !== undefined) traces.remember(messageId, traces.read(entry));
  }
}

interface Place {
  readonly origin: string;
  readonly account: string;
  readonly traces: MessageTraces;
}

/** Queue URLs become the gateway's, and what SQS would not have returned goes. */
function fromFauxqs(
  operation: string,
  input: JsonObject,
  output: JsonObject,
  { origin, account, traces }: Place,
): JsonObject {
  switch (operation) {
    case 'CreateQueue':
    case 'GetQueueUrl':
      return { ...output, QueueUrl: queueUrl(output['QueueUrl'], origin, account) };
    case 'ListQueues': {
      const urls = output['QueueUrls'];
      const found =
        isArray(urls) && urls.length > 0
          ? { QueueUrls: urls.map((url) => queueUrl(url, origin, account)) }
          : {};
      return typeof output['NextToken'] === 'string' ? { ...found, NextToken: output['NextToken'] } : found;
    }
    case 'ReceiveMessage': {
      const messages = output['Messages'];
      return isArray(messages)
        ? { Messages: messages.map((message) => received({ account, traces }, input, message)) }
        : {};
    }
    case 'SendMessageBatch':
    case 'DeleteMessageBatch':
    case 'ChangeMessageVisibilityBatch':
      return Object.fromEntries(
        Object.entries(output).filter(
          ([name, list]) => name !== 'Failed' || (isArray(list) && list.length > 0),
        ),
      );
    default:
      return output;
  }
}

function received(
  { account, traces }: Pick<Place, 'account' | 'traces'>,
  input: JsonObject,
  message: Json,
): Json {
  if (!isObject(message)) return message;
  const result: Record<string, Json> = { ...traces.show(input, message) };
  const names = input['MessageAttributeNames'];
  if (!isArray(names) || names.length === 0) {
    delete result['MessageAttributes'];
    delete result['MD5OfMessageAttributes'];
  }
  const attributes = result['Attributes'];
  if (isObject(attributes)) {
    const shown: Record<string, Json> = { ...attributes };
    if (attributes['SenderId'] !== undefined) shown['SenderId'] = account;
    if (typeof attributes['MessageDeduplicationId'] === 'string') {
      shown['MessageDeduplicationId'] = attributes['MessageDeduplicationId'].split(SCOPE_SEPARATOR)[0] ?? '';
    }
    result['Attributes'] = shown;
  }
  return result;
}

/** The account in the path of a queue's URL. */
function accountOf(url: Json | undefined): string | undefined {
  return typeof url === 'string' ? /\/(\d{12})\/[^/]+$/u.exec(url)?.[1] : undefined;
}

/** The URL of a queue as clients reach it. */
function queueUrl(url: Json | undefined, origin: string, account: string): string {
  const name = asText(url).slice(asText(url).lastIndexOf('/') + 1);
  return `${origin}/${account}/${name}`;
}

/** Codes that the query protocol writes with the name of the service before them. */
const PREFIXED: ReadonlySet<string> = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'NonExistentQueue',
  'PurgeQueueInProgress',
  'QueueDeletedRecently',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

function queryCode(code: string): string {
  if (code === 'QueueNameExists') return 'QueueAlreadyExists';
  return PREFIXED.has(code) ? `AWS.SimpleQueueService.${code}` : code;
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isFauxqsError(error)) {
    const fields = apiError(SERVICE, error.code, error.message, error.statusCode);
    return new DetailedServiceError(fields, {
      QueryCode: queryCode(error.queryCode ?? error.code),
    });
  }
  return apiError(SERVICE, 'InternalFailure', error instanceof Error ? error.message : String(error), 500);
}
