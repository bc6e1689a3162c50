import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { apiError } from '../service.ts';
import { interpreterOf } from './function.ts';
import { unzip } from './unzip.ts';

/** Where a function's code comes from: a directory or zip file, a zip's bytes, or the text of a single file. */
export type CodeSource =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'zip'; readonly bytes: Buffer }
  | { readonly kind: 'inline'; readonly text: string };

/**
 * Makes a function's code a directory. A directory is used as it lies; anything else is unpacked under `root`, once for each
 * content. Rejects with InvalidParameterValueException when there is no usable code.
 */
export async function prepareCode(source: CodeSource, runtime: string, root: string): Promise<string> {
  if (source.kind === 'zip') return await unpacked(source.bytes, root);
  if (source.kind === 'inline') {
    const file = interpreterOf(runtime) === 'node' ? 'index.js' : 'index.py';
    const digest = createHash('sha256').update(`${file}\n${source.text}`).digest('hex');
    return await once(join(root, digest), (directory) => writeFile(join(directory, file), source.text));
  }
  const found = await stat(source.path).catch(() => undefined);
  if (found === undefined) {
    throw apiError('lambda', 'InvalidParameterValueException', `There is no code at ${source.path}.`);
  }
  return found.isDirectory() ? source.path : await unpacked(await readFile(source.path), root);
}

function unpacked(bytes: Buffer, root: string): Promise<string> {
  const digest = createHash('sha256').update(bytes).digest('hex');
  return once(join(root, digest), (directory) => unzip(bytes, directory));
}

/** Fills a directory under another name first, so that it is whole whenever it exists. */
async function once(target: string, fill: (directory: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(`${target}-`);
  try {
    await fill(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
