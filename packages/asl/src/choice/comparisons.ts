import type { Json } from '../json.ts';
import { compareMoments, parseTimestamp } from './timestamp.ts';

/** Compares a variable with a value. A type that does not fit is false, never an error (recorded). */
export type Comparison = (variable: Json, value: Json) => boolean;

type Order = (order: number) => boolean;

/** Of numbers, said out: nearly every loop ends by one. */
const NUMERIC: Readonly<Record<string, Comparison>> = {
  Equals: (variable, value) => typeof variable === 'number' && variable === value,
  LessThan: (variable, value) =>
    typeof variable === 'number' && typeof value === 'number' && variable < value,
  LessThanEquals: (variable, value) =>
    typeof variable === 'number' && typeof value === 'number' && variable <= value,
  GreaterThan: (variable, value) =>
    typeof variable === 'number' && typeof value === 'number' && variable > value,
  GreaterThanEquals: (variable, value) =>
    typeof variable === 'number' && typeof value === 'number' && variable >= value,
};

const ORDERS: Readonly<Record<string, Order>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThan: (order) => order > 0,
  GreaterThanEquals: (order) => order >= 0,
};

function stringComparison(holds: Order): Comparison {
  return (variable, value) => {
    if (typeof variable !== 'string' || typeof value !== 'string') return false;
    return holds(variable < value ? -1 : Number(variable > value));
  };
}

function timestampComparison(holds: Order): Comparison {
  return (variable, value) => {
    if (typeof variable !== 'string' || typeof value !== 'string') return false;
    const a = parseTimestamp(variable);
    const b = parseTimestamp(value);
    return a !== undefined && b !== undefined && holds(compareMoments(a, b));
  };
}

/** By operator without its `Path` suffix: every one of these but StringMatches also exists with it. */
export const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ...Object.entries(ORDERS).flatMap(([name, holds]): [string, Comparison][] => [
    [`String${name}`, stringComparison(holds)],
    [`Timestamp${name}`, timestampComparison(holds)],
  ]),
  ...Object.entries(NUMERIC).map(([name, holds]): [string, Comparison] => [`Numeric${name}`, holds]),
  ['BooleanEquals', (variable: Json, value: Json) => typeof variable === 'boolean' && variable === value],
]);

/** The `Is…` operators, apart from IsPresent: what kind of value the variable holds. */
export const KINDS: ReadonlyMap<string, (variable: Json) => boolean> = new Map([
  ['IsNull', (variable: Json) => variable === null],
  ['IsNumeric', (variable: Json) => typeof variable === 'number'],
  ['IsString', (variable: Json) => typeof variable === 'string'],
  ['IsBoolean', (variable: Json) => typeof variable === 'boolean'],
  ['IsTimestamp', (variable: Json) => typeof variable === 'string' && parseTimestamp(variable) !== undefined],
]);
