import { ApiError } from '../api/client.ts';
import { createStore, useStore } from './store.ts';

export interface Flash {
  readonly id: number;
  readonly type: 'success' | 'info' | 'warning' | 'error';
  readonly header?: string;
  readonly message: string;
}

const FLASHES_MAX = 4;
const SUCCESS_SHOWN_MS = 6_000;

const flashes = createStore<readonly Flash[]>([]);
let nextId = 1;

/** Shows a message at the top of the page. A success goes by itself; anything else stays until it is closed. */
export function flash(message: Omit<Flash, 'id'>): void {
  const same = flashes
    .get()
    .some((shown) => shown.message === message.message && shown.type === message.type);
  if (same) return;
  const id = nextId;
  nextId += 1;
  flashes.set([...flashes.get(), { ...message, id }].slice(-FLASHES_MAX));
  if (message.type === 'success') setTimeout(() => dismiss(id), SUCCESS_SHOWN_MS);
}

/** Shows what went wrong. */
export function flashError(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  flash({ type: 'error', ...(error instanceof ApiError ? { header: error.code } : {}), message });
}

export function dismiss(id: number): void {
  flashes.set(flashes.get().filter((shown) => shown.id !== id));
}

export function useFlashes(): readonly Flash[] {
  return useStore(flashes);
}

/** Runs what may fail and shows the failure; says whether it went well. */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    flashError(error);
    return false;
  }
}
