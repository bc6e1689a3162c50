import type { ReactNode } from 'react';
import { attempt, flash } from '../state/flashes.ts';
import { Icon } from './icon.tsx';

/** Copies a text. */
export function CopyButton({ text, what }: { readonly text: string; readonly what: string }): ReactNode {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    flash({ type: 'success', message: `Copied: ${what}.` });
  };
  return (
    <button
      type="button"
      className="bare"
      title={`Copy ${what}`}
      aria-label={`Copy ${what}`}
      onClick={() => void attempt(copy)}
    >
      <Icon name="copy" />
    </button>
  );
}
