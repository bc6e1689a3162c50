import { useEffect, useState } from 'react';
import { createStore, useStore } from './store.ts';

interface YardTime {
  /** The yard's time when it was last heard, and this machine's then. */
  readonly nowMs: number;
  readonly heardAtMs: number;
  readonly isVirtual: boolean;
}

const time = createStore<YardTime>({ nowMs: Date.now(), heardAtMs: Date.now(), isVirtual: false });
const connection = createStore<boolean | undefined>(undefined);

/** Notes what time it is in the yard: its clock may be virtual, or another machine's. */
export function setYardTime(nowMs: number, isVirtual = time.get().isVirtual): void {
  time.set({ nowMs, heardAtMs: Date.now(), isVirtual });
}

export function setConnected(isConnected: boolean): void {
  connection.set(isConnected);
}

/** Whether changes come in by themselves; undefined before the first attempt. */
export function useConnected(): boolean | undefined {
  return useStore(connection);
}

/** The time in the yard: epoch milliseconds. A virtual clock stands still between what is heard of it. */
export function yardNowMs(): number {
  const { nowMs, heardAtMs, isVirtual } = time.get();
  return isVirtual ? nowMs : nowMs + Date.now() - heardAtMs;
}

export function useIsVirtualTime(): boolean {
  return useStore(time).isVirtual;
}

/** The time in the yard, read again every `everyMs`; with null only when something else is drawn. */
export function useYardNow(everyMs: number | null): number {
  useStore(time);
  const [, setTick] = useState(0);
  useEffect(() => {
    if (everyMs === null) return;
    const timer = setInterval(() => setTick((tick) => tick + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return yardNowMs();
}
