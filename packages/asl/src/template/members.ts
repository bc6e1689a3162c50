import type { Evaluate } from '../environment.ts';
import type { Json } from '../json.ts';
import { asPropertyName, setOwn } from '../json.ts';

/** Gives an object of these members, evaluated in their order. */
export function objectOf(members: readonly (readonly [string, Evaluate])[]): Evaluate {
  const named = members.map(([name, evaluate]) => ({ name: asPropertyName(name), evaluate }));
  if (named.some(({ name }) => name === '__proto__')) return anyObjectOf(named);
  return (environment) => {
    const result: Record<string, Json> = {};
    for (const { name, evaluate } of named) result[name] = evaluate(environment);
    return result;
  };
}

interface Member {
  readonly name: string;
  readonly evaluate: Evaluate;
}

function anyObjectOf(members: readonly Member[]): Evaluate {
  return (environment) => {
    const result: Record<string, Json> = {};
    for (const { name, evaluate } of members) setOwn(result, name, evaluate(environment));
    return result;
  };
}

/** Gives an array of these items, evaluated in their order. */
export function arrayOf(items: readonly Evaluate[]): Evaluate {
  return (environment) => items.map((item) => item(environment));
}
