import { useEffect, useEffectEvent } from 'react';
import { createStore, useStore } from './store.ts';
import { isTyping, matchKeys } from '../model/keys.ts';

export interface Shortcut {
  /** Keys as `KeyboardEvent.key` names them, one after the other: `g m`, `?`, `ArrowLeft`. */
  readonly keys: string;
  readonly description: string;
}

interface Bound extends Shortcut {
  readonly run: () => void;
}

const SEQUENCE_MS_MAX = 1_200;
const bound = createStore<readonly Bound[]>([]);
let pressed: string[] = [];
let pressedAtMs = 0;

/** Shortcuts that work on the page as it is now, for the help dialog. */
export function useShortcuts(): readonly Shortcut[] {
  return useStore(bound);
}

/** A shortcut that works as long as the component is there. Not while the user types, and not with Ctrl, Alt or Meta. */
export function useShortcut(keys: string, description: string, run: () => void, isOn = true): void {
  const act = useEffectEvent(run);
  useEffect(() => {
    if (!isOn) return;
    const shortcut: Bound = { keys, description, run: () => act() };
    bound.set([...bound.get(), shortcut]);
    return () => bound.set(bound.get().filter((other) => other !== shortcut));
  }, [keys, description, isOn]);
}

/** Listens to the keyboard from now on. */
export function startShortcuts(): void {
  document.addEventListener('keydown', (event) => {
    if (
      event.defaultPrevented ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey ||
      isTyping(event.composedPath())
    )
      return;
    pressed =
      event.timeStamp - pressedAtMs > SEQUENCE_MS_MAX ? [event.key] : [...pressed.slice(-1), event.key];
    pressedAtMs = event.timeStamp;
    const found = bound.get().findLast((shortcut) => matchKeys(shortcut.keys, pressed));
    if (found === undefined) return;
    event.preventDefault();
    pressed = [];
    found.run();
  });
}
