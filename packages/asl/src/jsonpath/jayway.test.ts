import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json.ts';
import { environment } from '../environment.fixture.ts';
import { compilePath } from './compile-path.ts';

// What Jayway JsonPath itself answered (json-path-comparison); data kept beside the repository, not in it.
const file = resolve(import.meta.dirname, '../../../../../shared/jsonpath/jayway.json');
const present = existsSync(file);

interface Case {
  readonly name: string;
  readonly selector: string;
  readonly document: Json;
  readonly result?: Json;
  readonly consensus?: Json[];
  readonly error?: string;
}

/** Selectors that Jayway reads and Step Functions does not: a path there starts with `$`. */
const NOT_STEP_FUNCTIONS = new Set(['@.a', '.key', 'key']);

const sorted = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.map((item) => canonical(item)).toSorted() : [canonical(value ?? null)];

function canonical(value: Json): string {
  return JSON.stringify(value, (_key, item: Json) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

const DOES_NOT_FIND = Symbol('finds nothing, or is refused');

function answer(item: Case): { definite: boolean; value: Json | typeof DOES_NOT_FIND } {
  try {
    const path = compilePath(item.selector, { kind: 'path' });
    return { definite: path.definite, value: path.evaluate(environment({ document: item.document })) };
  } catch {
    return { definite: true, value: DOES_NOT_FIND };
  }
}

/** What Jayway gives: for a definite path the one value of the consensus, and nothing where the consensus is empty. */
function expected(item: Case, definite: boolean): Json | typeof DOES_NOT_FIND {
  if (item.error !== undefined) return DOES_NOT_FIND;
  if (item.consensus === undefined) return item.result ?? null;
  if (!definite) return item.consensus;
  const [only] = item.consensus;
  return only === undefined ? DOES_NOT_FIND : only;
}

/** Where objects or everything below are gone through, the order of what is found is nobody's. */
function comparable(item: Case, value: Json | typeof DOES_NOT_FIND): unknown {
  if (value === DOES_NOT_FIND) return value;
  return /\.\.|\*/.test(item.selector) ? sorted(value) : canonical(value);
}

const cases: Case[] = present ? JSON.parse(readFileSync(file, 'utf8')) : [];

describe.skipIf(!present)('answers as Jayway does (skipped where ../shared/jsonpath is absent)', () => {
  test.each(cases.filter((item) => !NOT_STEP_FUNCTIONS.has(item.selector)))('$name: $selector', (item) => {
    const { definite, value } = answer(item);
    expect(comparable(item, value)).toEqual(comparable(item, expected(item, definite)));
  });
});
