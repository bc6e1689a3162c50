import type { HistoryEvent } from '../core/history/history-event.ts';
import type { HistoryRequest, Page } from './engine-api.ts';
import { pageSize, positionOf } from './paging.ts';
import type { Run } from './run.ts';

/** One page of a history, forwards or backwards; `after` counts the events of the pages before. */
export function historyPage(run: Run, request: HistoryRequest): Page<HistoryEvent> {
  const size = pageSize(request.maxResults);
  const skipped = positionOf(request.after);
  const includeData = request.includeExecutionData ?? true;
  const { eventCount } = run.visible;
  const last = eventCount - skipped;
  const items =
    request.reverseOrder === true
      ? run.events(Math.max(1, last - size + 1), Math.min(size, last), includeData).toReversed()
      : run.events(skipped + 1, size, includeData);
  return { items, next: skipped + size < eventCount ? String(skipped + size) : undefined };
}
