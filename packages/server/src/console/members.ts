/** Members of the answers of AWS APIs, by what they are wanted as. */
import { getOwn, isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';

export function textIn(object: JsonObject, name: string): string | null {
  const value = getOwn(object, name);
  return typeof value === 'string' ? value : null;
}

export function numberIn(object: JsonObject, name: string): number | null {
  const value = getOwn(object, name);
  return typeof value === 'number' ? value : null;
}

export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = getOwn(object, name);
  return isObject(value) ? value : {};
}

export function objectsIn(object: JsonObject, name: string): readonly JsonObject[] {
  return listIn(object, name).filter(isObject);
}

export function textsIn(object: JsonObject, name: string): readonly string[] {
  return listIn(object, name).filter((item) => typeof item === 'string');
}

function listIn(object: JsonObject, name: string): readonly Json[] {
  const value = getOwn(object, name);
  return isArray(value) ? value : [];
}

/** Epoch milliseconds of an ISO time, or of a number of seconds. */
export function timeIn(object: JsonObject, name: string): number | null {
  const value = getOwn(object, name);
  if (typeof value === 'number') return Math.round(value * 1000);
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}
