import type { Dataflow, State, StateList } from '@stepyard/asl';
import { EventSite } from './history/event-site.ts';

/**
 * A state as a line comes through it: what every step needs of it, found once. All places have one shape, whatever the types of
 * their states: code that reads them from states of many types takes a tenth to a fifth longer.
 */
export type Place = { readonly [T in State['type']]: PlaceOf<Extract<State, { type: T }>> }[State['type']];

interface PlaceOf<S extends State> {
  readonly state: S;
  readonly type: S['type'];
  readonly name: string;
  readonly isJsonata: boolean;
  readonly flow: Dataflow;
  readonly entered: EventSite;
  /** Undefined for a Fail state, which is never left. */
  readonly exited: EventSite | undefined;
  readonly iterationStarted: EventSite;
  readonly iterationSucceeded: EventSite;
  /** Where a line went from here last: as a rule the next one goes there too. */
  onward: Place | undefined;
}

/** The places of one scope, by the names of their states. */
export type Places = ReadonlyMap<string, Place>;

const known = new WeakMap<StateList, Places>();

export function placesOf(list: StateList): Places {
  let places = known.get(list);
  if (places === undefined) {
    places = new Map(Array.from(list.states, ([name, state]) => [name, placeOf(state)]));
    known.set(list, places);
  }
  return places;
}

export function placeNamed(places: Places, name: string): Place {
  const place = places.get(name);
  if (place === undefined) throw new Error(`the compiled machine has no state '${name}'`);
  return place;
}

function placeOf(state: State): Place {
  const { type, name, flow, queryLanguage } = state;
  const place = {
    state,
    type,
    name,
    isJsonata: queryLanguage === 'JSONata',
    flow,
    entered: new EventSite(`${type}StateEntered`, name),
    exited: type === 'Fail' ? undefined : new EventSite(`${type}StateExited`, name),
    iterationStarted: new EventSite('MapIterationStarted', name),
    iterationSucceeded: new EventSite('MapIterationSucceeded', name),
    onward: undefined,
  };
  // The type is the state's own: the compiler cannot see that the two agree.
  return place as Place;
}
