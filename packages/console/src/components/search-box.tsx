import { useRef, type ReactNode } from 'react';
import { useShortcut } from '../state/shortcuts.ts';
import './search-box.css';

export interface SearchBoxProps {
  /** What is searched, as its label and in it: `Find state machines`. */
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** `/` leads here: for one box of a page. */
  readonly hasShortcut?: boolean;
}

/** A box to type in what is to be found. */
export function SearchBox({ label, value, onChange, hasShortcut = false }: SearchBoxProps): ReactNode {
  const box = useRef<HTMLInputElement>(null);
  useShortcut('/', label, () => box.current?.focus(), hasShortcut);
  return (
    <input
      ref={box}
      type="search"
      className="search"
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
