/**
 * Builds the packages to install elsewhere (docs/decisions/010): `node packages/build.ts [DIRECTORY]`, `npm run build`. For each it
 * leaves a folder `dist/<name>` that holds what is published and nothing else, and beside it the tarball.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundleCommand } from './bundle-command.ts';
import { packedManifest, type Manifest } from './packed-manifest.ts';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
const NODE_ENGINE = '>=24';

/** From below: each package needs only those before it. */
export const PACKAGES = ['asl', 'console', 'engine', 'services', 'server', 'testing'] as const;

/** Builds all packages into a folder, which is emptied first. Gives the tarballs' paths. Throws when any part of it fails. */
export async function build(directory: string): Promise<readonly string[]> {
  rmSync(directory, { recursive: true, force: true });
  buildConsole(join(directory, 'console', 'dist'));
  await buildPackages(directory);
  return pack(directory);
}

/** Builds the packages into a folder, but for the console's pages and the tarballs. */
export async function buildPackages(directory: string): Promise<void> {
  const emitted = mkdtempSync(join(tmpdir(), 'stepyard-build-'));
  try {
    compile(emitted);
    for (const name of PACKAGES) stage(name, join(emitted, name, 'src'), join(directory, name));
    const imported = await bundleCommand(directory);
    writeManifest('server', join(directory, 'server'), dependenciesOn(imported));
  } finally {
    rmSync(emitted, { recursive: true, force: true });
  }
}

function compile(outDir: string): void {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  run(process.execPath, [
    join(dirname(manifest), 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
    '--outDir',
    outDir,
  ]);
}

/** The console's pages, by its own build; into the folder only, because a yard of this checkout may be serving its own. */
function buildConsole(outDir: string): void {
  npm(
    'run',
    '--silent',
    'build',
    '-w',
    '@stepyard/console',
    '--',
    '--logLevel',
    'warn',
    '--outDir',
    outDir,
    '--emptyOutDir',
  );
}

function stage(name: string, emitted: string, target: string): void {
  const source = join(REPOSITORY, 'packages', name);
  cpSync(emitted, join(target, 'lib'), { recursive: true });
  copyOthers(join(source, 'src'), join(target, 'lib'));
  for (const file of globSync('**/*.{js,mjs,d.ts}', { cwd: join(target, 'lib') })) {
    const path = join(target, 'lib', file);
    const text = renameImports(readFileSync(path, 'utf8'), file);
    writeFileSync(path, text);
  }
  cpSync(join(source, 'README.md'), join(target, 'README.md'));
  cpSync(join(REPOSITORY, 'LICENSE'), join(target, 'LICENSE'));
  writeManifest(name, target);
}

function writeManifest(name: string, target: string, more?: Readonly<Record<string, string>>): void {
  const manifest = packedManifest(readManifest(name), NODE_ENGINE, more);
  writeFileSync(join(target, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Packages -> the versions that our packages have of them. */
function dependenciesOn(names: ReadonlySet<string>): Readonly<Record<string, string>> {
  const all = PACKAGES.flatMap((name) => Object.entries(readManifest(name).dependencies ?? {}));
  return Object.fromEntries(all.filter(([name]) => names.has(name)));
}

/** What the compiler leaves behind: scripts that are no TypeScript. The console's sources are in its bundle. */
function copyOthers(source: string, target: string): void {
  for (const file of globSync('**/*.{mjs,py}', { cwd: source })) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(source, file), join(target, file));
  }
}

/**
 * The compiler renames imports in what it emits as JavaScript, and leaves them in declarations; scripts it does not see at all.
 * A file that starts another by its name has to know both names.
 */
function renameImports(text: string, file: string): string {
  const renamed = text.replaceAll(/(\bfrom |\bimport\(|\bimport )(['"])(\.[^'"\n]+)\.ts\2/gu, '$1$2$3.js$2');
  const [, other] = /['"](\.[^'"\n]+)\.ts['"]/u.exec(file.endsWith('.d.ts') ? '' : renamed) ?? [];
  if (other !== undefined && !renamed.includes(`${other}.js`)) {
    throw new Error(`${file} names ${other}.ts, which is ${other}.js once it is built`);
  }
  return renamed;
}

function pack(directory: string): readonly string[] {
  const folders = PACKAGES.map((name) => join(directory, name));
  npm('pack', '--silent', '--pack-destination', directory, ...folders);
  return PACKAGES.map((name) => join(directory, `stepyard-${name}-${readManifest(name).version}.tgz`));
}

function readManifest(name: string): Manifest {
  return JSON.parse(readFileSync(join(REPOSITORY, 'packages', name, 'package.json'), 'utf8')) as Manifest;
}

function npm(...args: readonly string[]): void {
  run('npm', args);
}

/** What the program says goes to stderr. Throws when it fails. */
function run(program: string, args: readonly string[]): void {
  const { status, error } = spawnSync(program, args, { cwd: REPOSITORY, stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw error ?? new Error(`${program} ${args.join(' ')} ended with ${status ?? 'a signal'}`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const tarball of await build(resolve(process.argv[2] ?? join(REPOSITORY, 'dist')))) {
    process.stdout.write(`${(statSync(tarball).size / 1024).toFixed(0).padStart(6)} KiB  ${tarball}\n`);
  }
}
