import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { answer, apiError, refuseFeature, refuseOperation, type HostedService } from '../service.ts';
import { readBody, sendQueryError, sendText } from '../wire/http.ts';
import { readQueryXml } from '../wire/xml.ts';
import { isFauxqsError, SNS_ACTIONS, type Fauxqs } from './fauxqs.ts';
import { publishedBy, PublishedMessages } from './published.ts';

const SERVICE = 'sns';
const REQUEST_BYTES_MAX = 4 * 1024 * 1024;
const SUBJECT_LENGTH_MAX = 100;

type Form = Record<string, string>;

/** Members of answers that are lists or maps: the query protocol leaves them empty, the model does not. */
const LISTS: ReadonlySet<string> = new Set(['Topics', 'Subscriptions', 'Tags', 'Successful', 'Failed']);
const MAPS: ReadonlySet<string> = new Set(['Attributes']);

/** Publishing anywhere but to a topic, and per-protocol messages, would be accepted and lost. */
const REFUSED_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  Publish: ['PhoneNumber', 'MessageStructure'],
};

/**
 * SNS, by fauxqs: topics, and subscriptions of SQS queues (raw or in the notification envelope, with filter policies on attributes
 * or body). Any other kind of subscription is refused: it would never be delivered.
 */
export function createSns(fauxqs: Fauxqs, published = new PublishedMessages()): HostedService {
  const run = (operation: string, form: Form): string => {
    if (!SNS_ACTIONS.includes(operation)) throw refuseOperation(SERVICE, operation);
    try {
      const checked = checkForm(operation, form);
      const xml = fauxqs.sns(operation, checked);
      const topicArn = checked['TopicArn'] ?? '';
      for (const message of publishedBy(operation, checked, xml, Date.now())) {
        published.add(topicArn, { ...message, to: endpointsOf(fauxqs, topicArn) });
      }
      return xml;
    } catch (error) {
      throw toServiceError(error);
    }
  };
  return {
    name: SERVICE,
    operations: new Set(SNS_ACTIONS),
    // eslint-disable-next-line typescript/require-await -- what fauxqs throws must become a rejection
    async call(operation, input) {
      try {
        const xml = run(operation, flatten(input));
        return answer(readOutput(operation, xml), { headers: { 'Content-Type': 'text/xml' } });
      } catch (error) {
        throw toServiceError(error);
      }
    },
    handle: (request, response) => handleWire(run, request, response),
    close: () => Promise.resolve(),
  };
}

function endpointsOf({ snsStore }: Fauxqs, topicArn: string): string[] {
  const arns = snsStore.getTopic(topicArn)?.subscriptionArns ?? [];
  return arns.flatMap((arn) => snsStore.getSubscription(arn)?.endpoint ?? []);
}

async function handleWire(
  run: (operation: string, form: Form) => string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const text = (await readBody(SERVICE, request, REQUEST_BYTES_MAX)).toString();
    const form: Form = Object.fromEntries(new URLSearchParams(text));
    const xml = run(form['Action'] ?? '', form);
    sendText(response, 200, { 'content-type': 'text/xml', 'x-amzn-requestid': randomUUID() }, xml);
  } catch (error) {
    sendQueryError(response, toServiceError(error));
  }
}

function checkForm(operation: string, form: Form): Form {
  for (const member of REFUSED_MEMBERS[operation] ?? []) {
    if (form[member] !== undefined) throw refuseFeature(SERVICE, operation, member);
  }
  if (operation === 'Subscribe') {
    const protocol = form['Protocol'];
    if (protocol !== undefined && protocol !== 'sqs') {
      throw refuseFeature(SERVICE, operation, `the protocol ${protocol} (only sqs is delivered)`);
    }
  }
  if (operation === 'Publish') {
    checkSubject(form['Subject']);
    if (form['TopicArn'] === undefined && form['TargetArn'] !== undefined)
      return { ...form, TopicArn: form['TargetArn'] };
  }
  return form;
}

function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  // Printable ASCII, beginning with a letter, number or punctuation mark: the Publish API's own rule.
  if (subject.length > SUBJECT_LENGTH_MAX || !/^[!-~][ -~]*$/u.test(subject)) {
    throw apiError(SERVICE, 'InvalidParameter', 'Invalid parameter: Subject', 400);
  }
}

/** The members of a request as fields of the query protocol. */
function flatten(input: JsonObject): Form {
  const form: Form = {};
  const put = (prefix: string, value: Json): void => {
    if (isArray(value)) value.forEach((item, index) => put(`${prefix}.member.${index + 1}`, item));
    else if (isObject(value)) {
      const last = prefix.slice(prefix.lastIndexOf('.') + 1);
      if (last === 'MessageAttributes') putMap(prefix, value, 'Name', 'Value');
      else if (last === 'Attributes') putMap(prefix, value, 'key', 'value');
      else for (const [name, inner] of Object.entries(value)) put(`${prefix}.${name}`, inner);
    } else if (value !== null) form[prefix] = String(value);
  };
  const putMap = (prefix: string, map: JsonObject, key: string, inner: string): void => {
    for (const [index, [name, item]] of Object.entries(map).entries()) {
      form[`${prefix}.entry.${index + 1}.${key}`] = name;
      put(`${prefix}.entry.${index + 1}.${inner}`, item);
    }
  };
  for (const [name, value] of Object.entries(input)) put(name, value);
  return form;
}

function readOutput(operation: string, xml: string): JsonObject {
  const response = readQueryXml(xml)[`${operation}Response`];
  const result = isObject(response) ? response[`${operation}Result`] : undefined;
  if (!isObject(result)) return {};
  const output: Record<string, Json> = {};
  for (const [name, value] of Object.entries(result)) {
    const empty = typeof value === 'string' && value.trim() === '';
    if (empty && LISTS.has(name)) output[name] = [];
    else if (empty && MAPS.has(name)) output[name] = {};
    else if (!empty || name !== 'NextToken') output[name] = value;
  }
  return output;
}

function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isFauxqsError(error)) return apiError(SERVICE, error.code, error.message, error.statusCode);
  return apiError(SERVICE, 'InternalError', error instanceof Error ? error.message : String(error), 500);
}
