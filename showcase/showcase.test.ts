/** The showcase as a newcomer starts it: in a process of its own, seen only by what it prints and how it ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.mjs', import.meta.url));
/** What the issue promises for a first run is 60 s; a machine that runs other tests meanwhile gets more. */
const RUN_TIMEOUT_MS = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'stepyard-showcase-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when the output has it. */
  until(text: string): Promise<string>;
  interrupt(): void;
}

function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  let watch: (() => void) | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    watch?.();
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ status: child.exitCode, out, err }));
  return {
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        watch = () => {
          if (out.includes(text)) resolve(out);
        };
        watch();
        void ended.then(() => reject(new Error(`ended without ${JSON.stringify(text)}:\n${out}\n${err}`)));
      }),
    interrupt: () => child.kill('SIGINT'),
  };
}

const run = (...args: readonly string[]): Promise<Ended> => start(args).ended;

/** The cells of a row of the summary. */
function row(out: string, name: string): readonly string[] {
  const line = out.split('\n').findLast((text) => text.startsWith(`${name} `));
  return (line ?? '').trim().split(/ {2,}/u);
}

describe('npm start', () => {
  test(
    '--once runs every use case on the sample records and ends with 0',
    { timeout: RUN_TIMEOUT_MS },
    async () => {
      const { status, out, err } = await run('--once', '--port', '0', '--data', join(folder, 'once'));
      expect({ status, err }, out).toEqual({ status: 0, err: '' });
      expect(out).toContain('✔ All 6 use cases ended as they should');
      const jobs = ['SUCCEEDED', expect.any(String), '3', '–', '–', '–', 'SUCCEEDED'];
      expect(row(out, 'batch-job-notification').slice(1)).toEqual(jobs);
      expect(row(out, 'fargate-task-notification').slice(1)).toEqual(jobs);
      // Thirty records, and one row without a payload.
      const moved = ['30', '1', '0', 'SUCCEEDED'];
      expect(row(out, 'transfer-records').slice(4)).toEqual(moved);
      expect(row(out, 'transfer-records-parent').slice(4)).toEqual(moved);
      expect(row(out, 'state-tour')[1]).toBe('SUCCEEDED');
      expect(row(out, 'state-tour-jsonata')[1]).toBe('SUCCEEDED');
      expect(out).toContain(`Everything is kept in ${join(folder, 'once')}.`);
    },
  );

  test(
    'shows failures that are asked for, takes own records, and stays up until Ctrl-C',
    { timeout: RUN_TIMEOUT_MS },
    async () => {
      const path = join(folder, 'own.csv');
      writeFileSync(
        path,
        `sku,name\n${Array.from({ length: 7 }, (_, index) => `${index},"part, ""${index}"""`).join('\n')}\n`,
      );
      const running = start(
        ['--fail-job', '--fail-task', '--records', path, '--key', 'sku', '--port', '0'].concat(
          '--data',
          join(folder, 'up'),
        ),
      );
      const out = await running.until('list-executions');
      expect(out).toContain('✔ All 6 use cases ended as they should');
      expect(row(out, 'batch-job-notification').slice(1)).toEqual([
        'FAILED, as asked',
        expect.any(String),
        '3',
        '–',
        '–',
        '–',
        'FAILED',
      ]);
      expect(row(out, 'fargate-task-notification')[1]).toBe('FAILED, as asked');
      expect(row(out, 'fargate-task-notification').at(-1)).toBe('FAILED');
      expect(row(out, 'transfer-records').slice(4)).toEqual(['7', '0', '0', 'SUCCEEDED']);
      const [, origin] = /stays up at (http:\/\/127\.0\.0\.1:\d+)/u.exec(out) ?? [];
      const health = await fetch(`${origin}/_stepyard/health`);
      expect(health.status).toBe(200);
      running.interrupt();
      expect(await running.ended).toMatchObject({ status: 0, err: '' });
      await expect(fetch(`${origin}/_stepyard/health`)).rejects.toThrow('fetch failed');
    },
  );
});

describe('the user is told in one line, with exit status 2, before anything is started', () => {
  const unused = join(folder, 'unused');

  test.each([
    [['--recrods', 'x'], "Unknown option '--recrods'. See npm start -- --help.\n"],
    [['--records', join(folder, 'nowhere.json')], `${join(folder, 'nowhere.json')}: there is no such file\n`],
  ])('%j', async (args, message) => {
    expect(await run(...args, '--data', unused)).toEqual({ status: 2, out: '', err: message });
    expect(existsSync(unused)).toBe(false);
  });

  test('a mistake in the records', async () => {
    const path = join(folder, 'twice.jsonl');
    writeFileSync(path, '{"id":"a"}\n{"id":"b"}\n{"id":"a"}\n');
    expect(await run('--records', path, '--data', unused)).toEqual({
      status: 2,
      out: '',
      err: `${path}:3: the key "a" is already that of line 1\n`,
    });
    expect(existsSync(unused)).toBe(false);
  });

  test('a port that is taken', { timeout: RUN_TIMEOUT_MS }, async () => {
    const { createServer } = await import('node:net');
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { status, err } = await run('--once', '--port', String(port), '--data', join(folder, 'taken'));
    server.close();
    expect(status).toBe(2);
    expect(err).toBe(
      `Port ${port} on 127.0.0.1 is taken: choose another with --port (0 takes any free one).\n`,
    );
    expect(existsSync(join(folder, 'taken'))).toBe(false);
  });

  test('--help', async () => {
    const { status, out } = await run('--help');
    expect(status).toBe(0);
    expect(out).toContain('Usage: npm start');
  });
});
