import {
  eventsOfExecution,
  executionOf,
  graphOfExecution,
  visitsOfExecution,
} from '../api/execution-questions.ts';
import { askAhead } from '../api/question.ts';
import { matchPath, type PathParameters } from '../model/paths.ts';
import { view, type LazyView } from './lazy-view.ts';
import { YARD_PAGES, YARD_SECTIONS } from './yard-pages.ts';

/** A page of the console. Each is loaded when it is first opened. */
export interface Page {
  /** As model/paths.ts reads it; the parameters become the properties of the view. */
  readonly pattern: string;
  /** Which entry of the side navigation it belongs to: its path. */
  readonly section: string;
  title(parameters: PathParameters): string;
  readonly view: LazyView;
  /** Asks for what the page will ask for first: it comes while the page itself is on its way. */
  ahead?(parameters: PathParameters, query: URLSearchParams): void;
}

/** An entry of the side navigation. */
export interface Section {
  readonly path: string;
  readonly label: string;
  readonly group: string;
  /** Keys that lead there. */
  readonly keys: string;
}

export const SECTIONS: readonly Section[] = [
  { path: 'machines', label: 'State machines', group: 'Workflows', keys: 'g m' },
  ...YARD_SECTIONS,
];

export const PAGES: readonly Page[] = [
  {
    pattern: 'machines',
    section: 'machines',
    title: () => 'State machines',
    view: view(async () => import('./machines/machines-page.tsx'), 'MachinesPage'),
  },
  {
    pattern: 'machines/:name',
    section: 'machines',
    title: ({ name }) => name ?? '',
    view: view(async () => import('./machine/machine-page.tsx'), 'MachinePage'),
  },
  {
    pattern: 'map-runs/:arn',
    section: 'machines',
    title: () => 'Map run',
    view: view(async () => import('./map-run/map-run-page.tsx'), 'MapRunPage'),
  },
  {
    pattern: 'executions/:arn',
    section: 'machines',
    title: ({ arn }) => arn?.split(':').at(-1) ?? '',
    view: view(async () => import('./execution/execution-page.tsx'), 'ExecutionPage'),
    ahead: ({ arn = '' }, query) => {
      const tab = query.get('view');
      askAhead(executionOf(arn));
      askAhead(graphOfExecution(arn, null));
      if (tab === 'table' || tab === 'timeline') askAhead(visitsOfExecution(arn));
      if (tab === 'events') askAhead(eventsOfExecution(arn));
    },
  },
  ...YARD_PAGES,
];

export interface FoundPage {
  readonly page: Page;
  readonly parameters: PathParameters;
}

/** The page that a path names, with what the path says. */
export function findPage(path: string): FoundPage | undefined {
  for (const page of PAGES) {
    const parameters = matchPath(page.pattern, path);
    if (parameters !== undefined) return { page, parameters };
  }
  return undefined;
}

/** Begins to load the page that a path names, and what it will ask for. */
export function loadAhead(path: string, query: URLSearchParams): void {
  const found = findPage(path);
  if (found === undefined) return;
  found.page.ahead?.(found.parameters, query);
  // Why it cannot be loaded is told where it is drawn.
  found.page.view.load().catch(() => undefined);
}
