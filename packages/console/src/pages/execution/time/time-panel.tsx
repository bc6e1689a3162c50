import type { ReactNode } from 'react';
import type { OpenTimer, Snapshot } from '../../../api/types.ts';
import { Payload } from '../../../components/payload.tsx';
import { Status } from '../../../components/status.tsx';
import { formatCount, formatCountdown, formatDate } from '../../../model/format.ts';
import { selectVisit } from '../place.ts';

const LINES_SHOWN_MAX = 12;

const PURPOSES: Readonly<Record<OpenTimer['purpose'], string>> = {
  wait: 'Wait',
  retry: 'Retry',
  taskTimeout: 'Timeout of the task',
  heartbeat: 'Heartbeat',
  machineTimeout: 'Timeout of the execution',
};

/** Where every line of the execution stood after an event, with its data; and what it waited for. */
export function TimePanel({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const { lines, lineCount, timers, status, timeMs } = snapshot;
  return (
    <div className="time-panel">
      <section>
        <h2>
          Then <Status of={status} />
        </h2>
        {timers.length === 0 ? (
          <p className="faint">No timer was running.</p>
        ) : (
          <ul className="timers">
            {timers.map(({ purpose, dueMs, visit, stateName }) => (
              <li key={`${purpose} ${visit} ${dueMs}`}>
                <strong>{PURPOSES[purpose]}</strong>
                {stateName !== null && (
                  <button type="button" className="link" onClick={() => selectVisit(visit)}>
                    {stateName}
                  </button>
                )}
                <span className="faint number">
                  in {formatCountdown(dueMs - timeMs)}, at {formatDate(dueMs)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {lines.slice(0, LINES_SHOWN_MAX).map((line) => (
        <section key={`${line.visit} ${line.parent} ${line.index}`} className="open-line">
          <h2>
            {line.visit === 0 ? 'About to enter ' : 'In '}
            {line.stateName}
            {line.index >= 0 && <span className="pill">line {line.index + 1}</span>}
          </h2>
          <div className="two-columns">
            <Payload title="Input" clip={line.input} />
            <Payload title="Variables" clip={line.variables} />
          </div>
        </section>
      ))}
      {lineCount > LINES_SHOWN_MAX && (
        <p className="faint">and {formatCount(lineCount - LINES_SHOWN_MAX)} more lines</p>
      )}
    </div>
  );
}
