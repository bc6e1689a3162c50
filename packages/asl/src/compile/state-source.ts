import type { Evaluate } from '../environment.ts';
import type { Json, JsonObject } from '../json.ts';
import { asPropertyName, getOwn, isArray, isObject } from '../json.ts';
import type { QueryLanguage, StateList } from '../program.ts';

/** One state as written, and where it stands: what every compiler of a state type is given. */
export interface StateSource {
  readonly name: string;
  readonly pointer: string;
  readonly language: QueryLanguage;
  readonly state: JsonObject;
  /** Compiles the states nested in this one: `field` is their pointer below the state, `Branches/0` or `ItemProcessor`. */
  nested(list: JsonObject, field: string): StateList;
}

/** A definition that `check` would have refused reached `compile`: a mistake of the program, not of its user. */
export function refuse(source: { readonly pointer: string }, what: string): never {
  throw new Error(`compile was given a definition that check refuses: ${what} at ${source.pointer || '/'}`);
}

export function field(source: StateSource, name: string): Json | undefined {
  return getOwn(source.state, name);
}

export function stringField(source: StateSource, name: string): string | undefined {
  const value = field(source, name);
  if (value === undefined || typeof value === 'string') return value;
  return refuse(source, `${name} is no string`);
}

export function numberField(source: StateSource, name: string): number | undefined {
  const value = field(source, name);
  if (value === undefined || typeof value === 'number') return value;
  return refuse(source, `${name} is no number`);
}

export function objectField(source: StateSource, name: string): JsonObject | undefined {
  const value = field(source, name);
  if (value === undefined || isObject(value)) return value;
  return refuse(source, `${name} is no object`);
}

export function listField(source: StateSource, name: string): readonly JsonObject[] {
  const value = field(source, name);
  if (value === undefined) return [];
  if (isArray(value) && value.every((element) => isObject(element))) return value;
  return refuse(source, `${name} is no array of objects`);
}

/** `Next`, or undefined for `End: true`. */
export function transition(source: StateSource): string | undefined {
  const next = stateName(stringField(source, 'Next'));
  if (next === undefined && field(source, 'End') !== true) refuse(source, 'neither Next nor End');
  return next;
}

/** The name of a state to go to; undefined where none is given. */
export function stateName(name: Json | undefined): string | undefined {
  return typeof name === 'string' ? asPropertyName(name) : undefined;
}

export function constant(value: Json): Evaluate {
  return () => value;
}
