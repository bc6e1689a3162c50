import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { build, consoleDirectory, isBuilt } from './build.ts';

const NEVER = new AbortController().signal;
/** Below the console's package, whose Vite it is built with. */
const ROOT = join(consoleDirectory() ?? '', '.stepyard');
let directory = '';

beforeEach(() => {
  mkdirSync(ROOT, { recursive: true });
  directory = mkdtempSync(join(ROOT, 'test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A console of one line. */
function checkout(script: string): void {
  mkdirSync(join(directory, 'src'), { recursive: true });
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  writeFileSync(join(directory, 'vite.config.ts'), 'export default {};');
  writeFileSync(join(directory, 'index.html'), '<script type="module" src="/src/main.ts"></script>');
  writeFileSync(join(directory, 'src', 'main.ts'), script);
}

function built(): string {
  const assets = join(directory, 'dist', 'assets');
  return readdirSync(assets)
    .map((file) => readFileSync(join(assets, file), 'utf8'))
    .join('');
}

test('a checkout is built, and again when its sources have changed', async () => {
  checkout('console.log("first")');
  expect(await isBuilt(directory)).toBe(false);
  expect(await build(directory, NEVER)).toEqual({ kind: 'ready', directory: join(directory, 'dist') });
  expect(built()).toContain('first');
  expect(await isBuilt(directory)).toBe(true);
  writeFileSync(join(directory, 'src', 'main.ts'), 'console.log("second")');
  expect(await isBuilt(directory)).toBe(false);
  await build(directory, NEVER);
  expect(built()).toContain('second');
  // Nothing is left of the builds themselves.
  expect(readdirSync(join(directory, '.stepyard'))).toEqual([]);
});

test('a build that fails says why, and leaves what there was', async () => {
  checkout('console.log("good")');
  await build(directory, NEVER);
  writeFileSync(join(directory, 'src', 'main.ts'), 'const = ;');
  const failed = await build(directory, NEVER);
  expect(failed.kind === 'failed' ? failed.reason : '').toMatch(/Vite ended with status 1[\s\S]*main\.ts/u);
  expect(built()).toContain('good');
});

test('what a package carries is taken as it is; a package without it says so', async () => {
  mkdirSync(join(directory, 'dist'));
  expect(await build(directory, NEVER)).toMatchObject({ kind: 'failed' });
  writeFileSync(join(directory, 'dist', 'index.html'), '');
  expect(await isBuilt(directory)).toBe(true);
  expect(await build(directory, NEVER)).toMatchObject({ kind: 'ready' });
});

test('a build ends with the yard', async () => {
  checkout('console.log("never")');
  const abort = new AbortController();
  const building = build(directory, abort.signal);
  abort.abort();
  expect((await building).kind).toBe('failed');
  expect(existsSync(join(directory, 'dist'))).toBe(false);
});
