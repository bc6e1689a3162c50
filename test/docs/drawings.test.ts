import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  DRAWN_DOCUMENTS,
  PICTURES,
  definitionNames,
  documentPath,
  drawnDocument,
  picture,
} from './drawings.ts';

test.each(definitionNames())('the picture of %s is that of the definition (npm run docs)', (name) => {
  expect(readFileSync(documentPath(`${PICTURES}/${name}.svg`), 'utf8')).toBe(picture(name));
});

test('there is a picture for each definition, and no other', () => {
  expect(readdirSync(documentPath(PICTURES)).toSorted()).toEqual(
    definitionNames()
      .map((name) => `${name}.svg`)
      .toSorted(),
  );
});

test.each(DRAWN_DOCUMENTS)('%s shows the pictures where it says so', (path) => {
  const { is, mustBe } = drawnDocument(path);
  expect(is).toContain('.svg)');
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
