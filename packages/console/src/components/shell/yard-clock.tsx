import { useState, type ReactNode } from 'react';
import { formatDate, formatTick } from '../../model/format.ts';
import { advanceClock } from '../../state/advance-clock.ts';
import { useIsVirtualTime, useYardNow } from '../../state/yard-clock.ts';
import { Icon } from '../icon.tsx';

const STEPS_MS: readonly number[] = [1000, 60_000, 3_600_000, 86_400_000];

/** What time it is in a yard on virtual time, and a way to have it pass. */
export function YardClock(): ReactNode {
  const isVirtual = useIsVirtualTime();
  const nowMs = useYardNow(null);
  const [isOpen, setOpen] = useState(false);
  if (!isVirtual) return null;
  return (
    <span className="clock">
      <button type="button" className="bare" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Icon name="clock" />
        {formatDate(nowMs)}
      </button>
      {isOpen && (
        <span className="clock-menu" role="group" aria-label="Advance the clock">
          {STEPS_MS.map((stepMs) => (
            <button key={stepMs} type="button" onClick={() => void advanceClock(stepMs)}>
              + {formatTick(stepMs)}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}
