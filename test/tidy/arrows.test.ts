import { expect, test } from 'vitest';
import { resolveRelative, sourceFiles, workspaceOf } from './source-tree.ts';

/** What each workspace may import: arrows point down only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  asl: [],
  console: ['asl'],
  engine: ['asl'],
  services: ['asl', 'engine'],
  server: ['asl', 'engine', 'services', 'console'],
  testing: ['asl', 'engine', 'services'],
};

const files = sourceFiles();
// Fixtures serve tests only; like tests they may read files and use the test tools.
const sources = files.filter((file) => !/\.(?:test|fixture)\.ts$/u.test(file.path));
const offences = (within: string, allowed: (specifier: string, path: string) => boolean): string[] =>
  sources
    .filter((file) => file.path.startsWith(within))
    .flatMap((file) =>
      file.imports
        .filter((specifier) => !allowed(specifier, file.path))
        .map((specifier) => `${file.path}: ${specifier}`),
    );

test('every workspace has its arrows written down', () => {
  const workspaces = new Set(
    files.map((file) => workspaceOf(file.path)).filter((name) => name !== undefined),
  );
  expect([...workspaces].filter((name) => !Object.hasOwn(MAY_IMPORT, name))).toEqual([]);
});

test.each(Object.entries(MAY_IMPORT))('%s imports only the workspaces below it', (name, below) => {
  const wrong = offences(`packages/${name}/`, (specifier) => {
    const other = /^@stepyard\/([^/]+)/u.exec(specifier)?.[1];
    return other === undefined || below.includes(other);
  });
  expect(wrong).toEqual([]);
});

test('the server reads the types of the console, and nothing of it runs there', () => {
  const running = sources
    .filter((file) => !file.path.startsWith('packages/console/'))
    .filter((file) => file.runtimeImports.some((specifier) => specifier.startsWith('@stepyard/console')))
    .map((file) => file.path);
  expect(running).toEqual([]);
});

test('a workspace is entered by its public surface, never by a path into it', () => {
  const inside = files.flatMap((file) =>
    file.imports
      .filter((specifier) => {
        if (/^@stepyard\/[^/]+\/./u.test(specifier)) return true;
        const target = resolveRelative(file.path, specifier);
        return (
          target !== undefined &&
          workspaceOf(target) !== workspaceOf(file.path) &&
          workspaceOf(target) !== undefined
        );
      })
      .map((specifier) => `${file.path}: ${specifier}`),
  );
  expect(inside).toEqual([]);
});

test('asl loads in a browser: no node builtin, only the libraries it names', () => {
  const libraries = ['jsonata', 're2js', '@noble/hashes', 'yaml'];
  const wrong = offences(
    'packages/asl/',
    (specifier) =>
      specifier.startsWith('.') ||
      libraries.some((library) => specifier === library || specifier.startsWith(`${library}/`)),
  );
  expect(wrong).toEqual([]);
});

test('the core is pure: it imports asl and itself, and reads no clock, timer or random source', () => {
  const core = 'packages/engine/src/core/';
  const wrong = offences(
    core,
    (specifier, path) =>
      specifier === '@stepyard/asl' || (resolveRelative(path, specifier)?.startsWith(core) ?? false),
  );
  expect(wrong).toEqual([]);
  const impure =
    /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bqueueMicrotask\b|\bprocess\.|\bperformance\.|\bcrypto\./u;
  const readers = sources
    .filter((file) => file.path.startsWith(core))
    .filter((file) => impure.test(file.text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gmu, '')))
    .map((file) => file.path);
  expect(readers).toEqual([]);
});

test('modules do not import each other in a circle', () => {
  const graph = new Map(
    sources.map((file) => [
      file.path,
      file.runtimeImports
        .map((specifier) => resolveRelative(file.path, specifier))
        .filter((path) => path !== undefined),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});
