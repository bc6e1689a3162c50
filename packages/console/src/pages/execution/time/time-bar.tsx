import { useEffect, useState, type ReactNode } from 'react';
import { eventsOfExecution } from '../../../api/execution-questions.ts';
import type { Snapshot } from '../../../api/types.ts';
import { useQuestion } from '../../../api/use-query.ts';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { eventRow } from '../../../model/event-filter.ts';
import type { EventIndex } from '../../../model/event-index.ts';
import { formatCount, formatDuration, formatTime } from '../../../model/format.ts';
import { useShortcut } from '../../../state/shortcuts.ts';
import { lookBackTo } from '../place.ts';
import './time.css';

const PLAY_EVERY_MS = 350;

export interface TimeBarProps {
  readonly arn: string;
  /** The event after which things are shown. */
  readonly at: number;
  readonly count: number;
  readonly snapshot: Snapshot | undefined;
}

/** Goes through the past of an execution, event by event. */
export function TimeBar({ arn, at, count, snapshot }: TimeBarProps): ReactNode {
  const index = useQuestion(eventsOfExecution(arn));
  const [isPlaying, setPlaying] = useState(false);
  const go = (event: number): void => lookBackTo(Math.min(count, Math.max(1, event)));
  useEffect(() => {
    if (!isPlaying) return;
    if (at >= count) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => lookBackTo(at + 1), PLAY_EVERY_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, at, count]);
  useShortcut(',', 'One event back', () => go(at - 1));
  useShortcut('.', 'One event on', () => go(at + 1));
  useShortcut('p', 'Play the execution, or stop', () => setPlaying(!isPlaying));
  return (
    <div className="time-bar" role="group" aria-label="Time travel">
      <Step icon="first" label="To the first event" onClick={() => go(1)} isOff={at <= 1} />
      <Step icon="previous" label="One event back" onClick={() => go(at - 1)} isOff={at <= 1} />
      <button
        type="button"
        className="plain-button"
        aria-pressed={isPlaying}
        onClick={() => setPlaying(!isPlaying)}
      >
        {isPlaying ? 'Stop' : 'Play'}
      </button>
      <Step icon="next" label="One event on" onClick={() => go(at + 1)} isOff={at >= count} />
      <Step icon="last" label="To the last event" onClick={() => go(count)} isOff={at >= count} />
      <input
        type="range"
        aria-label="Event"
        aria-valuetext={`Event ${at} of ${count}`}
        min={1}
        max={Math.max(1, count)}
        value={Math.min(at, count)}
        onChange={(event) => go(Number(event.target.value))}
      />
      <Where at={at} count={count} index={index.data} snapshot={snapshot} />
    </div>
  );
}

function Step({
  icon,
  label,
  onClick,
  isOff,
}: {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly isOff: boolean;
}): ReactNode {
  return (
    <button
      type="button"
      className="bare"
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

function Where({
  at,
  count,
  index,
  snapshot,
}: {
  readonly at: number;
  readonly count: number;
  readonly index: EventIndex | undefined;
  readonly snapshot: Snapshot | undefined;
}): ReactNode {
  const row = index === undefined ? undefined : eventRow(index, at);
  return (
    <span className="time-where">
      <strong className="number">
        {formatCount(at)} <span className="faint">of {formatCount(count)}</span>
      </strong>
      <span className="cut">
        {row?.type} {row !== undefined && row.name !== '' && <span className="faint">{row.name}</span>}
      </span>
      <span className="faint number">
        {row !== undefined
          ? `${formatTime(row.timeMs)} · +${formatDuration(row.elapsedMs)}`
          : snapshot !== undefined && formatTime(snapshot.timeMs)}
      </span>
    </span>
  );
}
