import type { ReactNode } from 'react';
import './gauge.css';

export interface GaugeProps {
  readonly label: string;
  /** What is written: `3 KiB of 256 KiB`. */
  readonly text: ReactNode;
  readonly used: number;
  readonly max: number;
  /** It is good to come to the end: not a limit. */
  readonly isProgress?: boolean;
}

const NEAR = 0.8;

/** How much of a limit has been used. */
export function Gauge({ label, text, used, max, isProgress = false }: GaugeProps): ReactNode {
  const part = Math.min(1, used / max);
  return (
    <span className="gauge">
      <span>{text}</span>
      <meter
        className={part >= NEAR && !isProgress ? 'near' : ''}
        aria-label={label}
        min={0}
        max={max}
        value={Math.min(used, max)}
      />
    </span>
  );
}
