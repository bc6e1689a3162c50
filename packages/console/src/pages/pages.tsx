import { lazy, type ComponentType } from 'react';
import { matchPath, type PathParameters } from '../model/paths.ts';
import { YARD_PAGES, YARD_SECTIONS } from './yard-pages.ts';

/** A page of the console. Each is loaded when it is first opened. */
export interface Page {
  /** As model/paths.ts reads it; the parameters become the properties of the view. */
  readonly pattern: string;
  /** Which entry of the side navigation it belongs to: its path. */
  readonly section: string;
  title(parameters: PathParameters): string;
  readonly View: ComponentType<Record<string, string>>;
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

/** A view in a file of its own, so that it comes in a piece of its own. */
function view<Name extends string>(
  load: () => Promise<Record<Name, ComponentType<never>>>,
  name: Name,
): ComponentType<Record<string, string>> {
  return lazy(async () => {
    // What a pattern's parameters are called is what the view's properties are called; nothing but this table ties them.
    return { default: (await load())[name] as ComponentType<Record<string, string>> };
  });
}

export const PAGES: readonly Page[] = [
  {
    pattern: 'machines',
    section: 'machines',
    title: () => 'State machines',
    View: view(async () => import('./machines/machines-page.tsx'), 'MachinesPage'),
  },
  {
    pattern: 'machines/:name',
    section: 'machines',
    title: ({ name }) => name ?? '',
    View: view(async () => import('./machine/machine-page.tsx'), 'MachinePage'),
  },
  {
    pattern: 'map-runs/:arn',
    section: 'machines',
    title: () => 'Map run',
    View: view(async () => import('./map-run/map-run-page.tsx'), 'MapRunPage'),
  },
  {
    pattern: 'executions/:arn',
    section: 'machines',
    title: ({ arn }) => arn?.split(':').at(-1) ?? '',
    View: view(async () => import('./execution/execution-page.tsx'), 'ExecutionPage'),
  },
  ...YARD_PAGES,
];

/** The page that a path names, with what the path says. */
export function findPage(
  path: string,
): { readonly page: Page; readonly parameters: PathParameters } | undefined {
  for (const page of PAGES) {
    const parameters = matchPath(page.pattern, path);
    if (parameters !== undefined) return { page, parameters };
  }
  return undefined;
}
