import type { Environment } from './environment.ts';
import type { Json, JsonObject } from './json.ts';

/** An environment for tests: what is not given is empty, time stands still, randomness is a fixed sequence. */
export function environment(given: {
  readonly document?: Json;
  readonly states?: Environment['states'];
  readonly context?: JsonObject;
  readonly variables?: JsonObject;
  readonly nowMs?: number;
}): Environment {
  let draws = 0;
  let uuids = 0;
  const variables = given.variables ?? {};
  return {
    document: given.document ?? {},
    states: given.states ?? { input: given.document ?? {} },
    context: () => given.context ?? {},
    variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    nowMs: given.nowMs ?? Date.UTC(2024, 0, 2, 3, 4, 5, 678),
    random: () => (draws++ * 0.37) % 1,
    uuid: () => `00000000-0000-4000-8000-${String(uuids++).padStart(12, '0')}`,
  };
}

/** Freezes a value and all below it, so that a write to it throws. */
export function deepFreeze<T extends Json>(value: T): T {
  if (value !== null && typeof value === 'object') {
    for (const item of Object.values(value)) deepFreeze(item);
    Object.freeze(value);
  }
  return value;
}
