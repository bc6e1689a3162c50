import type { Json, JsonObject } from '@stepyard/asl';
import type { EventSite } from './event-site.ts';
import type { EventType } from './event-types.ts';

/** The time of a turn: all of its events share one. */
export interface Instant {
  /** Epoch milliseconds. */
  readonly timeMs: number;
}

/**
 * A history event as the interpreter writes it: one small object of references, with the values themselves. Texts are made when
 * somebody reads the history. Its id is its position in the log, counted from 1.
 */
export class EventRecord {
  readonly site: EventSite;
  readonly previousEventId: number;
  readonly instant: Instant;
  /** Input, output or parameters, where the type has one. */
  readonly value: Json | undefined;
  /** Members of the details that are as they are on the wire; of a `...StateExited`, the assigned variables. */
  readonly more: JsonObject | undefined;

  constructor(
    site: EventSite,
    previousEventId: number,
    instant: Instant,
    value: Json | undefined,
    more: JsonObject | undefined,
  ) {
    this.site = site;
    this.previousEventId = previousEventId;
    this.instant = instant;
    this.value = value;
    this.more = more;
  }

  get type(): EventType {
    return this.site.type;
  }

  /** Name of the state, where the type has one. */
  get name(): string | undefined {
    return this.site.name;
  }

  /** Epoch milliseconds of the turn. */
  get timeMs(): number {
    return this.instant.timeMs;
  }
}
