/** The history of an execution that has ended, as it was: an interpreter that comes later cannot rewrite it. */
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { HistoryEvent } from '../core/history/history-event.ts';
import { withoutData } from '../core/history/wire-event.ts';
import type { BlockHistory, Store, TurnRecord } from '../journal/store.ts';

export interface Archive {
  readonly events: readonly HistoryEvent[];
  /** What happened to it from outside: it can still be looked at, event by event. */
  readonly turns: readonly TurnRecord[];
}

const compress = promisify(deflateRaw);

/** What is archived of an execution, alone or in its block. */
export function archiveOf(store: Store, execution: number): Archive | undefined {
  const archived = store.history(execution);
  if (archived !== undefined) return readArchive(archived);
  const block = store.blockHistory(execution);
  return block === undefined ? undefined : readBlockArchive(block);
}

/** Compresses outside of this thread. */
export async function writeArchive(archive: Archive): Promise<Uint8Array> {
  return compress(JSON.stringify(archive), { level: 3 });
}

/** The histories of a block of children, in their order: the events of each as JSON text. */
export async function writeBlockArchive(histories: readonly string[]): Promise<Uint8Array> {
  return compress(`[${histories.join(',')}]`, { level: 3 });
}

/** No child in a block has any turn but its first. */
export function readBlockArchive({ histories, place }: BlockHistory): Archive {
  const all = JSON.parse(inflateRawSync(histories).toString('utf8')) as (readonly HistoryEvent[])[];
  return { events: (all[place] ?? []).map((event) => ({ ...NO_DETAILS, ...event })), turns: [] };
}

export function readArchive(bytes: Uint8Array): Archive {
  // Only ever what `writeArchive` made; members that are undefined are not in the text.
  const { events, turns } = JSON.parse(inflateRawSync(bytes).toString('utf8')) as Archive;
  return { events: events.map((event) => ({ ...NO_DETAILS, ...event })), turns };
}

const NO_DETAILS = { detailsName: undefined, details: undefined };

/** A part of an archived history, as `Run.events` gives it. */
export function archivedEvents(
  { events }: Archive,
  firstEventId: number,
  count: number,
  includeExecutionData: boolean,
): HistoryEvent[] {
  const found = events.slice(firstEventId - 1, firstEventId - 1 + count);
  return includeExecutionData ? found : found.map(withoutData);
}
