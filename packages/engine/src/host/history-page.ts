import type { EventRecord } from '../core/history/event-record.ts';
import type { HistoryRange } from '../core/history/history-bytes.ts';
import type { HistoryEvent } from '../core/history/history-event.ts';
import { wireEvent } from '../core/history/wire-event.ts';
import type { HistoryBytes, HistoryRequest, Page } from './engine-api.ts';
import { pageSize, positionOf } from './paging.ts';

/** The durable events of an execution, in memory or archived. */
export interface HistorySource {
  readonly eventCount: number;
  /** From `firstEventId` on, at most `count` of them. */
  events(firstEventId: number, count: number, includeExecutionData: boolean): HistoryEvent[];
  /** The same as bytes: a JSON array, in chunks. */
  bytes(range: Required<HistoryRange>): Uint8Array[];
}

/** Events of a history that `eventCount` of are to be seen: from `firstEventId` on, at most `count` of them. */
export function eventsIn(
  events: readonly EventRecord[],
  eventCount: number,
  firstEventId: number,
  count: number,
  includeExecutionData: boolean,
): HistoryEvent[] {
  const last = Math.min(eventCount, firstEventId + count - 1);
  return events
    .slice(firstEventId - 1, last)
    .map((event, index) => wireEvent(event, firstEventId + index, includeExecutionData));
}

/** One page of a history, forwards or backwards; `after` counts the events of the pages before. */
export function historyPage(source: HistorySource, request: HistoryRequest): Page<HistoryEvent> {
  const { first, count, reverse, includeExecutionData, next } = rangeOf(source, request);
  const items = source.events(first, count, includeExecutionData);
  return { items: reverse ? items.toReversed() : items, next };
}

/** The same page as bytes. */
export function historyBytesPage(source: HistorySource, request: HistoryRequest): HistoryBytes {
  const { next, ...range } = rangeOf(source, request);
  return { chunks: source.bytes(range), count: range.count, next };
}

function rangeOf(
  { eventCount }: HistorySource,
  request: HistoryRequest,
): Required<HistoryRange> & { readonly next: string | undefined } {
  const size = pageSize(request.maxResults);
  const skipped = positionOf(request.after);
  const last = eventCount - skipped;
  const count = Math.max(0, Math.min(size, last));
  const reverse = request.reverseOrder === true;
  return {
    first: reverse ? last - count + 1 : skipped + 1,
    count,
    reverse,
    includeExecutionData: request.includeExecutionData ?? true,
    next: skipped + size < eventCount ? String(skipped + size) : undefined,
  };
}
