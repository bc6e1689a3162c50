import { useState, type ReactNode } from 'react';
import { command } from '../../api/client.ts';
import { formatDate, formatDuration } from '../../model/format.ts';
import { attempt, flash } from '../../state/flashes.ts';
import { setYardTime, useIsVirtualTime, useYardNow } from '../../state/yard-clock.ts';
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
            <button key={stepMs} type="button" onClick={() => void advance(stepMs)}>
              + {formatDuration(stepMs)}
            </button>
          ))}
        </span>
      )}
    </span>
  );
}

async function advance(byMs: number): Promise<void> {
  await attempt(async () => {
    const { nowMs } = await command('advanceClock', { byMs });
    setYardTime(nowMs, true);
    flash({ type: 'success', message: `The clock has gone on by ${formatDuration(byMs)}.` });
  });
}
