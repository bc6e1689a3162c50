import type { EventColumns } from '../api/types.ts';

/** All events without their data: row i is event i + 1. An index into a table of texts counts from 1; 0 is none. */
export interface EventIndex {
  readonly count: number;
  readonly types: readonly string[];
  readonly names: readonly string[];
  readonly resources: readonly string[];
  readonly startMs: number;
  readonly type: Uint32Array;
  /** Milliseconds since `startMs`. */
  readonly atMs: Float64Array;
  readonly previous: Uint32Array;
  readonly name: Uint32Array;
  readonly resource: Uint32Array;
  /** The visit that it belongs to; 0: none. */
  readonly visit: Uint32Array;
}

/** The index out of the columns in which it came. */
export function eventIndexOf(columns: EventColumns): EventIndex {
  const { types, names, resources, startMs, type, name, resource } = columns;
  const count = type.length;
  const atMs = new Float64Array(count);
  const previous = new Uint32Array(count);
  const visit = new Uint32Array(count);
  let sinceMs = 0;
  for (let row = 0; row < count; row += 1) {
    sinceMs += columns.afterMs[row] ?? 0;
    atMs[row] = sinceMs;
    previous[row] = row + 1 - (columns.previous[row] ?? 0);
    visit[row] = row + 1 - (columns.visit[row] ?? 0);
  }
  return {
    count,
    types,
    names,
    resources,
    startMs,
    type: Uint32Array.from(type),
    atMs,
    previous,
    name: Uint32Array.from(name),
    resource: Uint32Array.from(resource),
    visit,
  };
}
