import { useEffect, useState, type ReactNode } from 'react';
import { formatTime } from '../../model/format.ts';
import { useConnected } from '../../state/yard-clock.ts';

/** A connection that comes back at once is nobody's concern. */
const SHOWN_AFTER_MS = 1_500;

/** Says that what is shown may be out of date, while the yard cannot be reached. It covers nothing and moves nothing. */
export function Offline(): ReactNode {
  const isLost = useConnected() === false;
  const [sinceMs, setSinceMs] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (!isLost) {
      setSinceMs(undefined);
      return;
    }
    const lostMs = Date.now();
    const timer = setTimeout(() => setSinceMs(lostMs), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div className="offline-place" role="status">
      {sinceMs !== undefined && (
        <div className="offline">
          <strong>The yard does not answer</strong>
          <span>
            since <span className="number">{formatTime(sinceMs)}</span>. What is shown is how things stood
            then; the page goes on by itself when the yard is back.
          </span>
        </div>
      )}
    </div>
  );
}
