import { memo, type ReactNode } from 'react';
import type { StateVisit } from '../../../api/types.ts';
import { Icon } from '../../../components/icon.tsx';
import { StatusIcon, StatusMark } from '../../../components/status.tsx';
import { formatCount, formatDuration } from '../../../model/format.ts';
import { STATUS_LABELS, statusKind, type StatusKind } from '../../../model/status.ts';
import { barOf, type TimeSpan, type WaterfallRow } from '../../../model/waterfall.ts';
import { selectVisit } from '../place.ts';

export interface WaterfallRowProps {
  readonly row: WaterfallRow;
  readonly rowIndex: number;
  readonly top: number;
  readonly span: TimeSpan;
  readonly isSelected: boolean;
  readonly isTimeline: boolean;
  readonly onToggle: (key: string, isOpen: boolean) => void;
}

interface Facts {
  readonly label: string;
  readonly note: string;
  readonly kind: StatusKind;
  readonly startMs: number;
  readonly endMs: number | null;
}

export const WaterfallRowLine = memo(function WaterfallRowLine(props: WaterfallRowProps): ReactNode {
  const { row, rowIndex, top, span, isSelected, isTimeline, onToggle } = props;
  const facts = factsOf(row);
  const { label, note, kind, startMs, endMs } = facts;
  const durationMs = (endMs ?? span.endMs) - startMs;
  return (
    <div
      className={`waterfall-row ${row.kind}${isSelected ? ' selected' : ''}`}
      role="row"
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => {
        if (row.kind === 'line') onToggle(row.key, row.isOpen);
        else selectVisit(row.visit.id);
      }}
    >
      <span
        role="gridcell"
        className="waterfall-name"
        style={{ paddingLeft: `calc(${row.depth} * var(--indent))` }}
      >
        <Opener row={row} isOpen={row.isOpen} label={label} onToggle={onToggle} />
        {isTimeline && <StatusIcon kind={kind} />}
        <span className="cut" title={label}>
          {label}
        </span>
        {note !== '' && <span className="faint cut note">{note}</span>}
      </span>
      {!isTimeline && (
        <span role="gridcell">
          <StatusMark kind={kind} label={STATUS_LABELS[kind]} />
        </span>
      )}
      <span role="gridcell" className="right number">
        {formatDuration(durationMs)}
      </span>
      {!isTimeline && (
        <span role="gridcell" className="right number faint minor">
          {formatDuration(startMs - span.startMs)}
        </span>
      )}
      <span
        role="gridcell"
        className="scale"
        aria-label={`${STATUS_LABELS[kind]}, ${formatDuration(durationMs)}`}
      >
        <Stretch span={span} startMs={startMs} endMs={endMs} className={`bar ${kind}`} />
        {row.kind === 'visit' && row.visit.attempts.length > 0 && <Attempts visit={row.visit} span={span} />}
      </span>
    </div>
  );
});

function Opener({
  row,
  isOpen,
  label,
  onToggle,
}: {
  readonly row: WaterfallRow;
  readonly isOpen: boolean;
  readonly label: string;
  readonly onToggle: (key: string, isOpen: boolean) => void;
}): ReactNode {
  if (!row.isOpenable) return <span className="opener" />;
  return (
    <button
      type="button"
      className={isOpen ? 'bare opener open' : 'bare opener'}
      aria-expanded={isOpen}
      aria-label={`${isOpen ? 'Close' : 'Open'} ${label}`}
      onClick={(event) => {
        event.stopPropagation();
        onToggle(row.key, isOpen);
      }}
    >
      <Icon name="chevron" />
    </button>
  );
}

/** Within the stay in a state, when its attempts ran: between them it waited. */
function Attempts({ visit, span }: { readonly visit: StateVisit; readonly span: TimeSpan }): ReactNode {
  return visit.attempts.map(({ event, scheduledMs, endedMs, status }) => (
    <Stretch
      key={event}
      span={span}
      startMs={scheduledMs}
      endMs={endedMs}
      className={`attempt ${statusKind(status)}`}
    />
  ));
}

function Stretch({
  span,
  startMs,
  endMs,
  className,
}: {
  readonly span: TimeSpan;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly className: string;
}): ReactNode {
  const { left, width } = barOf(span, startMs, endMs);
  return (
    <span className={className} style={{ left: `${left * 100}%`, width: `max(3px, ${width * 100}%)` }} />
  );
}

function factsOf(row: WaterfallRow): Facts {
  switch (row.kind) {
    case 'visit': {
      const { stateName, stateType, status, enteredMs, endedMs } = row.visit;
      return {
        label: stateName,
        note: noteOf(row.visit, stateType),
        kind: status,
        startMs: enteredMs,
        endMs: endedMs,
      };
    }
    case 'line':
      return {
        label: `${row.isBranch ? 'Branch' : 'Iteration'} ${row.index + 1}`,
        note: '',
        kind: row.status,
        startMs: row.startMs,
        endMs: row.endMs,
      };
    case 'attempt': {
      const { status, scheduledMs, endedMs, error } = row.attempt;
      const label = `Attempt ${row.number}`;
      return { label, note: error ?? '', kind: statusKind(status), startMs: scheduledMs, endMs: endedMs };
    }
  }
}

function noteOf({ children, attempts, error }: StateVisit, type: string): string {
  const parts = [type];
  if (children !== null)
    parts.push(`${formatCount(children.total - children.running)} of ${formatCount(children.total)}`);
  if (attempts.length > 1) parts.push(`${attempts.length} attempts`);
  if (error !== null) parts.push(error);
  return parts.join(' · ');
}
