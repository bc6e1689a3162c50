import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const JOB = fileURLToPath(new URL('job.mjs', import.meta.url));

interface Run {
  readonly code: number | null;
  readonly lines: readonly Record<string, unknown>[];
}

/** Runs the job as its container does; `onLine` sees each log line as it comes. */
async function run(
  input: string | undefined,
  onLine: (line: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, [JOB], {
    env: { EXECUTION_ID: 'arn:execution', ...(input === undefined ? {} : { JOB_INPUT: input }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    onLine(chunk, (signal) => child.kill(signal));
  });
  await once(child, 'close');
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  return { code: child.exitCode, lines };
}

describe('the job', () => {
  test('digests the records that its input asks for, the same on every machine', async () => {
    const { code, lines } = await run('{"records": 3}');
    expect(code).toBe(0);
    expect(lines.map((line) => line['message'])).toEqual(['job started', 'job done']);
    expect(lines[1]).toMatchObject({ level: 'INFO', executionId: 'arn:execution', records: 3 });
    expect(lines[1]?.['digest']).toMatchInlineSnapshot(
      `"475f9d6af0a28311c60714e0a96839a423c2ab003b2c0ff2392fb5b00e94a16f"`,
    );
  });

  test('needs no input', async () => {
    expect((await run(undefined)).code).toBe(0);
  });

  test('fails with the exit code that its input asks for', async () => {
    expect((await run('{"fail": true}')).code).toBe(1);
    expect((await run('{"fail": true, "exitCode": 3}')).code).toBe(3);
  });

  test.each([
    ['not JSON', '{'],
    ['no object', '[1]'],
    ['too many records', '{"records": 1000001}'],
    ['records that are no number', '{"records": "3"}'],
    ['an exit code that means success', '{"fail": true, "exitCode": 0}'],
  ])('refuses %s with one line and exit code 2', async (_name, input) => {
    const { code, lines } = await run(input);
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'ERROR', message: expect.stringContaining('JOB_INPUT') });
  });

  test('stops within its work when it is told to', async () => {
    let told = false;
    const { code, lines } = await run('{"seconds": 60}', (_line, kill) => {
      // Once, as an engine does it: a second signal may meet a Node that has already put its handlers away.
      if (!told) kill('SIGTERM');
      told = true;
    });
    expect(code).toBe(143);
    expect(lines.at(-1)).toMatchObject({ message: 'job stopped before its end' });
  });
});
