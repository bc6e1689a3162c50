import { EngineError } from './engine-error.ts';
import type { Page } from './engine-api.ts';

const PAGE_SIZE_DEFAULT = 100;
const PAGE_SIZE_MAX = 1000;

/** One page of a list that only ever grows at its end; `after` is how many items the pages before had. */
export function pageOf<Item>(
  items: readonly Item[],
  request: { readonly maxResults?: number; readonly after?: string },
): Page<Item> {
  const start = positionOf(request.after);
  const end = start + pageSize(request.maxResults);
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined };
}

/** How many items the pages before had. Throws InvalidToken for what none of them gave. */
export function positionOf(after: string | undefined): number {
  const position = after === undefined ? 0 : Number(after);
  if (Number.isSafeInteger(position) && position >= 0) return position;
  throw new EngineError('InvalidToken', "Invalid Token: 'Invalid token'");
}

/** The sequence number of the last execution on the page before: new starts move nothing. Throws InvalidToken. */
export function sequenceOf(after: string | undefined): number | undefined {
  return after === undefined ? undefined : positionOf(after);
}

export function pageSize(maxResults: number | undefined): number {
  if (maxResults === undefined || maxResults === 0) return PAGE_SIZE_DEFAULT;
  if (maxResults <= PAGE_SIZE_MAX) return maxResults;
  throw new EngineError(
    'ValidationException',
    `1 validation error detected: Value '${maxResults}' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to ${PAGE_SIZE_MAX}`,
  );
}
