import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryFiles, repositoryRoot, resolveRelative, sourceFiles } from './source-tree.ts';

const LINES_MAX = 600;
const ROOMS = new Set([
  '.ci',
  'bench',
  'bin',
  'containers',
  'definitions',
  'docs',
  'lambda',
  'lib',
  'packages',
  'showcase',
  'test',
]);
/** Files outside the sources that start a source file by its path. */
const NAMES_ENTRY_POINTS = ['.ci/run', 'package.json', 'cdk.json'];
const isTest = (path: string): boolean => path.endsWith('.test.ts');

test('the top level holds only the rooms that docs/architecture.md describes', () => {
  const rooms = new Set(
    repositoryFiles()
      .filter((path) => path.includes('/'))
      .map((path) => path.split('/')[0] ?? ''),
  );
  expect([...rooms].filter((room) => !ROOMS.has(room))).toEqual([]);
});

test(`no hand-written source file is over ${LINES_MAX} lines`, () => {
  const long = sourceFiles()
    .filter((file) => file.lines > LINES_MAX)
    .map((file) => `${file.path}: ${file.lines}`);
  expect(long).toEqual([]);
});

test('every relative import ends in the extension of a file that exists', () => {
  const files = new Set(repositoryFiles());
  const broken = sourceFiles().flatMap((file) =>
    file.imports
      .map((specifier) => ({ specifier, target: resolveRelative(file.path, specifier) }))
      .filter(({ target }) => target !== undefined && !files.has(target))
      .map(({ specifier }) => `${file.path}: ${specifier}`),
  );
  expect(broken).toEqual([]);
});

test('no file is dead: each is a test, an entry point, or imported by another', () => {
  const sources = sourceFiles();
  const imported = new Set(
    sources.flatMap((file) => file.imports.map((specifier) => resolveRelative(file.path, specifier) ?? '')),
  );
  const texts = sources.map((file) => file.text);
  const dead = sources
    .map((file) => file.path)
    .filter((path) => !imported.has(path) && !isTest(path) && !isEntryPoint(path, texts));
  expect(dead).toEqual([]);
});

/** Started by name: by npm, by the CDK app (bundles, images), by a workflow file, or by another file as a process. */
function isEntryPoint(path: string, texts: readonly string[]): boolean {
  if (/^packages\/[^/]+\/src\/index\.ts$/u.test(path) || /^[^/]+\.config\.ts$/u.test(path)) return true;
  if (/^(?:bin|bench)\/[^/]+\.ts$/u.test(path) || path === 'showcase/main.mjs') return true;
  if (/^lambda\/[^/]+\/handler\.ts$/u.test(path) || /^containers\/[^/]+\/[^/]+\.mjs$/u.test(path))
    return true;
  if (path === 'packages/server/src/cli/main.mjs') return true;
  if (path === 'packages/console/vite.config.ts' || path === 'packages/console/src/main.tsx') return true;
  if (NAMES_ENTRY_POINTS.some((file) => readFileSync(join(repositoryRoot, file), 'utf8').includes(path)))
    return true;
  // A tool run by hand says in its own first comment how.
  if (texts.some((text) => text.includes(`node ${path}`))) return true;
  const [parent = '', name = ''] = path.split('/').slice(-2);
  const spellings = [`'./${name}'`, `'../${parent}/${name}'`, `/${parent}/${name}'`, `/${parent}/${name}\``];
  return texts.some((text) => spellings.some((spelling) => text.includes(spelling)));
}

test('nothing in the repository names the machine or the place it was written on', () => {
  const forbidden = /\/work\/(?:main|shared)|\/tmp\/plan|\.library\b|registry\.npmjs|"resolved": "http/u;
  const binary = /\.(?:png|svg|ico|snap)$/u;
  const offenders = repositoryFiles()
    .filter((path) => !binary.test(path) && path !== 'test/tidy/layout.test.ts')
    .filter((path) => forbidden.test(readFileSync(join(repositoryRoot, path), 'utf8')));
  expect(offenders).toEqual([]);
});
