/** The drawings in the documents are made from the definitions by the project's own graph writer. */
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { graphOf, parse, toMermaid } from '@stepyard/asl';

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

/** The document as it stands, and as it must stand: every drawing replaced by a fresh one. */
export function drawnDocument(path: string): { readonly is: string; readonly mustBe: string } {
  const is = readFileSync(root(path), 'utf8');
  const mustBe = is.replaceAll(DRAWING, (_all, name: string) => {
    return `<!-- graph ${name} -->\n\n\`\`\`mermaid\n${drawing(name)}\`\`\`\n\n<!-- /graph -->`;
  });
  return { is, mustBe };
}

export function documentPath(path: string): string {
  return root(path);
}

function drawing(name: string): string {
  const { definition } = parse(readFileSync(root(`definitions/${name}.asl.json`), 'utf8'));
  if (definition === undefined) throw new Error(`definitions/${name}.asl.json cannot be read`);
  return toMermaid(graphOf(definition));
}
