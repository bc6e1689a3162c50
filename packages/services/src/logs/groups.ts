import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';
import type { Operations } from '../wire/json-service.ts';
import {
  groupArn,
  groupOfArn,
  invalid,
  readGroupName,
  readLimit,
  readStreamName,
  readTexts,
  readToken,
  SERVICE,
  writeToken,
} from './input.ts';
import type { LogGroup, LogStore, LogStream } from './store.ts';

const PAGE_MAX = 50;
const TAGS_MAX = 50;
/** What PutRetentionPolicy takes, in days. */
const RETENTIONS: ReadonlySet<number> = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

/** The group of that name. Throws ResourceNotFoundException. */
export function existingGroup(store: LogStore, name: string): LogGroup {
  const group = store.group(name);
  if (group !== undefined) return group;
  throw apiError(SERVICE, 'ResourceNotFoundException', 'The specified log group does not exist.');
}

/** Operations on log groups, their retention and tags. */
export function groupOperations(store: LogStore): Operations {
  return {
    CreateLogGroup(input) {
      const name = readGroupName(input);
      if (store.group(name) !== undefined) {
        throw apiError(SERVICE, 'ResourceAlreadyExistsException', 'The specified log group already exists');
      }
      store.putGroup({
        name,
        createdMs: Date.now(),
        retentionDays: undefined,
        tags: readTags(input['tags'], {}),
      });
      return {};
    },
    DeleteLogGroup(input) {
      store.deleteGroup(existingGroup(store, readGroupName(input)).name);
      return {};
    },
    DescribeLogGroups: (input) => describeGroups(store, input),
    PutRetentionPolicy(input) {
      const group = existingGroup(store, readGroupName(input));
      const days = input['retentionInDays'];
      if (typeof days !== 'number' || !RETENTIONS.has(days)) {
        throw invalid(
          `1 validation error detected: Value '${asText(days)}' at 'retentionInDays' is not valid.`,
        );
      }
      store.putGroup({ ...group, retentionDays: days });
      return {};
    },
    DeleteRetentionPolicy(input) {
      store.putGroup({ ...existingGroup(store, readGroupName(input)), retentionDays: undefined });
      return {};
    },
    ...tagOperations(store),
  };
}

/** Operations on log streams. */
export function streamOperations(store: LogStore): Operations {
  return {
    CreateLogStream(input) {
      const group = existingGroup(store, readGroupName(input));
      const name = readStreamName(input);
      if (store.stream(group.name, name) !== undefined) {
        throw apiError(SERVICE, 'ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      store.createStream(group.name, name, Date.now());
      return {};
    },
    DeleteLogStream(input) {
      const group = existingGroup(store, readGroupName(input));
      const stream = store.stream(group.name, readStreamName(input));
      if (stream === undefined) {
        throw apiError(SERVICE, 'ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      store.deleteStream(stream);
      return {};
    },
    DescribeLogStreams: (input) => describeStreams(store, input),
  };
}

function describeGroups(store: LogStore, input: JsonObject): JsonObject {
  const prefix = asText(input['logGroupNamePrefix']);
  const pattern = asText(input['logGroupNamePattern']);
  if (prefix !== '' && pattern !== '') {
    throw invalid('logGroupNamePrefix and logGroupNamePattern are mutually exclusive parameters.');
  }
  const limit = readLimit(input['limit'], PAGE_MAX, PAGE_MAX);
  const found = store.groups(
    readToken(input['nextToken']) ?? '',
    limit + 1,
    (name) => name.startsWith(prefix) && name.includes(pattern),
  );
  const page = found.slice(0, limit);
  return {
    logGroups: page.map((group) => describeGroup(store, group)),
    ...(found.length > limit ? { nextToken: writeToken(page.at(-1)?.name ?? '') } : {}),
  };
}

function describeGroup(store: LogStore, group: LogGroup): JsonObject {
  return {
    logGroupName: group.name,
    creationTime: group.createdMs,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${groupArn(store.account, group.name)}:*`,
    storedBytes: store.storedBytes(group.name),
    logGroupClass: 'STANDARD',
    logGroupArn: groupArn(store.account, group.name),
  };
}

function describeStreams(store: LogStore, input: JsonObject): JsonObject {
  const group = existingGroup(store, readGroupName(input));
  const byTime = input['orderBy'] === 'LastEventTime';
  const prefix = asText(input['logStreamNamePrefix']);
  if (byTime && prefix !== '') throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.');
  const key = (stream: LogStream): string =>
    byTime ? `${String(stream.lastEventMs ?? 0).padStart(16, '0')} ${stream.name}` : stream.name;
  const sign = input['descending'] === true ? -1 : 1;
  const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -sign : sign);
  const after = readToken(input['nextToken']);
  const sorted = store
    .streams(group.name, prefix)
    .toSorted((a, b) => compare(key(a), key(b)))
    .filter((stream) => after === undefined || compare(key(stream), after) > 0);
  const limit = readLimit(input['limit'], PAGE_MAX, PAGE_MAX);
  const page = sorted.slice(0, limit);
  const last = page.at(-1);
  return {
    logStreams: page.map((stream) => describeStream(groupArn(store.account, group.name), stream)),
    ...(sorted.length > limit && last !== undefined ? { nextToken: writeToken(key(last)) } : {}),
  };
}

function describeStream(arnOfGroup: string, stream: LogStream): JsonObject {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdMs,
    ...(stream.firstEventMs === undefined ? {} : { firstEventTimestamp: stream.firstEventMs }),
    ...(stream.lastEventMs === undefined ? {} : { lastEventTimestamp: stream.lastEventMs }),
    ...(stream.lastIngestionMs === undefined ? {} : { lastIngestionTime: stream.lastIngestionMs }),
    uploadSequenceToken: writeToken(`${stream.id}:${stream.lastIngestionMs ?? 0}`),
    arn: `${arnOfGroup}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

function tagOperations(store: LogStore): Operations {
  const find = (input: JsonObject): LogGroup => {
    const arn = asText(input['resourceArn']);
    const name = groupOfArn(arn);
    if (name === undefined) throw invalid(`${arn} is no ARN of a log group.`);
    return existingGroup(store, name);
  };
  return {
    TagResource(input) {
      const group = find(input);
      store.putGroup({ ...group, tags: readTags(input['tags'], group.tags) });
      return {};
    },
    UntagResource(input) {
      const group = find(input);
      const keys = new Set(readTexts(input['tagKeys']));
      const kept = Object.entries(group.tags).filter(([key]) => !keys.has(key));
      store.putGroup({ ...group, tags: Object.fromEntries(kept) });
      return {};
    },
    ListTagsForResource: (input) => ({ tags: find(input).tags }),
  };
}

function readTags(
  given: Json | undefined,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const added = isObject(given)
    ? Object.entries(given).map(([key, value]) => [key, asText(value)] as const)
    : [];
  const tags = new Map([...Object.entries(before), ...added]);
  if (tags.size > TAGS_MAX) {
    throw apiError(SERVICE, 'TooManyTagsException', `A resource has at most ${TAGS_MAX} tags.`);
  }
  return Object.fromEntries(tags);
}
