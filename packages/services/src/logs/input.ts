import { isArray, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, PARTITION, REGION } from '../service.ts';

export const SERVICE = 'cloudwatchlogs';
const GROUP_NAME = /^[.\-_/#A-Za-z0-9]{1,512}$/u;
const STREAM_NAME = /^[^:*]{1,512}$/u;

export function invalid(message: string): Error {
  return apiError(SERVICE, 'InvalidParameterException', message);
}

/** The ARN without the `:*` that Step Functions wants after it. */
export function groupArn(account: string, name: string): string {
  return `arn:${PARTITION}:logs:${REGION}:${account}:log-group:${name}`;
}

/** A group's name out of its ARN, with or without `:*`; undefined for any other text. */
export function groupOfArn(arn: string): string | undefined {
  return /^arn:[^:]*:logs:[^:]*:\d*:log-group:([^:*]+)(?::\*)?$/u.exec(arn)?.[1];
}

/** `logGroupName`, or `logGroupIdentifier`, which is a name or an ARN. Throws InvalidParameterException. */
export function readGroupName(input: JsonObject): string {
  const identifier = input['logGroupName'] ?? input['logGroupIdentifier'];
  const given = asText(identifier);
  const name = groupOfArn(given) ?? given;
  if (GROUP_NAME.test(name)) return name;
  throw constraint(
    given,
    'logGroupName',
    'Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+',
  );
}

export function readStreamName(input: JsonObject): string {
  const name = asText(input['logStreamName']);
  if (STREAM_NAME.test(name)) return name;
  throw constraint(name, 'logStreamName', 'Member must satisfy regular expression pattern: [^:*]*');
}

function constraint(value: string, member: string, what: string): Error {
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${what}`,
  );
}

/** A whole number within bounds, or what stands for none. Throws InvalidParameterException. */
export function readLimit(value: Json | undefined, max: number, otherwise: number): number {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw constraint(asText(value), 'limit', `Member must have value between 1 and ${max}`);
}

export function readTime(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function readTexts(value: Json | undefined): readonly string[] {
  return isArray(value) ? value.map(asText) : [];
}

/** Tokens are opaque to clients: a position in an order, checked when it comes back. */
export function writeToken(content: string): string {
  return Buffer.from(content).toString('base64url');
}

export function readToken(value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  const content = Buffer.from(asText(value), 'base64url').toString();
  if (writeToken(content) !== value) throw invalid('The specified nextToken is invalid.');
  return content;
}
