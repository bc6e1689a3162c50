/** Reads the repository's own files for the tidy tests: what git tracks or would track, with the imports of each. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  /** Module specifiers as written, of static and dynamic imports and of re-exports. */
  readonly imports: readonly string[];
  /** Those of them that are there when the program runs: without `import type`. */
  readonly runtimeImports: readonly string[];
}

const IMPORT =
  /(?:^|[\s;}])(?:import|export)\s[^;'"]*?from\s*['"]([^'"\n]+)['"]|(?:^|[\s;])import\s*['"]([^'"\n]+)['"]|import\(\s*['"]([^'"\n]+)['"]/gmu;

const TYPE_IMPORT = /^(?:import|export) type [^;'"]*?from\s*['"][^'"\n]+['"];?$/gmu;

/** All files that belong to the repository and still exist in the working tree. */
export function repositoryFiles(): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
  });
  const deleted = new Set(
    execFileSync('git', ['ls-files', '--deleted'], { cwd: repositoryRoot, encoding: 'utf8' }).split('\n'),
  );
  return listed.split('\n').filter((path) => path !== '' && !deleted.has(path));
}

export function sourceFiles(): readonly SourceFile[] {
  return repositoryFiles()
    .filter((path) => /\.(?:ts|tsx|mts|mjs)$/u.test(path))
    .map((path) => {
      const text = readFileSync(join(repositoryRoot, path), 'utf8');
      const code = withoutComments(text);
      const lines = text.split('\n').length - 1;
      const runtimeImports = importsOf(code.replaceAll(TYPE_IMPORT, ''));
      return { path, text, lines, imports: importsOf(code), runtimeImports };
    });
}

/** Module specifiers of static and dynamic imports and of re-exports. */
export function importsOf(code: string): readonly string[] {
  return [...code.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** A comment may quote an import; only whole-line and block comments matter for that. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//gu, '').replaceAll(/^\s*\/\/.*$/gmu, '');
}

/** The repository path a relative import names, or undefined for a package or a builtin. */
export function resolveRelative(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : undefined;
}

/** The workspace that a file belongs to (`asl`), or undefined outside packages/. */
export function workspaceOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//u.exec(path)?.[1];
}
