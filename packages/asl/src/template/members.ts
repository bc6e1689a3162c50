import type { Evaluate } from '../environment.ts';
import type { Json } from '../json.ts';
import { setOwn } from '../json.ts';

/** Gives an object of these members, evaluated in their order. */
export function objectOf(members: readonly (readonly [string, Evaluate])[]): Evaluate {
  const names = members.map(([name]) => asPropertyName(name));
  const values = members.map(([, evaluate]) => evaluate);
  return (environment) => {
    const result: Record<string, Json> = {};
    for (let at = 0; at < names.length; at++) {
      const evaluate = values[at];
      if (evaluate !== undefined) setOwn(result, names[at] ?? '', evaluate(environment));
    }
    return result;
  };
}

/** Gives an array of these items, evaluated in their order. */
export function arrayOf(items: readonly Evaluate[]): Evaluate {
  return (environment) => items.map((item) => item(environment));
}

/**
 * The same text as JavaScript keeps the names of properties. A name that was cut out of another text would be looked up among
 * them at every assignment.
 */
function asPropertyName(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}
