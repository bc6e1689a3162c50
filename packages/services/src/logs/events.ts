import { isArray, isObject, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';
import type { Operations } from '../wire/json-service.ts';
import { compileFilterPattern } from './filter-pattern.ts';
import {
  invalid,
  readGroupName,
  readLimit,
  readStreamName,
  readTexts,
  readTime,
  readToken,
  SERVICE,
  writeToken,
} from './input.ts';
import type { LogEvent, LogGroup, LogStore, LogStream, Position, StoredEvent } from './store.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const BATCH_EVENTS_MAX = 10_000;
const BATCH_BYTES_MAX = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const PAGE_MAX = 10_000;
const DAY_MS = 86_400_000;
const OLD_MS_MAX = 14 * DAY_MS;
const NEW_MS_MAX = 2 * 3_600_000;

/** Operations on log events. `groupOf` throws ResourceNotFoundException for a group that is not there. */
export function eventOperations(store: LogStore, groupOf: (name: string) => LogGroup): Operations {
  return {
    PutLogEvents: (input) => putLogEvents(store, groupOf(readGroupName(input)), input),
    GetLogEvents(input) {
      const group = groupOf(readGroupName(input));
      return getLogEvents(store, group, input);
    },
    FilterLogEvents: (input) => filterLogEvents(store, groupOf(readGroupName(input)), input),
  };
}

function putLogEvents(store: LogStore, group: LogGroup, input: JsonObject): JsonObject {
  const stream = streamOf(store, group, input);
  const events = readEvents(input);
  const nowMs = Date.now();
  const retentionMs = (group.retentionDays ?? Number.POSITIVE_INFINITY) * DAY_MS;
  const isExpired = ({ timestampMs }: LogEvent): boolean => timestampMs < nowMs - retentionMs;
  const isTooOld = ({ timestampMs }: LogEvent): boolean => timestampMs < nowMs - OLD_MS_MAX;
  const isTooNew = ({ timestampMs }: LogEvent): boolean => timestampMs > nowMs + NEW_MS_MAX;
  const accepted = events.filter((event) => !isExpired(event) && !isTooOld(event) && !isTooNew(event));
  store.append(group.name, stream, accepted, nowMs);
  const rejected = {
    // Events are in order: an end index counts those from the start, a start index those to the end.
    ...(events.some(isExpired) ? { expiredLogEventEndIndex: events.filter(isExpired).length } : {}),
    ...(events.some(isTooOld) ? { tooOldLogEventEndIndex: events.filter(isTooOld).length } : {}),
    ...(events.some(isTooNew) ? { tooNewLogEventStartIndex: events.findIndex(isTooNew) } : {}),
  };
  return {
    nextSequenceToken: writeToken(`${stream.id}:${nowMs}`),
    ...(Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected }),
  };
}

