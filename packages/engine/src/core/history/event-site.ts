import { utf8 } from './byte-writer.ts';
import type { EventShape, EventType } from './event-types.ts';
import { EVENT_SHAPES } from './event-types.ts';

/** What all events of one type at one state have in common, kept once: each event points at it. */
export class EventSite {
  readonly type: EventType;
  /** Name of the state, where the type has one. */
  readonly name: string | undefined;
  readonly shape: EventShape;
  /** How its text is written: the kinds that have a prepared beginning, which make up nearly all of a history, or another. */
  readonly kind: 'entered' | 'exited' | 'iteration' | 'started' | 'succeeded' | 'other';
  #beginning: Uint8Array | undefined;

  constructor(type: EventType, name: string | undefined) {
    this.type = type;
    this.name = name;
    this.shape = EVENT_SHAPES[type];
    this.kind = kindOf(this.shape.details, name);
  }

  /**
   * An event's bytes from its type to before what differs from event to event: `,"type":"...","...Details":{"name":"...","input":`;
   * without the name where the type has none. Made when first asked for; there is none of the kind `other`.
   */
  get beginning(): Uint8Array {
    return (this.#beginning ??= this.#begin());
  }

  #begin(): Uint8Array {
    if (this.kind === 'other') throw new Error(`${this.type} has no beginning`);
    const name = this.name === undefined ? '' : `"name":${JSON.stringify(this.name)},`;
    return utf8(`,"type":"${this.type}","${this.shape.details}":{${name}"${this.#member}":`);
  }

  get #member(): string {
    if (this.kind === 'iteration') return 'index';
    return this.kind === 'started' ? 'input' : (this.shape.value ?? '');
  }
}

function kindOf(details: string | undefined, name: string | undefined): EventSite['kind'] {
  if (details === 'executionStartedEventDetails') return 'started';
  if (details === 'executionSucceededEventDetails') return 'succeeded';
  if (name === undefined || details === undefined) return 'other';
  if (details === 'stateEnteredEventDetails') return 'entered';
  if (details === 'stateExitedEventDetails') return 'exited';
  return details.startsWith('mapIteration') ? 'iteration' : 'other';
}

const byType = new Map<EventType, EventSite>();

/** The site of events that name no state, or of rare ones that do. */
export function siteOf(type: EventType, name: string | undefined): EventSite {
  if (name !== undefined) return new EventSite(type, name);
  let site = byType.get(type);
  if (site === undefined) byType.set(type, (site = new EventSite(type, undefined)));
  return site;
}
