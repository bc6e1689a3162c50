/** The list of events without their data: what is in it, and which of them are wanted. */
import type { EventIndex } from './event-index.ts';

export interface EventFilter {
  /** Found in the type, the state or the resource, whatever the case; or the event of that number. */
  readonly text: string;
  readonly group: EventGroup;
}

export type EventGroup = 'all' | 'failures' | 'states' | 'tasks' | 'other';

export const EVENT_GROUPS: Readonly<Record<EventGroup, string>> = {
  all: 'All events',
  failures: 'Failures',
  states: 'States entered and exited',
  tasks: 'Tasks',
  other: 'Everything else',
};

const FAILURE = /Failed$|TimedOut$|Aborted$/u;
const STATE = /State(?:Entered|Exited)$/u;
const TASK = /^(?:Task|Lambda|Activity)(?!StateE)/u;

/** What an event's row is coloured by. */
export function eventKind(type: string): 'failed' | 'succeeded' | 'state' | 'task' | 'plain' {
  if (FAILURE.test(type)) return 'failed';
  if (type.endsWith('Succeeded')) return 'succeeded';
  if (STATE.test(type)) return 'state';
  return TASK.test(type) ? 'task' : 'plain';
}

function isIn(group: EventGroup, type: string): boolean {
  switch (group) {
    case 'all':
      return true;
    case 'failures':
      return FAILURE.test(type);
    case 'states':
      return STATE.test(type);
    case 'tasks':
      return TASK.test(type) && !STATE.test(type);
    case 'other':
      return !FAILURE.test(type) && !STATE.test(type) && !TASK.test(type);
  }
}

/** Ids of the events that fit, in order. */
export function filterEvents(index: EventIndex, { text, group }: EventFilter): readonly number[] {
  const wanted = text.trim().toLowerCase();
  const has = (value: string): boolean => value.toLowerCase().includes(wanted);
  const types = index.types.map((type) => ({ isIn: isIn(group, type), hasText: has(type) }));
  const names = index.names.map(has);
  const resources = index.resources.map(has);
  const ids: number[] = [];
  for (let row = 0; row < index.count; row += 1) {
    const type = types[(index.type[row] ?? 0) - 1];
    if (type?.isIn !== true) continue;
    const isFound =
      wanted === '' ||
      type.hasText ||
      names[(index.name[row] ?? 0) - 1] === true ||
      resources[(index.resource[row] ?? 0) - 1] === true ||
      wanted === String(row + 1);
    if (isFound) ids.push(row + 1);
  }
  return ids;
}

export interface EventRow {
  readonly id: number;
  readonly type: string;
  /** The state's name, or `''`. */
  readonly name: string;
  readonly resource: string;
  readonly timeMs: number;
  readonly elapsedMs: number;
  readonly previous: number;
  readonly visit: number;
}

/** One event of the index; undefined when there is none of that id. */
export function eventRow(index: EventIndex, id: number): EventRow | undefined {
  const row = id - 1;
  const elapsedMs = index.atMs[row];
  if (elapsedMs === undefined) return undefined;
  return {
    id,
    type: index.types[(index.type[row] ?? 0) - 1] ?? '',
    name: index.names[(index.name[row] ?? 0) - 1] ?? '',
    resource: index.resources[(index.resource[row] ?? 0) - 1] ?? '',
    timeMs: index.startMs + elapsedMs,
    elapsedMs,
    previous: index.previous[row] ?? 0,
    visit: index.visit[row] ?? 0,
  };
}
