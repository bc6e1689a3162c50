/** The part of a history that a snapshot has. */
import type { Json } from '@stepyard/asl';
import { EventRecord, type Instant } from '../history/event-record.ts';
import type { EventSite } from '../history/event-site.ts';
import { siteOf } from '../history/event-site.ts';
import { EVENT_SHAPES, type EventType } from '../history/event-types.ts';
import { SnapshotUnreadable, type SavedReader } from './saved-reader.ts';

const TYPES: ReadonlySet<string> = new Set(Object.keys(EVENT_SHAPES));

/** Puts them after the events that there are. `input`: the text of the execution's, which the first event repeats. */
export function restoreEvents(saved: SavedReader, events: EventRecord[], input: string): void {
  const sites = sitesOf(saved.list('the sites of a history'));
  const times = saved.list('the times of a history');
  const rows = saved.list('a history');
  saved.end();
  const first = events.length;
  let instant: Instant | undefined;
  let change = times.hasMore ? times.count() : -1;
  while (rows.hasMore) {
    if (events.length - first === change) {
      instant = { timeMs: times.number() };
      change = times.hasMore ? times.count() : -1;
    }
    const site = sites[rows.count()];
    const previousEventId = rows.count();
    const value: Json | undefined = rows.optional(() => rows.json());
    const more = rows.optional(() => rows.jsonObject());
    if (site === undefined || instant === undefined || previousEventId > events.length)
      throw new SnapshotUnreadable(`event ${events.length + 1} is out of place`);
    const isBare = events.length === 0 && more?.['input'] === undefined;
    events.push(new EventRecord(site, previousEventId, instant, value, isBare ? { input, ...more } : more));
  }
}

function sitesOf(saved: SavedReader): EventSite[] {
  const sites: EventSite[] = [];
  while (saved.hasMore) {
    const type = saved.text();
    if (!isEventType(type)) throw new SnapshotUnreadable(`there are no events of the type ${type}`);
    sites.push(
      siteOf(
        type,
        saved.optional(() => saved.text()),
      ),
    );
  }
  return sites;
}

function isEventType(type: string): type is EventType {
  return TYPES.has(type);
}
