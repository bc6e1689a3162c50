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

/** Code that is ready to run. */
export interface PreparedCode {
  readonly directory: string;
  /** Of the package; 0 for a directory that is used as it lies. */
  readonly bytes: number;
  /** SHA-256 in base64 of the package; of a directory, of its path. */
  readonly sha256: string;
}

/**
 * Makes a function's code a directory. A directory is used as it lies; anything else is unpacked under `root`, once for each
 * content. Rejects with InvalidParameterValueException when there is no usable code.
 */
export async function prepareCode(source: CodeSource, runtime: string, root: string): Promise<PreparedCode> {
  if (source.kind === 'zip') return await unpacked(source.bytes, root);
  if (source.kind === 'inline') {
    const file = interpreterOf(runtime) === 'node' ? 'index.js' : 'index.py';
    const digest = createHash('sha256').update(`${file}\n${source.text}`).digest();
    const directory = join(root, digest.toString('hex'));
    await once(directory, (temporary) => writeFile(join(temporary, file), source.text));
    return { directory, bytes: Buffer.byteLength(source.text), sha256: digest.toString('base64') };
  }
  const found = await stat(source.path).catch(() => undefined);
  if (found === undefined) {
    throw apiError('lambda', 'InvalidParameterValueException', `There is no code at ${source.path}.`);
  }
  if (!found.isDirectory()) return await unpacked(await readFile(source.path), root);
  const sha256 = createHash('sha256').update(source.path).digest('base64');
  return { directory: source.path, bytes: 0, sha256 };
}

async function unpacked(bytes: Buffer, root: string): Promise<PreparedCode> {
  const digest = createHash('sha256').update(bytes).digest();
  const directory = join(root, digest.toString('hex'));
  await once(directory, (temporary) => unzip(bytes, temporary));
  return { directory, bytes: bytes.length, sha256: digest.toString('base64') };
}

/** Fills a directory under another name first, so that it is whole whenever it exists. */
async function once(target: string, fill: (directory: string) => Promise<void>): Promise<void> {
  if (existsSync(target)) return;
  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(`${target}-`);
  try {
    await fill(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}
