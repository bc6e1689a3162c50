import type { IncomingMessage, ServerResponse } from 'node:http';
import { isArray, isObject, setOwn, type Json, type JsonObject } from '@stepyard/asl';
import { answer, type HostedService } from '../service.ts';
import { asText } from '../member.ts';
import { escapeXml, readBody, sendQueryError, sendText } from './http.ts';
import { operationOf, serviceFailure, type Operations } from './json-service.ts';
import { readQueryForm, type FormNode } from './query-form.ts';

const REQUEST_BYTES_MAX = 1024 * 1024;

export interface QueryServiceOptions {
  readonly name: string;
  /** XML namespace of the API's answers. */
  readonly namespace: string;
  /** The operations for one request; `undefined` where the call did not come over the wire. */
  readonly operations: (request: IncomingMessage | undefined) => Operations;
}

/**
 * A hosted service that speaks the query protocol: a form with `Tags.member.1.Key` in, XML out. In process its operations take and give
 * the API's members as they are; numbers of a form are texts.
 */
export function createQueryService(options: QueryServiceOptions): HostedService {
  const { name, namespace } = options;
  return {
    name,
    operations: new Set(Object.keys(options.operations(undefined))),
    async call(operation, input) {
      try {
        return answer(await operationOf(name, options.operations(undefined), operation)(input));
      } catch (error) {
        throw serviceFailure(name, error);
      }
    },
    async handle(request: IncomingMessage, response: ServerResponse) {
      try {
        const form = (await readBody(name, request, REQUEST_BYTES_MAX)).toString();
        const { operation, input } = readQuery(form);
        const output = await operationOf(name, options.operations(request), operation)(input);
        const { requestId } = answer({});
        const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId };
        sendText(response, 200, headers, queryAnswer(namespace, operation, output, requestId));
      } catch (error) {
        sendQueryError(response, serviceFailure(name, error));
      }
    },
    close: () => Promise.resolve(),
  };
}

/** An operation's answer in XML. */
export function queryAnswer(
  namespace: string,
  operation: string,
  output: JsonObject,
  requestId: string = answer({}).requestId,
): string {
  return (
    `<${operation}Response xmlns="${namespace}"><${operation}Result>${writeMembers(output)}</${operation}Result>` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`
  );
}

/** Reads a form of the query protocol: dotted names are members, `member.N` lists, `entry.N.key` and `.value` maps. */
export function readQuery(form: string): { operation: string; input: JsonObject } {
  const { operation, root } = readQueryForm(form);
  return { operation, input: membersOf(root) };
}

function membersOf(node: FormNode): JsonObject {
  const members: Record<string, Json> = {};
  for (const [name, child] of node.children) setOwn(members, name, valueOf(child));
  return members;
}

function valueOf(node: FormNode): Json {
  if (node.text !== undefined) return node.text;
  const list = node.children.get('member');
  if (list !== undefined) return inOrder(list).map(valueOf);
  const entries = node.children.get('entry');
  if (entries === undefined) return membersOf(node);
  const map: Record<string, Json> = {};
  for (const entry of inOrder(entries)) {
    const value = entry.children.get('value');
    setOwn(map, entry.children.get('key')?.text ?? '', value === undefined ? '' : valueOf(value));
  }
  return map;
}

function inOrder(node: FormNode): readonly FormNode[] {
  return [...node.children.entries()].toSorted(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

function writeMembers(members: JsonObject): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${writeValue(value)}</${name}>`)
    .join('');
}

function writeValue(value: Json): string {
  if (isArray(value)) return value.map((item) => `<member>${writeValue(item)}</member>`).join('');
  return isObject(value) ? writeMembers(value) : escapeXml(asText(value));
}
