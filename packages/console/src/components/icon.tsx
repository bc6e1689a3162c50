import type { ReactNode } from 'react';

/** Small drawings of our own, 16 by 16: lines in the colour of the text around them. */
const DRAWINGS = {
  menu: 'M2 4h12M2 8h12M2 12h12',
  brand: 'M2 4h5v4h5M7 8v5H2M12 8h2',
  sun: 'M8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1',
  moon: 'M13.5 9.5A6 6 0 0 1 6.5 2.5A6 6 0 1 0 13.5 9.5',
  contrast: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 2v12M8 5h5M8 8h6M8 11h5',
  keyboard: 'M1.5 4h13v8h-13zM4 6.5h.01M6.7 6.5h.01M9.3 6.5h.01M12 6.5h.01M5 9.5h6',
  clock: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.5V8l2.5 1.5',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2 6V2h4M10 2h4v4M14 10v4h-4M6 14H2v-4',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  running: 'M8 2a6 6 0 0 1 6 6',
  waiting: 'M4 2h8M4 14h8M5 2c0 4 6 4 6 12M11 2c0 4-6 4-6 12',
  caught: 'M8 2l6.5 12h-13zM8 6.5v3.5M8 12h.01',
  aborted: 'M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M4 12l8-8',
  idle: 'M8 7.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1',
  chevron: 'M6 4l4 4l-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  copy: 'M6 6h7.5v7.5H6zM3 10H2.5V2.5H10V3',
  first: 'M4 3v10M12 3L6 8l6 5z',
  last: 'M12 3v10M4 3l6 5l-6 5z',
  previous: 'M11 3L5 8l6 5z',
  next: 'M5 3l6 5l-6 5z',
  history: 'M3 8a5 5 0 1 0 1.6-3.7L3 6M3 2.5V6h3.5M8 5v3.5l2 1.2',
  fork: 'M4 2v12M4 8c5 0 7-1 7-4M11 4V2.5M9 4.5L11 2l2 2.5',
} as const;

export type IconName = keyof typeof DRAWINGS;

export function Icon({
  name,
  className,
}: {
  readonly name: IconName;
  readonly className?: string;
}): ReactNode {
  return (
    <svg
      className={className === undefined ? 'icon' : `icon ${className}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <path d={DRAWINGS[name]} />
    </svg>
  );
}

/** The path of a drawing, for a picture that is drawn within another. */
export function iconPath(name: IconName): string {
  return DRAWINGS[name];
}
