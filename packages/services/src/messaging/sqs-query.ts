import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { randomUUID } from 'node:crypto';
import { escapeXml } from '../wire/http.ts';
import { readQueryForm, type FormNode } from '../wire/query-form.ts';

/**
 * The query protocol of SQS, which older SDKs speak: form fields in (`Attribute.1.Name`), XML out. It is translated to and from
 * the members of the JSON protocol by the tables below (the names are those of the 2012-11-05 API).
 */

/** How a flattened list is named on the way in, and what it becomes. */
interface ListField {
  readonly field: string;
  readonly member: string;
  /** `list`: values. `map`: entries of two fields. `entries`: objects of their own. */
  readonly kind: 'list' | 'map' | 'entries';
  readonly key?: string;
  readonly value?: string;
}

const LISTS: readonly ListField[] = [
  { field: 'AttributeName', member: 'AttributeNames', kind: 'list' },
  { field: 'MessageAttributeName', member: 'MessageAttributeNames', kind: 'list' },
  { field: 'MessageSystemAttributeName', member: 'MessageSystemAttributeNames', kind: 'list' },
  { field: 'TagKey', member: 'TagKeys', kind: 'list' },
  { field: 'Attribute', member: 'Attributes', kind: 'map', key: 'Name', value: 'Value' },
  { field: 'MessageAttribute', member: 'MessageAttributes', kind: 'map', key: 'Name', value: 'Value' },
  { field: 'Tag', member: 'Tags', kind: 'map', key: 'Key', value: 'Value' },
  { field: 'SendMessageBatchRequestEntry', member: 'Entries', kind: 'entries' },
  { field: 'DeleteMessageBatchRequestEntry', member: 'Entries', kind: 'entries' },
  { field: 'ChangeMessageVisibilityBatchRequestEntry', member: 'Entries', kind: 'entries' },
];

const NUMBERS: ReadonlySet<string> = new Set([
  'DelaySeconds',
  'MaxNumberOfMessages',
  'MaxResults',
  'VisibilityTimeout',
  'WaitTimeSeconds',
]);

/** Reads a request of the query protocol. The queue may be named by the path alone: `POST /000000000000/name`. */
export function readSqsQuery(form: string, path: string): { operation: string; input: JsonObject } {
  const { operation, root } = readQueryForm(form);
  const input: Record<string, Json> = {};
  readMembers(root, input);
  if (input['QueueUrl'] === undefined && path.length > 1) input['QueueUrl'] = `http://127.0.0.1${path}`;
  // CreateQueue alone spells its tags in lower case.
  if (operation === 'CreateQueue' && input['Tags'] !== undefined) input['tags'] = input['Tags'];
  return { operation, input };
}

function readMembers(node: FormNode, target: Record<string, Json>): void {
  for (const [name, child] of node.children) {
    const list = LISTS.find((candidate) => candidate.field === name);
    if (list !== undefined && child.text === undefined) {
      target[list.member] = readList(list, child);
    } else if (child.text !== undefined) {
      setOwn(
        target,
        name,
        NUMBERS.has(name) && /^-?\d+$/u.test(child.text) ? Number(child.text) : child.text,
      );
    }
  }
}

function readList(list: ListField, node: FormNode): Json {
  const items = [...node.children.entries()]
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, item]) => item);
  if (list.kind === 'list') return items.map((item) => item.text ?? '');
  if (list.kind === 'entries') {
    return items.map((item) => {
      const entry: Record<string, Json> = {};
      readMembers(item, entry);
      return entry;
    });
  }
  const map: Record<string, Json> = {};
  for (const item of items) {
    const value = item.children.get(list.value ?? '');
    const key = item.children.get(list.key ?? '')?.text ?? '';
    setOwn(map, key, value?.text ?? attributeValue(value));
  }
  return map;
}

/** A message attribute's value: `Value.DataType`, `Value.StringValue`, `Value.BinaryValue`. */
function attributeValue(node: FormNode | undefined): JsonObject {
  const value: Record<string, Json> = {};
  for (const [name, child] of node?.children ?? []) setOwn(value, name, child.text ?? '');
  return value;
}

/** How the members of an answer are named in XML: lists repeat their element, maps become Name and Value. */
const ELEMENTS: Readonly<Record<string, string>> = {
  QueueUrls: 'QueueUrl',
  Messages: 'Message',
  Attributes: 'Attribute',
  MessageAttributes: 'MessageAttribute',
  Tags: 'Tag',
  Failed: 'BatchResultErrorEntry',
};

/** Writes an answer of the query protocol. */
export function writeSqsQuery(operation: string, output: JsonObject): string {
  const result = writeMembers(operation, output);
  return (
    `<?xml version="1.0"?><${operation}Response xmlns="http://queue.amazonaws.com/doc/2012-11-05/">` +
    `<${operation}Result>${result}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

function writeMembers(operation: string, members: JsonObject): string {
  return Object.entries(members)
    .map(([name, value]) => {
      const element = name === 'Successful' ? `${operation}ResultEntry` : (ELEMENTS[name] ?? name);
      if (isArray(value)) return value.map((item) => writeElement(operation, element, item)).join('');
      if (isObject(value) && ELEMENTS[name] !== undefined) return writeMap(operation, element, value);
      return writeElement(operation, element, value);
    })
    .join('');
}

function writeMap(operation: string, element: string, map: JsonObject): string {
  const key = element === 'Tag' ? 'Key' : 'Name';
  return Object.entries(map)
    .map(([name, value]) => {
      const inner = `<${key}>${escapeXml(name)}</${key}>${writeElement(operation, 'Value', value)}`;
      return `<${element}>${inner}</${element}>`;
    })
    .join('');
}

function writeElement(operation: string, element: string, value: Json): string {
  if (isObject(value)) return `<${element}>${writeMembers(operation, value)}</${element}>`;
  return `<${element}>${escapeXml(asText(value))}</${element}>`;
}
