import { cpSync, existsSync, globSync, mkdirSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { ImageConfig } from './dockerfile.ts';

/**
 * Lays out under `root` what the image's COPY instructions put into it, so that its command finds its files where it expects
 * them, relative to its working directory. Throws an Error that names the source that is missing or outside the context.
 */
export function layOut(root: string, context: string, config: ImageConfig): void {
  mkdirSync(join(root, config.workingDirectory), { recursive: true });
  for (const copy of config.copies) {
    const sources = copy.sources.flatMap((source) => findSources(context, source));
    const into = join(root, copy.destination);
    const isDirectory = copy.destination.endsWith('/') || sources.length > 1;
    for (const source of sources) {
      // As docker has it: of a directory the contents are copied, not the directory.
      const target = isDirectory && !statSync(source).isDirectory() ? join(into, basename(source)) : into;
      mkdirSync(dirname(target), { recursive: true });
      cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    }
  }
}

function findSources(context: string, source: string): readonly string[] {
  // A leading slash means the context's root in a COPY.
  const path = resolve(context, source.replace(/^\/+/u, ''));
  const inside = relative(context, path);
  if (inside === '..' || inside.startsWith(`..${sep}`)) {
    throw new Error(`COPY ${source}: outside the build context`);
  }
  if (existsSync(path)) return [path];
  const found = globSync(source.replace(/^\/+/u, ''), { cwd: context }).map((name) => join(context, name));
  if (found.length === 0) throw new Error(`COPY ${source}: not found in ${context}`);
  return found;
}

/** An absolute path of the image becomes the same path under the root, if it is there. */
export function underRoot(root: string, word: string): string {
  if (!word.startsWith('/')) return word;
  const mapped = join(root, word);
  return mapped.startsWith(root + sep) && existsSync(mapped) ? mapped : word;
}
