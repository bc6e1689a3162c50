import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const directory = mkdtempSync(join(tmpdir(), 'stepyard-watchdog-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SLEEP = 'setTimeout(() => {}, 60_000)';

async function until(check: () => boolean): Promise<boolean> {
  for (let i = 0; i < 250; i += 1) {
    if (check()) return true;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}

test('a job and what it started end with the yard, even when that is killed', async () => {
  const jobDirectory = mkdtempSync(join(directory, 'job-'));
  const marker = join(directory, 'orphaned');
  const job = `const child = require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(SLEEP)}]);
    process.on("SIGTERM", () => {});
    console.log(process.pid, child.pid); ${SLEEP}`;
  const spec = {
    file: process.execPath,
    args: ['-e', job],
    cwd: jobDirectory,
    env: {},
    directory: jobDirectory,
    orphanCommand: [process.execPath, '-e', `require("fs").writeFileSync(${JSON.stringify(marker)}, "")`],
  };
  // A yard of its own, to be killed.
  const yard = join(directory, 'yard.mjs');
  const module = fileURLToPath(new URL('guarded-process.ts', import.meta.url));
  writeFileSync(
    yard,
    `import { startGuarded } from ${JSON.stringify(module)};
     startGuarded(${JSON.stringify(spec)}, (chunk) => process.stdout.write(chunk));`,
  );
  const running = spawn(process.execPath, ['--no-warnings', yard], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await new Promise<string[]>((resolve) => {
    createInterface({ input: running.stdout }).once('line', (text) => resolve([text]));
  });
  const pids = (line ?? '').split(' ').map(Number);
  expect(pids.map((pid) => isGone(pid))).toEqual([false, false]);
  running.kill('SIGKILL');
  expect(await until(() => pids.every((pid) => isGone(pid)))).toBe(true);
  expect(await until(() => !existsSync(jobDirectory) && existsSync(marker))).toBe(true);
});
