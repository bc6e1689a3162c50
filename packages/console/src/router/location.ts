import { useMemo, useSyncExternalStore } from 'react';

const BASE = import.meta.env.BASE_URL;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
  };
}

const here = (): string => window.location.pathname + window.location.search;

export interface ConsoleLocation {
  /** Below `/_stepyard/`, without a slash at its beginning. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** Where the user is; the component is drawn again when that changes. */
export function useLocation(): ConsoleLocation {
  const place = useSyncExternalStore(subscribe, here);
  return useMemo(() => {
    const [path = '', query = ''] = place.split('?');
    return locationOf(path, query);
  }, [place]);
}

function locationOf(path: string, query: string): ConsoleLocation {
  return {
    path: path.startsWith(BASE) ? path.slice(BASE.length) : '',
    query: new URLSearchParams(query),
  };
}

/** Where the user is right now. */
export function locationHere(): ConsoleLocation {
  return locationOf(window.location.pathname, window.location.search);
}

/** The address of a place, for a link. */
export function href(place: string): string {
  return BASE + place;
}

/** Goes to a place below `/_stepyard/`, as a new step in the history unless `isReplacing`. */
export function navigate(place: string, isReplacing = false): void {
  if (href(place) === here()) return;
  if (isReplacing) window.history.replaceState(null, '', href(place));
  else {
    window.history.pushState(null, '', href(place));
    if (!place.startsWith('?')) window.scrollTo(0, 0);
  }
  for (const listener of listeners) listener();
}

/** Values of the query that are to change; null takes one away. */
export type QueryChange = Readonly<Record<string, string | number | null>>;

/** Changes the query of the place where the user is: a tab, a selected state. Replaces it in the history unless `isStep`. */
export function changeQuery(change: QueryChange, isStep = false): void {
  const query = new URLSearchParams(window.location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === '') query.delete(name);
    else query.set(name, String(value));
  }
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  const path = window.location.pathname.slice(BASE.length);
  const target = text === '' ? path : `${path}?${text}`;
  if (href(target) === here()) return;
  if (isStep) window.history.pushState(null, '', href(target));
  else window.history.replaceState(null, '', href(target));
  for (const listener of listeners) listener();
}
