import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ExecutionStatus, MapRunChildren } from '../../api/types.ts';
import { Empty } from '../../components/states.tsx';
import { Status } from '../../components/status.tsx';
import {
  cellAfterKey,
  cellAt,
  childrenInOrder,
  gridShape,
  type ChildOrder,
  type GridShape,
} from '../../model/children-grid.ts';
import { childAt, childCounts } from '../../model/children.ts';
import { formatCount, formatCounted, formatDuration } from '../../model/format.ts';
import { to } from '../../model/paths.ts';
import { EXECUTION_STATUSES, STATUS_LABELS, statusKind } from '../../model/status.ts';
import { navigate } from '../../router/location.ts';
import { Link } from '../../router/link.tsx';
import { drawChildren } from './draw-children.ts';
import { useThemeChoice } from '../../state/theme.ts';

/** Every child as a small square, thousands of them on one canvas: the one that is pointed at, or chosen by keys, is told about. */
export function ChildrenGrid({ of }: { readonly of: MapRunChildren }): ReactNode {
  const [order, setOrder] = useState<ChildOrder>('failuresFirst');
  const [only, setOnly] = useState<ExecutionStatus | null>(null);
  const shown = useMemo(() => childrenInOrder(of, order, only), [of, order, only]);
  const counts = useMemo(() => childCounts(of), [of]);
  return (
    <section className="card">
      <div className="list-head">
        <h2>{formatCounted(of.names.length, 'child', 'children')}</h2>
        {EXECUTION_STATUSES.filter((status) => counts.has(status)).map((status) => (
          <button
            key={status}
            type="button"
            className={`pill choice ${statusKind(status)}`}
            aria-pressed={only === status}
            onClick={() => setOnly(only === status ? null : status)}
          >
            {formatCount(counts.get(status) ?? 0)} {STATUS_LABELS[status].toLowerCase()}
          </button>
        ))}
        <span className="grow" />
        <select
          aria-label="Order"
          value={order}
          onChange={(event) => setOrder(event.target.value as ChildOrder)}
        >
          <option value="failuresFirst">Failures first</option>
          <option value="started">As they were started</option>
        </select>
      </div>
      {shown.length === 0 ? <Empty title="There are no such children" /> : <Grid of={of} shown={shown} />}
    </section>
  );
}

function Grid({ of, shown }: { readonly of: MapRunChildren; readonly shown: readonly number[] }): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [at, setAt] = useState(0);
  const theme = useThemeChoice();
  const shape = useMemo(() => gridShape(shown.length, width), [shown.length, width]);
  const cursor = Math.min(at, shown.length - 1);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (canvas.current !== null && width > 0) drawChildren(canvas.current, of, shown, shape);
  }, [of, shown, shape, width, theme]);
  const child = shown[cursor] ?? 0;
  const open = (): void => navigate(to.execution(childAt(of, child)?.executionArn ?? ''));
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') open();
    const next = cellAfterKey(event.key, cursor, shown.length, shape);
    if (next === undefined) return;
    event.preventDefault();
    setAt(next);
  };
  return (
    <div className="children">
      <ChildFacts of={of} child={child} />
      <div className="children-frame" ref={frame}>
        <canvas
          ref={canvas}
          role="application"
          aria-label="Children: arrow keys go from one to the next, Enter opens it"
          tabIndex={0}
          onKeyDown={onKey}
          onClick={open}
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            const found = cellAt(shape, shown.length, event.clientX - box.left, event.clientY - box.top);
            if (found !== undefined) setAt(found);
          }}
        />
        {width > 0 && <Cursor at={cursor} shape={shape} />}
      </div>
    </div>
  );
}

/** Lies over the canvas: where it goes, the thousands below it are not drawn again. */
function Cursor({ at, shape }: { readonly at: number; readonly shape: GridShape }): ReactNode {
  const { columns, pitch, cell } = shape;
  const left = (at % columns) * pitch;
  const top = Math.floor(at / columns) * pitch;
  return (
    <span
      className="child-cursor"
      aria-hidden="true"
      style={{ width: cell, height: cell, transform: `translate(${left}px, ${top}px)` }}
    />
  );
}

function ChildFacts({ of, child }: { readonly of: MapRunChildren; readonly child: number }): ReactNode {
  const found = childAt(of, child);
  if (found === undefined) return null;
  const { status, executionArn: arn, startMs, stopMs, error, itemCount } = found;
  return (
    <p className="child-facts" role="status">
      <strong className="number">Child {formatCount(child + 1)}</strong>
      <Status of={status} />
      {stopMs !== null && <span className="number">{formatDuration(stopMs - startMs)}</span>}
      <span className="faint number">{formatCounted(itemCount, 'item')}</span>
      {error !== null && <span className="error-name">{error}</span>}
      <Link to={to.execution(arn)}>{arn.split(':').at(-1)}</Link>
    </p>
  );
}
