/** Paths of the console's pages: what is between `/_stepyard/` and the query. */

export type PathParameters = Readonly<Record<string, string>>;

/** Parameters of a path that a pattern like `executions/:arn` fits, or undefined. Broken percent-encoding fits nothing. */
export function matchPath(pattern: string, path: string): PathParameters | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/u, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const parameters: [string, string][] = [];
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index] ?? '');
    if (value === undefined) return undefined;
    if (part.startsWith(':') && value !== '') parameters.push([part.slice(1), value]);
    else if (part !== value) return undefined;
  }
  return Object.fromEntries(parameters);
}

/** One part of a path. Colons stay as they are, so that an ARN can still be read in the address. */
export function pathPart(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':');
}

/** A query with the values that there are; `''` when there are none. */
export function queryText(values: Readonly<Record<string, string | number | null | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

/** Addresses of the pages, in one place: what another page links to. */
export const to = {
  machines: () => 'machines',
  machine: (name: string, tab?: string) => `machines/${pathPart(name)}${queryText({ tab })}`,
  execution: (arn: string, at: ExecutionPlace = {}) => `executions/${pathPart(arn)}${queryText({ ...at })}`,
  mapRun: (arn: string) => `map-runs/${pathPart(arn)}`,
  compare: (left: string, right?: string) => `compare${queryText({ left, right })}`,
  expression: (arn: string, visit: number) => `expression${queryText({ arn, visit })}`,
  testState: (arn: string, visit: number) => `test-state${queryText({ arn, visit })}`,
};

/** A place on an execution's page. */
export interface ExecutionPlace {
  readonly view?: string;
  readonly visit?: number;
  readonly event?: number;
  readonly tab?: string;
  readonly at?: number;
}
