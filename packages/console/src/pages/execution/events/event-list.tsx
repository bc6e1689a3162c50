import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { eventKind, eventRow } from '../../../model/event-filter.ts';
import type { EventIndex } from '../../../model/event-index.ts';
import { formatDuration, formatTime } from '../../../model/format.ts';
import { selectEvent } from '../place.ts';

const ROW_HEIGHT = 30;
const MOVES: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1, PageUp: -15, PageDown: 15 };

export interface EventListProps {
  readonly index: EventIndex;
  readonly ids: readonly number[];
  readonly selected: number | null;
}

/** Rows of events; only those in sight are drawn. Arrow keys go from one to the next. */
export function EventList({ index, ids, selected }: EventListProps): ReactNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const at = selected === null ? -1 : ids.indexOf(selected);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at);
  }, [at, rows]);
  const onKey = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    const next = move === undefined ? undefined : ids[Math.min(ids.length - 1, Math.max(0, at + move))];
    if (next === undefined) return;
    event.preventDefault();
    selectEvent(next);
  };
  return (
    <div
      className="event-list"
      ref={scroller}
      role="listbox"
      aria-label="Events"
      tabIndex={0}
      aria-activedescendant={selected === null ? undefined : `event-${selected}`}
      onKeyDown={onKey}
    >
      <div className="event-rows" role="presentation" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index: row, start }) => (
          <Row
            key={ids[row]}
            index={index}
            id={ids[row] ?? 0}
            top={start}
            selected={selected}
            count={ids.length}
            at={row}
          />
        ))}
      </div>
    </div>
  );
}

const Row = memo(function Row({
  index,
  id,
  top,
  selected,
  count,
  at,
}: {
  readonly index: EventIndex;
  readonly id: number;
  readonly top: number;
  readonly selected: number | null;
  readonly count: number;
  readonly at: number;
}): ReactNode {
  const event = eventRow(index, id);
  if (event === undefined) return null;
  return (
    <div
      id={`event-${id}`}
      className={`event-row kind-${eventKind(event.type)}`}
      role="option"
      aria-selected={id === selected}
      aria-setsize={count}
      aria-posinset={at + 1}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => selectEvent(id)}
    >
      <span className="number faint right">{id}</span>
      <span className="event-type">{event.type}</span>
      <span className="cut">{event.name}</span>
      <span className="cut faint minor">{event.resource}</span>
      <span className="number faint right minor">{formatTime(event.timeMs)}</span>
      <span className="number right">+{formatDuration(event.elapsedMs)}</span>
    </div>
  );
});
