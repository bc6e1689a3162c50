import type { Json } from '@stepyard/asl';

/** A member of a request as text: a string as it is, anything else as JSON, and nothing at all as the empty string. */
export function asText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return value === undefined ? '' : JSON.stringify(value);
}
