import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ExecutionDetail, StateVisit } from '../../../api/types.ts';
import { Empty } from '../../../components/states.tsx';
import { formatTick } from '../../../model/format.ts';
import { barOf, spanOf, ticksOf, waterfallRows, wayTo, type TimeSpan } from '../../../model/waterfall.ts';
import { useYardNow } from '../../../state/yard-clock.ts';
import { selectVisit, type Place } from '../place.ts';
import { WaterfallRowLine } from './waterfall-row.tsx';
import './waterfall.css';

const ROW_HEIGHT = 30;
const NOW_EVERY_MS = 500;
const LABELLED_MAX = 0.85;

export interface WaterfallViewProps {
  readonly detail: ExecutionDetail;
  /** Those that there are at the point in time that is looked at. */
  readonly shown: readonly StateVisit[];
  readonly place: Place;
  /** The time that one looks back to; undefined: now. */
  readonly thenMs: number | undefined;
  /** More room for the bars, and a scale of time; else columns of numbers. */
  readonly isTimeline: boolean;
}

/** The states of an execution one below the other with when they ran: as a table, or as a waterfall. */
export function WaterfallView({ detail, shown, place, thenMs, isTimeline }: WaterfallViewProps): ReactNode {
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const nowMs = useYardNow(detail.status === 'RUNNING' && place.at === null ? NOW_EVERY_MS : null);
  const rows = useMemo(() => waterfallRows(shown, { chosen }), [shown, chosen]);
  const span = useSpan(shown, detail.startDateMs, thenMs ?? detail.stopDateMs, nowMs);
  const toggle = useCallback((key: string, isOpen: boolean): void => {
    setChosen((before) => new Map([...before, [key, !isOpen]]));
  }, []);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  useEffect(() => {
    if (place.visit === null) return;
    const way = wayTo(shown, place.visit);
    if (way.length > 0)
      setChosen((before) => new Map([...before, ...way.map((key) => [key, true] as const)]));
    // Only a new selection opens what encloses it: the user may close it again.
  }, [place.visit]);
  if (rows.length === 0) return <Empty title="No state has been entered yet" />;
  const selected = rows.findIndex((row) => row.kind === 'visit' && row.visit.id === place.visit);
  const onKey = (event: KeyboardEvent): void => {
    const move = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (move === 0) return;
    event.preventDefault();
    let next = selected + move;
    while (rows[next] !== undefined && rows[next]?.kind !== 'visit') next += move;
    const row = rows[next];
    if (row?.kind !== 'visit') return;
    selectVisit(row.visit.id);
    virtual.scrollToIndex(next);
  };
  return (
    <div
      className={`waterfall${isTimeline ? ' timeline' : ''}`}
      role="grid"
      aria-label={isTimeline ? 'Timeline' : 'States'}
      aria-rowcount={rows.length + 1}
    >
      <Header span={span} isTimeline={isTimeline} />
      <div className="waterfall-body" ref={scroller} role="rowgroup" tabIndex={0} onKeyDown={onKey}>
        <div className="waterfall-rows" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <WaterfallRowLine
                key={row.key}
                row={row}
                rowIndex={index + 2}
                top={start}
                span={span}
                isSelected={index === selected}
                isTimeline={isTimeline}
                onToggle={toggle}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function useSpan(
  shown: readonly StateVisit[],
  startMs: number,
  stopMs: number | null,
  nowMs: number,
): TimeSpan {
  // Once it has stopped, it makes no difference what time it is.
  const untilMs = stopMs ?? nowMs;
  return useMemo(() => spanOf(shown, startMs, untilMs, untilMs), [shown, startMs, untilMs]);
}

function Header({ span, isTimeline }: { readonly span: TimeSpan; readonly isTimeline: boolean }): ReactNode {
  return (
    <div className="waterfall-head" role="row" aria-rowindex={1}>
      <span role="columnheader">State</span>
      {!isTimeline && <span role="columnheader">Status</span>}
      <span role="columnheader" className="right">
        Duration
      </span>
      {!isTimeline && (
        <span role="columnheader" className="right minor">
          Started after
        </span>
      )}
      <span role="columnheader" className="scale">
        <span className="hidden-text">Timeline</span>
        {ticksOf(span, isTimeline ? 8 : 3).map((tick) => {
          const { left } = barOf(span, span.startMs + tick, null);
          // The last one would be written over the edge.
          return (
            <span key={tick} className="tick" style={{ left: `${left * 100}%` }}>
              {left < LABELLED_MAX && formatTick(tick)}
            </span>
          );
        })}
      </span>
    </div>
  );
}
