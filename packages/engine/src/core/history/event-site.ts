import type { State } from '@stepyard/asl';
import type { EventShape, EventType } from './event-types.ts';
import { EVENT_SHAPES } from './event-types.ts';

/** What all events of one type at one state have in common, kept once: each event points at it. */
export class EventSite {
  readonly type: EventType;
  /** Name of the state, where the type has one. */
  readonly name: string | undefined;
  readonly shape: EventShape;
  #beginning: string | undefined;

  constructor(type: EventType, name: string | undefined) {
    this.type = type;
    this.name = name;
    this.shape = EVENT_SHAPES[type];
  }

  /** The JSON text of an event from its type to its name, `,"type":"...","...Details":{"name":"..."`; made when first asked for. */
  get beginning(): string {
    return (this.#beginning ??= this.#begin());
  }

  #begin(): string {
    const { type, name, shape } = this;
    const head = `,"type":"${type}"`;
    if (shape.details === undefined) return head;
    const named =
      shape.name === undefined || name === undefined ? '' : `"${shape.name}":${JSON.stringify(name)}`;
    return `${head},"${shape.details}":{${named}`;
  }
}

/** The sites that a state may have of its own. */
export interface StateSites {
  readonly entered: EventSite;
  readonly exited: EventSite;
  readonly iterationStarted: EventSite;
  readonly iterationSucceeded: EventSite;
}

const byState = new WeakMap<State, StateSites>();
const byType = new Map<EventType, EventSite>();

export function sitesOf(state: State): StateSites {
  const known = byState.get(state);
  if (known !== undefined) return known;
  const { type, name } = state;
  const sites: StateSites = {
    entered: new EventSite(`${type}StateEntered`, name),
    // A Fail state is never left.
    exited: new EventSite(type === 'Fail' ? 'FailStateEntered' : `${type}StateExited`, name),
    iterationStarted: new EventSite('MapIterationStarted', name),
    iterationSucceeded: new EventSite('MapIterationSucceeded', name),
  };
  byState.set(state, sites);
  return sites;
}

/** The site of events that name no state, or of rare ones that do. */
export function siteOf(type: EventType, name: string | undefined): EventSite {
  if (name !== undefined) return new EventSite(type, name);
  let site = byType.get(type);
  if (site === undefined) byType.set(type, (site = new EventSite(type, undefined)));
  return site;
}
