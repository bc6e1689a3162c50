import { useMemo, type ReactNode } from 'react';
import type { Clip } from '../api/types.ts';
import { formatBytes, formatCount } from '../model/format.ts';
import { formatJson, utf8Length } from '../model/json-text.ts';
import { Code, type CodeProps } from './code/code.tsx';
import { CopyButton } from './copy-button.tsx';
import './payload.css';

export interface PayloadProps {
  readonly title: string;
  readonly clip: Clip | null;
  /** In place of it when there is none. */
  readonly missing?: string;
  readonly note?: ReactNode;
  readonly size?: CodeProps['size'];
}

/** A payload with its name and size: JSON text, laid out. */
export function Payload({
  title,
  clip,
  missing = 'None yet.',
  note,
  size = 'small',
}: PayloadProps): ReactNode {
  const text = useMemo(() => (clip === null ? '' : formatJson(clip.text)), [clip]);
  return (
    <section className="payload">
      <header>
        <h3>{title}</h3>
        {note}
        <span className="grow" />
        {clip !== null && (
          <>
            <span className="faint number">{clipSize(clip)}</span>
            <CopyButton text={text} what={title.toLowerCase()} />
          </>
        )}
      </header>
      {clip === null ? (
        <p className="faint">{missing}</p>
      ) : (
        <Code value={text} label={title} language="json" size={size} />
      )}
    </section>
  );
}

function clipSize({ text, length }: Clip): string {
  if (text.length < length)
    return `the first ${formatCount(text.length)} of ${formatCount(length)} characters`;
  return formatBytes(utf8Length(text));
}
