import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataDirectory } from './data-directory.ts';
import { UserError } from './user-error.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stepyard-data-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a second yard on the same data is refused in one line that names the first', async () => {
  const first = await openDataDirectory(join(root, 'deep', 'data'));
  const second = openDataDirectory(join(root, 'deep', 'data'));
  await expect(second).rejects.toThrow(UserError);
  await expect(second).rejects.toThrow(`process ${process.pid}`);
  first.release();
  (await openDataDirectory(join(root, 'deep', 'data'))).release();
});

test('a process that died without releasing leaves no lock', async () => {
  const script = join(root, 'die.ts');
  const module = new URL('data-directory.ts', import.meta.url).href;
  writeFileSync(
    script,
    `const { openDataDirectory } = await import(${JSON.stringify(module)});
    await openDataDirectory(${JSON.stringify(join(root, 'data'))});
    process.kill(process.pid, 'SIGKILL');`,
  );
  await expect(promisify(execFile)(process.execPath, [script])).rejects.toMatchObject({ signal: 'SIGKILL' });
  (await openDataDirectory(join(root, 'data'))).release();
});

test('a path that cannot be a directory is named', async () => {
  writeFileSync(join(root, 'file'), '');
  await expect(openDataDirectory(join(root, 'file', 'data'))).rejects.toThrow('file is a file)');
});

test.skipIf(!existsSync('/proc/self'))(
  'below /proc too, where a recursive mkdir would go on for ever',
  async () => {
    await expect(openDataDirectory('/proc/stepyard/data')).rejects.toThrow('cannot be created (ENOENT)');
  },
);
