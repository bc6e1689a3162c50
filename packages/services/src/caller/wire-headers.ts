import { crc32 } from 'node:zlib';
import type { JsonObject } from '@stepyard/asl';
import type { FunctionAnswer, ServiceAnswer } from '@stepyard/engine';
import { asText } from '../member.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * The response headers with which AWS's services answer, in the order in which Step Functions shows them. Optimised
 * integrations put them into their output (SdkHttpMetadata), so state machines see them; no socket is needed to have them.
 * Sources: recordings services/*, callback/* and local_mocking/*.
 */
export function wireHeaders(service: string, operation: string, answer: ServiceAnswer): Headers {
  const requestId = { 'x-amzn-RequestId': answer.requestId };
  const body = bodyText(service, operation, answer);
  const length = { 'Content-Length': String(Buffer.byteLength(body)) };
  const date = { Date: new Date().toUTCString() };
  if (service === 'dynamodb') {
    return {
      Server: 'Server',
      Connection: 'keep-alive',
      ...requestId,
      'x-amz-crc32': String(crc32(body)),
      ...length,
      ...date,
      'Content-Type': 'application/x-amz-json-1.0',
    };
  }
  const type = service === 'sns' ? 'text/xml' : CONTENT_TYPES.get(service);
  return {
    ...requestId,
    connection: 'keep-alive',
    ...length,
    ...date,
    'Content-Type': type ?? 'application/json',
  };
}

/** Those of Lambda's Invoke. */
export function invocationHeaders(answer: FunctionAnswer): Headers {
  return {
    ...(answer.functionError === undefined ? {} : { 'X-Amz-Function-Error': answer.functionError }),
    ...(answer.logResult === undefined ? {} : { 'X-Amz-Log-Result': answer.logResult }),
    'X-Amz-Executed-Version': answer.executedVersion,
    'x-amzn-Remapped-Content-Length': '0',
    Connection: 'keep-alive',
    'x-amzn-RequestId': answer.requestId,
    'Content-Length': String(Buffer.byteLength(answer.payload)),
    Date: new Date().toUTCString(),
    'X-Amzn-Trace-Id': traceId(answer.requestId),
    'Content-Type': 'application/json',
  };
}

/** Versions of the AWS JSON protocol. What is not here speaks REST-JSON. */
const CONTENT_TYPES = new Map([
  ['sfn', 'application/x-amz-json-1.0'],
  ['sqs', 'application/x-amz-json-1.0'],
  ['ecs', 'application/x-amz-json-1.1'],
  ['eventbridge', 'application/x-amz-json-1.1'],
]);

function bodyText(service: string, operation: string, { output, requestId }: ServiceAnswer): string {
  if (service === 'sns') return snsText(operation, output, requestId);
  const text = JSON.stringify(output);
  if (service !== 'sfn') return text;
  // Step Functions is a Java service: it writes the seconds of its dates as a double, 1.762432530123E9.
  return text.replaceAll(/(Date":\d)(\d{9})\.?(\d*)/gu, '$1.$2$3E9');
}

/** SNS answers in XML, laid out over lines. */
function snsText(operation: string, output: JsonObject, requestId: string): string {
  const members = Object.entries(output).map(([name, value]) => `    <${name}>${asText(value)}</${name}>\n`);
  return [
    `<${operation}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/">\n`,
    `  <${operation}Result>\n${members.join('')}  </${operation}Result>\n`,
    `  <ResponseMetadata>\n    <RequestId>${requestId}</RequestId>\n  </ResponseMetadata>\n`,
    `</${operation}Response>\n`,
  ].join('');
}

/** X-Ray's form: `root=1-<8 hex digits>-<24 hex digits>`. Nothing is traced here. */
function traceId(requestId: string): string {
  const digits = requestId.replaceAll(/[^0-9a-f]/gu, '').padEnd(32, '0');
  return `root=1-${digits.slice(0, 8)}-${digits.slice(8, 32)};parent=${digits.slice(16, 32)};sampled=0`;
}
