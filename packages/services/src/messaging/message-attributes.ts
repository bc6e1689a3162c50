import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';

const SERVICE = 'sqs';
const ATTRIBUTES_MAX = 10;
const NAME = /^(?!\.)(?!.*\.\.)(?!.*\.$)(?!(?:aws|amazon)\.)[\w.-]{1,256}$/iu;
/** `String`, `Number`, `Binary`, each with a label of one's own: `Number.float`. */
const TYPE = /^(String|Number|Binary)(?:\.[^\s]{1,249})?$/u;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/u;
/** #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const TRACE = 'AWSTraceHeader';
/** Traces of messages that are remembered: the latest. */
const TRACES_MAX = 10_000;

/**
 * Checks a message's attributes as SQS does, which fauxqs takes as they are. Throws InvalidParameterValue, or InvalidMessageContents for
 * a character that no message may hold.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function checkMessageAttributes(value: Json | undefined): void {
  if (value === undefined || value === null) return;
  if (!isObject(value)) throw invalid('MessageAttributes is no map.');
  const entries = Object.entries(value);
  if (entries.length > ATTRIBUTES_MAX) {
    throw invalid(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${ATTRIBUTES_MAX}].`,
    );
  }
  for (const [name, attribute] of entries) checkAttribute(name, attribute);
}

function checkAttribute(name: string, attribute: Json): void {
  if (!NAME.test(name)) {
    throw invalid(
      `The message attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore (_), hyphen (-), and period (.) characters.`,
    );
  }
  const type = isObject(attribute) ? TYPE.exec(asText(attribute['DataType']))?.[1] : undefined;
  if (!isObject(attribute) || type === undefined) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const member = type === 'Binary' ? 'BinaryValue' : 'StringValue';
  const text = asText(attribute[member]);
  if (text === '') {
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  }
  if (FORBIDDEN.test(text)) {
    throw apiError(
      SERVICE,
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF and #xE000 to #xFFFD.',
    );
  }
  if (type === 'Number' && !NUMBER.test(text)) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
}

/** The X-Ray trace headers of messages, which fauxqs has no place for: the latest, as long as the process runs. */
export class MessageTraces {
  readonly #traces = new Map<string, string>();

  /** Checks a message's system attributes: there is one. */
  read(message: JsonObject): string | undefined {
    const attributes = message['MessageSystemAttributes'];
    if (!isObject(attributes)) return undefined;
    for (const name of Object.keys(attributes)) {
      if (name !== TRACE) throw invalid(`Message system attribute name '${name}' is invalid.`);
    }
    const header = attributes[TRACE];
    if (header === undefined) return undefined;
    if (!isObject(header) || header['DataType'] !== 'String' || asText(header['StringValue']) === '') {
      throw invalid(`The message system attribute '${TRACE}' must be a non-empty value of type 'String'.`);
    }
    return asText(header['StringValue']);
  }

  remember(messageId: Json | undefined, header: string | undefined): void {
    if (header === undefined) return;
    this.#traces.set(asText(messageId), header);
    const [oldest] = this.#traces.keys();
    if (this.#traces.size > TRACES_MAX && oldest !== undefined) this.#traces.delete(oldest);
  }

  /** The attributes of a received message, with its trace where the request asks for it. */
  show(request: JsonObject, message: JsonObject): JsonObject {
    const header = this.#traces.get(asText(message['MessageId']));
    const names = ['AttributeNames', 'MessageSystemAttributeNames'].flatMap((member) => {
      const list = request[member];
      return Array.isArray(list) ? (list as Json[]) : [];
    });
    if (header === undefined || !(names.includes('All') || names.includes(TRACE))) return message;
    const attributes = message['Attributes'];
    return { ...message, Attributes: { ...(isObject(attributes) ? attributes : {}), [TRACE]: header } };
  }
}

function invalid(message: string): Error {
  return apiError(SERVICE, 'InvalidParameterValue', message);
}
