import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError } from '../service.ts';
import type { Dimensions, Metric } from './store.ts';

export const SERVICE = 'cloudwatch';
const DIMENSIONS_MAX = 30;

export function invalidValue(message: string): Error {
  return apiError(SERVICE, 'InvalidParameterValue', message);
}

export function missing(member: string): Error {
  return apiError(SERVICE, 'MissingParameter', `The parameter ${member} is required.`);
}

export function combination(message: string): Error {
  return apiError(SERVICE, 'InvalidParameterCombination', message);
}

/** A required text of at most `lengthMax` characters. */
export function readName(input: JsonObject, member: string, lengthMax = 255): string {
  const value = input[member];
  if (value === undefined) throw missing(member);
  if (typeof value === 'string' && value !== '' && value.length <= lengthMax) return value;
  throw invalidValue(`The value ${asText(value).slice(0, 100)} for parameter ${member} is invalid.`);
}

/** A number, which the query protocol gives as text. */
export function readNumber(value: Json | undefined, member: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw invalidValue(`The value ${asText(value).slice(0, 100)} for parameter ${member} is invalid.`);
}

/** Epoch milliseconds of a time, which comes as epoch seconds or in ISO 8601. */
export function readTime(input: JsonObject, member: string): number {
  const value = input[member];
  if (value === undefined) throw missing(member);
  const timeMs = typeof value === 'number' ? value * 1000 : Date.parse(asText(value));
  if (Number.isNaN(timeMs)) throw invalidValue(`The parameter ${member} is no time.`);
  return timeMs;
}

export function readList(value: Json | undefined, member: string, lengthMax: number): readonly JsonObject[] {
  if (value === undefined) return [];
  if (!isArray(value) || value.length > lengthMax || !value.every(isObject)) {
    throw invalidValue(`The parameter ${member} is no list of at most ${lengthMax} members.`);
  }
  return value;
}

export function readDimensions(value: Json | undefined): Dimensions {
  const dimensions: Record<string, string> = {};
  for (const item of readList(value, 'Dimensions', DIMENSIONS_MAX)) {
    dimensions[readName(item, 'Name')] = readName(item, 'Value', 1024);
  }
  return dimensions;
}

export function readMetric(input: JsonObject): Metric {
  const namespace = readName(input, 'Namespace');
  if (namespace.startsWith(':')) throw invalidValue('The parameter Namespace must not start with a colon.');
  return { namespace, name: readName(input, 'MetricName'), dimensions: readDimensions(input['Dimensions']) };
}

export function readPeriodMs(input: JsonObject): number {
  const seconds = readNumber(input['Period'], 'Period');
  if (seconds === undefined) throw missing('Period');
  const isAllowed = [1, 5, 10, 20, 30].includes(seconds) || (seconds >= 60 && seconds % 60 === 0);
  if (!isAllowed) {
    throw invalidValue('The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60.');
  }
  // Nothing is kept by the second: a shorter period shows the minute.
  return Math.max(seconds, 60) * 1000;
}

export function dimensionList(dimensions: Dimensions): JsonObject[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
