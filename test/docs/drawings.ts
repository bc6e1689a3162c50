/** The pictures in the documents are made from the definitions by the project's own graph writer. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { graphOf, parse, toSvg } from '@stepyard/asl';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Documents with drawings, relative to the repository. */
export const DRAWN_DOCUMENTS = ['README.md', 'docs/workflows.md'];

const DRAWING = /<!-- graph ([a-z-]+) -->\n[\s\S]*?<!-- \/graph -->/gu;

/** The names of all definitions, in order. */
export function definitionNames(): readonly string[] {
  return readdirSync(root('definitions'))
    .filter((name) => name.endsWith('.asl.json'))
    .map((name) => name.slice(0, -'.asl.json'.length))
    .toSorted();
}

/** Where the pictures are kept, relative to the repository. */
export const PICTURES = 'docs/pictures';

/** The document as it stands, and as it must stand: every marked place shows its definition's picture. */
export function drawnDocument(path: string): { readonly is: string; readonly mustBe: string } {
  const is = readFileSync(root(path), 'utf8');
  const folder = path.startsWith('docs/') ? PICTURES.slice('docs/'.length) : PICTURES;
  const mustBe = is.replaceAll(DRAWING, (_all, name: string) => {
    return `<!-- graph ${name} -->\n\n![The states of ${name}](${folder}/${name}.svg)\n\n<!-- /graph -->`;
  });
  return { is, mustBe };
}

export function documentPath(path: string): string {
  return root(path);
}

/** A definition's picture as it must be. */
export function picture(name: string): string {
  const { definition } = parse(readFileSync(root(`definitions/${name}.asl.json`), 'utf8'));
  if (definition === undefined) throw new Error(`definitions/${name}.asl.json cannot be read`);
  return toSvg(graphOf(definition), { title: name });
}
