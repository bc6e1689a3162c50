import type { HistoryEvent } from '../core/history/history-event.ts';
import type { HistoryRequest, Page } from './engine-api.ts';
import { pageSize, positionOf } from './paging.ts';

/** The durable events of an execution, in memory or archived. */
export interface HistorySource {
  readonly eventCount: number;
  /** From `firstEventId` on, at most `count` of them. */
  events(firstEventId: number, count: number, includeExecutionData: boolean): HistoryEvent[];
}

/** One page of a history, forwards or backwards; `after` counts the events of the pages before. */
export function historyPage(source: HistorySource, request: HistoryRequest): Page<HistoryEvent> {
  const size = pageSize(request.maxResults);
  const skipped = positionOf(request.after);
  const includeData = request.includeExecutionData ?? true;
  const { eventCount } = source;
  const last = eventCount - skipped;
  const items =
    request.reverseOrder === true
      ? source.events(Math.max(1, last - size + 1), Math.min(size, last), includeData).toReversed()
      : source.events(skipped + 1, size, includeData);
  return { items, next: skipped + size < eventCount ? String(skipped + size) : undefined };
}
