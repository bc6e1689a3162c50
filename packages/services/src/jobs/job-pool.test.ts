import { readdirSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { JobPool, PoolFullError, type PooledEnd } from './job-pool.ts';
import type { ContainerJob } from './runner.ts';
import { NODE_DOCKERFILE, TestImages } from './test-images.ts';

const testImages = new TestImages();
afterAll(() => testImages.remove());
const NODE = testImages.add('node', NODE_DOCKERFILE);
const SLEEP = 'setTimeout(() => {}, 60_000)';

const pools: JobPool[] = [];
function poolOf(options: Partial<ConstructorParameters<typeof JobPool>[0]> = {}): JobPool {
  const runner = testImages.runner({ YARD: 'yes' });
  const pool = new JobPool({ runner, ...options });
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function job(command: readonly string[] | undefined, fields: Partial<ContainerJob> = {}): ContainerJob {
  return {
    name: 'job',
    image: NODE,
    entryPoint: undefined,
    command,
    environment: {},
    workingDirectory: undefined,
    user: undefined,
    memoryMb: undefined,
    readonlyRootFilesystem: false,
    writablePaths: [],
    stopTimeoutMs: 30_000,
    ...fields,
  };
}

async function run(
  pool: JobPool,
  wanted: ContainerJob,
  timeoutMs?: number,
): Promise<{ end: PooledEnd; output: string }> {
  const pooled = pool.run(wanted, timeoutMs === undefined ? {} : { timeoutMs });
  const end = await pooled.ended;
  const output = pooled.log
    .lines()
    .map((line) => line.message)
    .join('\n');
  return { end, output };
}

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100; i += 1) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}

