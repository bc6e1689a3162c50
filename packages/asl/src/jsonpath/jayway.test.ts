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

describe.skipIf(!present)('answers as Jayway does (skipped where ../shared/jsonpath is absent)', () => {
  const cases = present ? (JSON.parse(readFileSync(file, 'utf8')) as Case[]) : [];
  test.each(cases.filter((item) => !NOT_STEP_FUNCTIONS.has(item.selector)))('$name: $selector', (item) => {
    const scans = item.selector.includes('..') || item.selector.includes('*');
    const run = (): { definite: boolean; value: Json } => {
      const path = compilePath(item.selector, { kind: 'path' });
      return { definite: path.definite, value: path.evaluate(environment({ document: item.document })) };
    };
    const fails = item.error !== undefined;
    if (fails) {
      expect(run).toThrow();
      return;
    }
    if (item.consensus !== undefined && item.consensus.length === 0) {
      // A definite path that finds nothing raises, an indefinite one gives [].
      let got: Json | undefined;
      try {
        got = run().value;
      } catch {
        got = [];
      }
      expect(got).toEqual([]);
      return;
    }
    const { definite, value } = run();
    const expected =
      item.consensus === undefined ? item.result : definite ? item.consensus[0] : item.consensus;
    if (scans && Array.isArray(value)) expect(sorted(value)).toEqual(sorted(expected));
    else expect(canonical(value)).toEqual(canonical(expected ?? null));
  });
});
