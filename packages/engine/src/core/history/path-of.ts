import type { HistoryEvent } from './history-event.ts';

/** Names of the states that were entered, in the order of the history, nested ones included. */
export function pathOf(events: readonly HistoryEvent[]): string[] {
  return events.filter(({ type }) => type.endsWith('StateEntered')).map(nameIn);
}

/** The name that an event's details carry: of the state. */
export function nameIn(event: HistoryEvent): string {
  const name = event.details?.['name'];
  return typeof name === 'string' ? name : '';
}