describe('a job as a process group', () => {
  test('runs the command of its image and tells its exit code and output', async () => {
    expect(await run(poolOf(), job(undefined))).toEqual({
      end: { kind: 'exited', exitCode: 0, outOfMemory: false },
      output: '1',
    });
    const failed = await run(poolOf(), job(['console.error("no"); process.exit(3)']));
    expect(failed).toEqual({ end: { kind: 'exited', exitCode: 3, outOfMemory: false }, output: 'no' });
  });

  test('has the environment of the job and of the yard, and nothing of this process', async () => {
    process.env['STEPYARD_TEST_SECRET'] = 'secret';
    const { output } = await run(
      poolOf(),
      job(['const { YARD, OWN, STEPYARD_TEST_SECRET: S } = process.env; console.log(YARD, OWN, S)'], {
        environment: { OWN: 'a b\nc' },
      }),
    );
    delete process.env['STEPYARD_TEST_SECRET'];
    expect(output).toBe('yes a b\nc undefined');
  });

  test('finds its files in a fresh copy, which is removed afterwards', async () => {
    const reference = testImages.add(
      'copying',
      'FROM scratch\nWORKDIR /app\nCOPY main.mjs ./\nCOPY data.txt /data/\nCMD ["node", "/app/main.mjs"]',
      {
        'main.mjs':
          'import fs from "node:fs"; fs.appendFileSync("count", "x"); console.log(process.cwd(), fs.readFileSync("count", "utf8"), fs.readFileSync("../data/data.txt", "utf8"))',
        'data.txt': 'data',
      },
    );
    const pool = poolOf();
    const first = await run(pool, job(undefined, { image: reference }));
    const second = await run(pool, job(undefined, { image: reference }));
    expect(first.output).toMatch(/app x data$/u);
    expect(second.output).toMatch(/app x data$/u);
    const root = first.output.slice(0, first.output.indexOf('/app'));
    expect(() => readdirSync(root)).toThrow('ENOENT');
  });

  test('says in its log that RUN was not executed', async () => {
    const reference = testImages.add('run', 'FROM scratch\nRUN npm ci\nCMD ["node", "-e", "console.log(2)"]');
    const { output } = await run(poolOf(), job(undefined, { image: reference }));
    expect(output).toBe('[stepyard] process mode does not execute: RUN npm ci\n2');
  });

  test('does not start what it cannot run, and says why', async () => {
    const pool = poolOf();
    const other = await run(pool, job(undefined, { image: 'public.ecr.aws/busybox' }));
    expect(other.end).toEqual({
      kind: 'notStarted',
      reason: expect.stringMatching(
        /^CannotPullContainerError: public\.ecr\.aws\/busybox is not an image asset/u,
      ) as string,
    });
    const staged = testImages.add('staged', 'FROM a AS b\nFROM scratch\nCOPY --from=b /x /x\nCMD ["x"]');
    expect((await run(pool, job(undefined, { image: staged }))).end).toMatchObject({
      kind: 'notStarted',
      reason: expect.stringContaining('needs a container engine: COPY --from=b /x /x') as string,
    });
    expect((await run(pool, job(undefined, { entryPoint: ['/no/such/program'] }))).end).toMatchObject({
      kind: 'notStarted',
      reason: expect.stringMatching(/^CannotStartContainerError: .*ENOENT/u) as string,
    });
    const silent = testImages.add('silent', 'FROM scratch');
    expect((await run(pool, job(undefined, { image: silent }))).end).toMatchObject({
      reason: 'CannotStartContainerError: neither the job nor the Dockerfile names a command',
    });
  });

  test('is stopped by SIGTERM and may end in its own way', async () => {
    const pooled = poolOf().run(
      job([`process.on("SIGTERM", () => process.exit(7)); console.log("up"); ${SLEEP}`]),
      { onLine: () => pooled.stop() },
    );
    expect(await pooled.ended).toEqual({ kind: 'stopped', exitCode: 7 });
  });

  test('is killed when SIGTERM does not end it in time', async () => {
    const pooled = poolOf().run(
      job([`process.on("SIGTERM", () => {}); console.log("up"); ${SLEEP}`], { stopTimeoutMs: 100 }),
      { onLine: () => pooled.stop() },
    );
    expect(await pooled.ended).toEqual({ kind: 'stopped', exitCode: 137 });
  });

  test('times out', async () => {
    const { end } = await run(poolOf(), job([SLEEP]), 300);
    expect(end).toEqual({ kind: 'timedOut', exitCode: 143 });
  });

  test('takes what it started with it', async () => {
    const child = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(SLEEP)}], { stdio: "inherit" })`;
    const { output, end } = await run(poolOf(), job([`console.log(${child}.pid); process.exit(0)`]));
    expect(end).toMatchObject({ exitCode: 0 });
    expect(await isGone(Number(output))).toBe(true);
  });
});

describe('limits', () => {
  test('so many run at once; the others wait their turn', async () => {
    const pool = poolOf({ concurrencyMax: 2 });
    let active = 0;
    let most = 0;
    const jobs = [1, 2, 3, 4, 5].map(() => {
      const pooled = pool.run(job(['setTimeout(() => {}, 50)']), {
        onStarting: () => {
          active += 1;
          most = Math.max(most, active);
        },
      });
      return pooled.ended.then(() => {
        active -= 1;
      });
    });
    await Promise.all(jobs);
    expect(most).toBe(2);
  });

  test('one more than may wait is refused; a waiting job can be stopped', async () => {
    const pool = poolOf({ concurrencyMax: 1, waitingMax: 1 });
    pool.run(job([SLEEP]), {});
    const waiting = pool.run(job([SLEEP]), {});
    expect(() => pool.run(job([SLEEP]), {})).toThrow(PoolFullError);
    waiting.stop();
    expect(await waiting.ended).toEqual({ kind: 'stopped', exitCode: undefined });
    const next = pool.run(job([SLEEP]), {});
    next.stop();
    expect(await next.ended).toEqual({ kind: 'stopped', exitCode: undefined });
  });

  test('closing ends running and waiting jobs', async () => {
    const pool = poolOf({ concurrencyMax: 1 });
    const up = Promise.withResolvers<void>();
    const running = pool.run(job([SLEEP]), { onRunning: up.resolve });
    const waiting = pool.run(job([SLEEP]), {});
    await up.promise;
    await pool.close();
    expect(await running.ended).toEqual({ kind: 'exited', exitCode: 137, outOfMemory: false });
    expect(await waiting.ended).toEqual({ kind: 'stopped', exitCode: undefined });
  });

  test('no job runs longer than the pool allows', async () => {
    const { end } = await run(poolOf({ runtimeMsMax: 300 }), job([SLEEP]), 60_000);
    expect(end).toEqual({ kind: 'timedOut', exitCode: 143 });
  });
});
