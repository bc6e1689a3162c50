import { randomUUID } from 'node:crypto';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, REGION } from '../service.ts';
import { refuseOtherBus, SERVICE } from './bus.ts';

const ENTRY_BYTES_MAX = 256 * 1024;
const ENTRIES_MAX = 10;

/** PutEvents answers 200 with one result an entry: an entry may fail on its own. */
export function putEvents(
  account: string,
  input: JsonObject,
  publish: (event: JsonObject) => void,
): JsonObject {
  const entries = input['Entries'];
  if (!isArray(entries) || entries.length === 0 || entries.length > ENTRIES_MAX) {
    throw apiError(SERVICE, 'ValidationException', `Entries must have 1 to ${ENTRIES_MAX} members.`);
  }
  const size = Buffer.byteLength(JSON.stringify(entries));
  if (size > ENTRY_BYTES_MAX) {
    throw apiError(
      SERVICE,
      'ValidationException',
      `Total size of the entries in the request is over the limit.`,
    );
  }
  const results = entries.map((entry) => putEvent(account, isObject(entry) ? entry : {}, publish));
  return {
    FailedEntryCount: results.filter((result) => Object.hasOwn(result, 'ErrorCode')).length,
    Entries: results,
  };
}

function putEvent(account: string, entry: JsonObject, publish: (event: JsonObject) => void): JsonObject {
  refuseOtherBus('PutEvents', entry['EventBusName']);
  for (const member of ['Source', 'DetailType', 'Detail']) {
    if (typeof entry[member] !== 'string' || entry[member] === '') {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
      };
    }
  }
  if (asText(entry['Source']).startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  let detail: Json;
  try {
    detail = JSON.parse(asText(entry['Detail'])) as Json;
  } catch {
    detail = null;
  }
  if (!isObject(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const id = randomUUID();
  const time = entry['Time'];
  publish({
    version: '0',
    id,
    'detail-type': entry['DetailType'] ?? '',
    source: entry['Source'] ?? '',
    account,
    time: isoSeconds(
      typeof time === 'number' ? time * 1000 : typeof time === 'string' ? Date.parse(time) : Date.now(),
    ),
    region: REGION,
    resources: isArray(entry['Resources']) ? entry['Resources'] : [],
    detail,
  });
  return { EventId: id };
}

/** What a rule's targets get when its schedule is due. */
export function scheduledEvent(account: string, rule: { readonly arn: string }, atMs: number): JsonObject {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account,
    time: isoSeconds(atMs),
    region: REGION,
    resources: [rule.arn],
    detail: {},
  };
}

function isoSeconds(epochMs: number): string {
  return `${new Date(Number.isNaN(epochMs) ? Date.now() : epochMs).toISOString().slice(0, 19)}Z`;
}
