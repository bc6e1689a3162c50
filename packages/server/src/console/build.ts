/**
 * The console as it is served: what the package carries; in a checkout, what is built from the sources there, whenever they have
 * changed since.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { messageOf } from '../user-error.ts';

const STAMP = '.stamp';
/** What the build is made of, besides the sources of asl. */
const SOURCES = ['src', 'public', 'index.html', 'vite.config.ts', 'package.json'];
const OUTPUT_CHARACTERS_MAX = 4000;

/** The directory of the console's package; undefined where it is not installed. */
export function consoleDirectory(): string | undefined {
  const manifest = findPackageJSON('@stepyard/console', import.meta.url);
  return manifest === undefined ? undefined : dirname(manifest);
}

/** The directory of a build that is up to date, or why there is none. */
export type Built =
  | { readonly kind: 'ready'; readonly directory: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** True when a request for the console can be answered at once. */
export async function isBuilt(directory: string): Promise<boolean> {
  const dist = join(directory, 'dist');
  if (!existsSync(join(dist, 'index.html'))) return false;
  if (!isCheckout(directory)) return true;
  return (await stampOf(dist)) === (await sourcesStamp(directory));
}

/** Builds the console where it has to be, in a process of its own. Never rejects. */
export async function build(directory: string, signal: AbortSignal): Promise<Built> {
  const dist = join(directory, 'dist');
  try {
    if (await isBuilt(directory)) return { kind: 'ready', directory: dist };
    if (!isCheckout(directory)) return { kind: 'failed', reason: `${dist} is missing from the package.` };
    const stamp = await sourcesStamp(directory);
    const made = join(directory, '.stepyard', `build-${process.pid}-${Date.now()}`);
    try {
      await runVite(directory, made, signal);
      await writeFile(join(made, STAMP), stamp);
      await replace(dist, made);
    } finally {
      await rm(made, { recursive: true, force: true });
    }
    return { kind: 'ready', directory: dist };
  } catch (error) {
    return { kind: 'failed', reason: messageOf(error) };
  }
}

function isCheckout(directory: string): boolean {
  return existsSync(join(directory, 'vite.config.ts'));
}

async function stampOf(dist: string): Promise<string | undefined> {
  try {
    return await readFile(join(dist, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}

async function sourcesStamp(directory: string): Promise<string> {
  const hash = createHash('sha256');
  const asl = join(directory, '..', 'asl', 'src');
  for (const path of [...SOURCES.map((source) => join(directory, source)), asl]) {
    for (const file of await filesBelow(path)) {
      if (/\.(?:test|fixture)\.tsx?$/u.test(file)) continue;
      hash.update(`${file.slice(directory.length)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex');
}

async function filesBelow(path: string): Promise<readonly string[]> {
  if (!existsSync(path)) return [];
  try {
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch {
    return [path];
  }
}

/** Another yard may be doing the same: each build is complete in itself, and the last one stays. */
async function replace(dist: string, made: string): Promise<void> {
  const old = `${made}-old`;
  await mkdir(dirname(old), { recursive: true });
  if (existsSync(dist)) await rename(dist, old);
  await rename(made, dist);
  await rm(old, { recursive: true, force: true });
}

async function runVite(directory: string, outDir: string, signal: AbortSignal): Promise<void> {
  const require = createRequire(join(directory, 'package.json'));
  const vite = join(dirname(require.resolve('vite/package.json')), 'bin', 'vite.js');
  const args = [vite, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  await new Promise<void>((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    });
    let output = '';
    const take = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS_MAX);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`Vite ended with status ${code ?? 'none'}.\n${output}`));
    });
  });
}
