import { useLocation, changeQuery } from '../../router/location.ts';

export const VIEWS = ['graph', 'table', 'timeline', 'events', 'data', 'definition'] as const;
export type View = (typeof VIEWS)[number];

export const PANEL_TABS = ['data', 'flow', 'variables', 'task', 'logs', 'definition'] as const;
export type PanelTab = (typeof PANEL_TABS)[number];

/** What of the execution is shown: all of it is in the address. */
export interface Place {
  readonly view: View;
  readonly panelTab: PanelTab;
  /** Id of the selected visit, or null. */
  readonly visit: number | null;
  /** Name of a selected state that was not entered, or null. */
  readonly state: string | null;
  readonly event: number | null;
  /** The event that one looks back to; null: now. */
  readonly at: number | null;
}

export function usePlace(): Place {
  const { query } = useLocation();
  return {
    view: oneOf(VIEWS, query.get('view')) ?? 'graph',
    panelTab: oneOf(PANEL_TABS, query.get('tab')) ?? 'data',
    visit: idOf(query.get('visit')),
    state: query.get('state'),
    event: idOf(query.get('event')),
    at: idOf(query.get('at')),
  };
}

export function showView(view: View): void {
  changeQuery({ view: view === 'graph' ? null : view });
}

export function showTab(tab: PanelTab): void {
  changeQuery({ tab: tab === 'data' ? null : tab });
}

export function selectVisit(visit: number | null): void {
  changeQuery({ visit, state: null });
}

export function selectState(state: string): void {
  changeQuery({ visit: null, state });
}

export function selectEvent(event: number | null): void {
  changeQuery({ event });
}

export function lookBackTo(event: number | null): void {
  changeQuery({ at: event });
}

function oneOf<Value extends string>(values: readonly Value[], text: string | null): Value | undefined {
  return values.find((value) => value === text);
}

function idOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/u.test(text) ? Number(text) : null;
}
