import type { Diagnostic } from '@stepyard/asl';
import { lazy, Suspense, type ReactNode } from 'react';
import './code.css';

export interface CodeProps {
  readonly value: string;
  /** What it is, for those who do not see the page. */
  readonly label: string;
  readonly language: 'json' | 'text';
  /** Makes it an editor. */
  readonly onChange?: (text: string) => void;
  /** Shown at their place. */
  readonly findings?: readonly Diagnostic[];
  /** A stretch to scroll to and to mark: offsets. */
  readonly show?: { readonly from: number; readonly to: number } | undefined;
  /** Height at most; it is as high as its text up to that. */
  readonly size?: 'small' | 'medium' | 'large' | 'fill';
}

/** Enough to fill what is seen of it. */
const WAITING_LENGTH_MAX = 4000;

const CodeMirror = lazy(async () => ({ default: (await import('./code-mirror.tsx')).CodeMirror }));

/** Text in columns of equal width: JSON in colours that folds, or an editor. Its own piece of the program, loaded when needed. */
export function Code(props: CodeProps): ReactNode {
  const { size = 'medium', onChange } = props;
  return (
    <div className={`code ${size}${onChange === undefined ? '' : ' editable'}`}>
      <Suspense fallback={<Waiting {...props} />}>
        <CodeMirror {...props} />
      </Suspense>
    </div>
  );
}

/** The text until the editor is there, which takes its place without anything moving; it scrolls by keyboard, as that does. */
function Waiting({ value, label }: CodeProps): ReactNode {
  return (
    <pre className="code-waiting" tabIndex={0} aria-label={label}>
      {value.slice(0, WAITING_LENGTH_MAX)}
    </pre>
  );
}
