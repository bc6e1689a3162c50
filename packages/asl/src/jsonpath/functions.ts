import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';

/**
 * Jayway's path functions. `value` is what the path before the function gave; the result undefined means that the function
 * does not fit the value (Jayway raises, the path then finds nothing).
 */
type PathFunction = (value: Json, args: readonly Json[]) => Json | undefined;

function numbersOf(value: Json, args: readonly Json[]): number[] {
  const numbers: number[] = [];
  for (const source of [value, ...args]) {
    for (const item of isArray(source) ? source : [source]) if (typeof item === 'number') numbers.push(item);
  }
  return numbers;
}

function aggregate(fold: (numbers: readonly number[]) => number): PathFunction {
  return (value, args) => {
    const numbers = numbersOf(value, args);
    return numbers.length === 0 ? undefined : fold(numbers);
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, item) => total + item, 0);

function deviation(numbers: readonly number[]): number {
  const mean = sum(numbers) / numbers.length;
  return Math.sqrt(sum(numbers.map((item) => (item - mean) ** 2)) / numbers.length);
}

function length(value: Json): Json {
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : null;
}

function concat(value: Json, args: readonly Json[]): Json {
  const parts = [
    ...(isArray(value) ? value : []),
    ...args.flatMap((item) => (isArray(item) ? item : [item])),
  ];
  return parts.filter((item) => typeof item === 'string' || typeof item === 'number').join('');
}

function itemAt(value: Json, index: number): Json | undefined {
  return isArray(value) ? value.at(index) : undefined;
}

const FUNCTIONS: ReadonlyMap<string, PathFunction> = new Map<string, PathFunction>([
  ['length', (value, args) => length(args[0] ?? value)],
  ['size', (value, args) => length(args[0] ?? value)],
  ['min', aggregate((numbers) => numbers.reduce((least, item) => Math.min(least, item), Infinity))],
  ['max', aggregate((numbers) => numbers.reduce((most, item) => Math.max(most, item), -Infinity))],
  ['avg', aggregate((numbers) => sum(numbers) / numbers.length)],
  ['sum', aggregate(sum)],
  ['stddev', aggregate(deviation)],
  ['concat', concat],
  ['append', (value, args) => (isArray(value) ? [...value, ...args] : value)],
  ['keys', (value) => (isObject(value) ? Object.keys(value) : undefined)],
  ['first', (value) => itemAt(value, 0)],
  ['last', (value) => itemAt(value, -1)],
  ['index', (value, args) => (typeof args[0] === 'number' ? itemAt(value, args[0]) : undefined)],
]);

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(FUNCTIONS.keys());

export function callFunction(name: string, value: Json, args: readonly Json[]): Json | undefined {
  return FUNCTIONS.get(name)?.(value, args);
}
