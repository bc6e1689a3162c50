import { query } from './client.ts';
import type { Queries } from './types.ts';

/** Something to ask the yard; two with the same key have the same answer. */
export interface Question<Answer> {
  readonly key: string;
  readonly ask: (signal?: AbortSignal) => Promise<Answer>;
}

export function question<Name extends keyof Queries>(
  name: Name,
  parameters: Queries[Name]['query'],
): Question<Queries[Name]['answer']> {
  return {
    key: `${name} ${JSON.stringify(parameters)}`,
    ask: async (signal) => query(name, parameters, signal),
  };
}

/** Questions that were asked before the component was there that wants to know. */
const ahead = new Map<string, Promise<unknown>>();
const AHEAD_KEPT_MS = 5_000;

/** Asks now what a page will ask when it is there: its program and its data come at the same time. */
export function askAhead({ key, ask }: Question<unknown>): void {
  if (ahead.has(key)) return;
  const answer = ask();
  // Whoever wants to know hears of it.
  answer.catch(() => undefined);
  ahead.set(key, answer);
  setTimeout(() => ahead.delete(key), AHEAD_KEPT_MS);
}

/** The answer that is on its way already, once; else undefined. */
export function askedAhead(key: string): Promise<unknown> | undefined {
  const answer = ahead.get(key);
  ahead.delete(key);
  return answer;
}
