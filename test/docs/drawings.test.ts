import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DRAWN_DOCUMENTS, definitionNames, documentPath, drawnDocument } from './drawings.ts';

test.each(DRAWN_DOCUMENTS)('the drawings in %s are those of the definitions (npm run docs)', (path) => {
  const { is, mustBe } = drawnDocument(path);
  expect(is).toContain('```mermaid');
  expect(is).toBe(mustBe);
});

test('docs/workflows.md draws every definition', () => {
  const text = readFileSync(documentPath('docs/workflows.md'), 'utf8');
  const drawn = [...text.matchAll(/<!-- graph ([a-z-]+) -->/gu)].map((match) => match[1]);
  expect(drawn.toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(definitionNames());
});

test('every file that a document links to exists', () => {
  for (const document of [...DRAWN_DOCUMENTS, 'docs/architecture.md', 'docs/fidelity.md']) {
    const text = readFileSync(documentPath(document), 'utf8');
    const folder = document.includes('/') ? 'docs/' : '';
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/gu)) {
      expect(() => readFileSync(documentPath(folder + target)), `${document}: ${target}`).not.toThrow(
        /ENOENT/u,
      );
    }
  }
});
