import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { runDefinition } from './run-definition.ts';

const DEFINITIONS = resolve(import.meta.dirname, '../../../shared/definitions');

interface Labelled {
  readonly expect: string;
  readonly text?: string;
  readonly definition?: unknown;
}

/** Definitions that other people have deployed or documented, by file. */
function validDefinitions(): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(DEFINITIONS, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .toSorted((one, other) => one.localeCompare(other))
    .flatMap((file) => {
      const labelled: Labelled = JSON.parse(readFileSync(join(DEFINITIONS, file), 'utf8'));
      const text = labelled.text ?? JSON.stringify(labelled.definition);
      return labelled.expect === 'valid' ? [{ file, text }] : [];
    });
}

test.skipIf(!existsSync(DEFINITIONS))(
  'every valid definition in the wild runs to an end, with a history that can be and no fault of the engine (skipped where they are absent)',
  async () => {
    const counts = new Map<string, number>();
    const faulty: unknown[] = [];
    let ran = 0;
    for (const { file, text } of validDefinitions()) {
      const { status, error, faults } = await runDefinition(text);
      const end = `${status} ${error ?? ''}`.trim();
      counts.set(end, (counts.get(end) ?? 0) + 1);
      if (faults.length > 0) faulty.push({ file, faults });
      if (status !== 'REFUSED') ran++;
    }
    expect(faulty).toEqual([]);
    expect(ran).toBeGreaterThan(550);
    expect(counts.get('SUCCEEDED') ?? 0).toBeGreaterThan(420);
  },
);