function readEvents(input: JsonObject): readonly LogEvent[] {
  const given = isArray(input['logEvents']) ? input['logEvents'] : [];
  if (given.length === 0 || given.length > BATCH_EVENTS_MAX) {
    throw invalid(`1 validation error detected: logEvents must have 1 to ${BATCH_EVENTS_MAX} members`);
  }
  const events = given.map((event) => {
    const members = isObject(event) ? event : {};
    const timestampMs = readTime(members['timestamp']);
    if (timestampMs === undefined || typeof members['message'] !== 'string' || members['message'] === '') {
      throw invalid('Every log event needs a timestamp and a message.');
    }
    return { timestampMs, message: members['message'] };
  });
  if (events.some(({ timestampMs }, index) => timestampMs < (events[index - 1]?.timestampMs ?? 0))) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  const bytes = events.reduce(
    (sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES,
    0,
  );
  if (bytes > BATCH_BYTES_MAX) throw invalid('Upload too large');
  return events;
}

function getLogEvents(store: LogStore, group: LogGroup, input: JsonObject): JsonObject {
  const stream = streamOf(store, group, input);
  const token = readToken(input['nextToken']);
  const isForward = token === undefined ? input['startFromHead'] === true : token.startsWith('f/');
  const position = token === undefined ? undefined : readPosition(token.slice(2));
  const found = store.events({
    group: group.name,
    streams: [stream.name],
    fromMs: readTime(input['startTime']),
    untilMs: readTime(input['endTime']),
    after: isForward ? position : undefined,
    before: isForward ? undefined : position,
    newestFirst: !isForward,
    limit: readLimit(input['limit'], PAGE_MAX, PAGE_MAX),
  });
  const events = isForward ? found : found.toReversed();
  // Where nothing was found the same tokens come back, by which a client knows that it is at the end.
  const first = events[0] ?? position;
  const last = events.at(-1) ?? position;
  return {
    events: events.map(({ timestampMs, message, ingestionMs }) => ({
      timestamp: timestampMs,
      message,
      ingestionTime: ingestionMs,
    })),
    nextForwardToken: writeToken(`f/${writePosition(last)}`),
    nextBackwardToken: writeToken(`b/${writePosition(first)}`),
  };
}

function filterLogEvents(store: LogStore, group: LogGroup, input: JsonObject): JsonObject {
  const matches = compileFilterPattern(asText(input['filterPattern']));
  const limit = readLimit(input['limit'], PAGE_MAX, PAGE_MAX);
  const token = readToken(input['nextToken']);
  const streams = wantedStreams(store, group, input);
  let after = token === undefined ? undefined : readPosition(token);
  const events: StoredEvent[] = [];
  let isOver = false;
  while (events.length < limit && !isOver) {
    const page = store.events({
      group: group.name,
      streams,
      fromMs: readTime(input['startTime']),
      // The end of FilterLogEvents is part of the time asked for, as the API says of it.
      untilMs: endOf(readTime(input['endTime'])),
      after,
      before: undefined,
      newestFirst: false,
      limit: PAGE_MAX,
    });
    isOver = page.length < PAGE_MAX;
    for (const event of page) {
      if (events.length >= limit) {
        isOver = false;
        break;
      }
      after = event;
      if (matches(event.message)) events.push(event);
    }
  }
  return {
    events: events.map(filteredEvent),
    searchedLogStreams: [],
    ...(isOver ? {} : { nextToken: writeToken(writePosition(after)) }),
  };
}

function endOf(timeMs: number | undefined): number | undefined {
  return timeMs === undefined ? undefined : timeMs + 1;
}

function wantedStreams(store: LogStore, group: LogGroup, input: JsonObject): readonly string[] | undefined {
  const names = input['logStreamNames'];
  if (names !== undefined) return readTexts(names);
  const prefix = input['logStreamNamePrefix'];
  return prefix === undefined ? undefined : store.streams(group.name, asText(prefix)).map(({ name }) => name);
}

function filteredEvent(event: StoredEvent): JsonObject {
  return {
    logStreamName: event.streamName,
    timestamp: event.timestampMs,
    message: event.message,
    ingestionTime: event.ingestionMs,
    // 56 digits, as AWS's are.
    eventId: String(event.id).padStart(56, '0'),
  };
}

function streamOf(store: LogStore, group: LogGroup, input: JsonObject): LogStream {
  const stream = store.stream(group.name, readStreamName(input));
  if (stream !== undefined) return stream;
  throw apiError(SERVICE, 'ResourceNotFoundException', 'The specified log stream does not exist.');
}

function writePosition(position: Position | undefined): string {
  return position === undefined ? '0.0' : `${position.timestampMs}.${position.id}`;
}

function readPosition(text: string): Position | undefined {
  const match = /^(\d+)\.(\d+)$/u.exec(text);
  if (match === null) throw invalid('The specified nextToken is invalid.');
  const position = { timestampMs: Number(match[1]), id: Number(match[2]) };
  return position.id === 0 ? undefined : position;
}
