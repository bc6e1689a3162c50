/**
 * Real resources that run out or are taken away: a disk, open files, the right to write, the data itself. The yard says so in one line,
 * nothing that it acknowledged is lost, and once the fault is over a restart goes on.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Refusal, YardProcess } from './yard-process.ts';
import { startYardProcess } from './yard-process.ts';

const POLL = { timeout: 60_000, interval: 100 };
const LONG = { timeout: 180_000 };
const DEFINITION = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 2, End: true } } });
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
const isRoot = process.getuid?.() === 0;

let folder = '';
let data = '';
let mounted: string[] = [];
let yards: YardProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stepyard-faults-'));
  data = join(folder, 'data');
  mkdirSync(data);
});
afterEach(async () => {
  await Promise.all(yards.map((yard) => yard.kill()));
  for (const path of mounted.toReversed()) execFileSync('umount', ['--lazy', path]);
  yards = [];
  mounted = [];
  rmSync(folder, { recursive: true, force: true });
});

/** Whether this machine lets this user mount: it is root, and not one in a box. */
const canMount = ((): boolean => {
  if (!isRoot || process.platform !== 'linux') return false;
  const directory = mkdtempSync(join(tmpdir(), 'stepyard-mount-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', 'tmpfs', directory]).status === 0;
  if (isMounted) execFileSync('umount', [directory]);
  rmSync(directory, { recursive: true });
  return isMounted;
})();

function mount(path: string, ...args: string[]): void {
  execFileSync('mount', [...args, path]);
  if (!mounted.includes(path)) mounted.push(path);
}

async function started(filesMax?: number): Promise<YardProcess> {
  const yard = await startYardProcess(data, filesMax);
  if ('status' in yard) throw new Error(`the yard did not start: ${yard.stderr}`);
  yards.push(yard);
  return yard;
}

async function refused(filesMax?: number): Promise<string> {
  const refusal = await startYardProcess(data, filesMax);
  if (!('status' in refusal)) {
    yards.push(refusal);
    throw new Error('the yard started');
  }
  return lineOf(refusal);
}

/** Its one line. */
function lineOf({ status, stderr }: Refusal): string {
  expect({ status, stderr }).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^stepyard: [^\n]+\n$/u),
  });
  return stderr.trim();
}

async function machine({ client }: YardProcess): Promise<void> {
  const roleArn = 'arn:aws:iam::000000000000:role/r';
  await client.send(new CreateStateMachineCommand({ name: 'm', definition: DEFINITION, roleArn }));
}

async function start({ client }: YardProcess, input = '{}'): Promise<string> {
  const sent = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, input }));
  return sent.executionArn ?? '';
}

/** All of them come to their ends, with the input that they were given. */
async function allEnd({ client }: YardProcess, arns: readonly string[], input = '{}'): Promise<void> {
  for (const executionArn of arns) {
    const describe = (): Promise<object> => client.send(new DescribeExecutionCommand({ executionArn }));
    // oxlint-disable-next-line no-await-in-loop
    await expect.poll(describe, POLL).toMatchObject({ status: 'SUCCEEDED', input, output: input });
  }
}

test.skipIf(!canMount)('a disk that is full (skipped where nothing can be mounted)', LONG, async () => {
  mount(data, '-t', 'tmpfs', '-o', 'size=3m', 'tmpfs');
  const yard = await started();
  await machine(yard);
  const input = JSON.stringify({ text: 'x'.repeat(100_000) });
  const arns: string[] = [];
  const fill = async (): Promise<void> => {
    for (;;) arns.push(await start(yard, input));
  };
  await expect(fill()).rejects.toThrow(
    /^The journal \S+ cannot be written \(database or disk is full\): nothing more is accepted until a restart\.$/u,
  );
  expect(arns.length).toBeGreaterThan(5);
  // What there is can be looked at; nothing new is accepted; it is said once.
  const first = new DescribeExecutionCommand({ executionArn: arns[0] ?? '' });
  expect(await yard.client.send(first)).toMatchObject({ status: 'RUNNING', input });
  await expect(start(yard, '{}')).rejects.toThrow('nothing more is accepted until a restart');
  expect(yard.complaints().match(/The journal .* disk is full/gu)).toHaveLength(1);
  // What is written on the side, metrics of these executions, does not end the process either.
  await expect
    .poll(() => yard.complaints(), POLL)
    .toContain('Metrics cannot be written (database or disk is full)');
  expect(await yard.client.send(first)).toMatchObject({ status: 'RUNNING' });
  await yard.kill();

  mount(data, '-o', 'remount,size=64m');
  await allEnd(await started(), arns, input);
});

test('too few files to open: one line, and it starts once there are more', LONG, async () => {
  const lines: string[] = [];
  for (const filesMax of [23, 24, 25, 26, 27, 28, 30]) {
    // oxlint-disable-next-line no-await-in-loop
    const yard = await startYardProcess(data, filesMax);
    if (!('status' in yard)) yards.push(yard);
    // With fewer still, Node itself does not come up, or cannot load what the yard is made of.
    else if (yard.status !== null && yard.status < 128 && !yard.stderr.includes('node:internal/modules/'))
      lines.push(lineOf(yard));
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all(yards.map((other) => other.kill()));
  }
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/The data|The journal/u);
  const yard = await started();
  await machine(yard);
  await allEnd(yard, [await start(yard)]);
});

test(
  'connections use up all files: what is connected is served, and everybody once they are gone',
  LONG,
  async () => {
    const yard = await started(64);
    await machine(yard);
    const arns = [await start(yard)];
    const { port, hostname } = new URL(yard.origin);
    const sockets: Socket[] = Array.from({ length: 100 }, () => connect(Number(port), hostname));
    for (const socket of sockets) socket.on('error', () => undefined);
    await Promise.all(
      sockets.map((socket) => Promise.race([once(socket, 'connect'), once(socket, 'close')])),
    );
    arns.push(await start(yard));
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => start(yard).then((arn) => arns.push(arn)), POLL).toBeGreaterThan(2);
    await yard.kill();
    await allEnd(await started(), arns);
  },
);

test('a second process on the same data is refused, and the first one does not notice', LONG, async () => {
  const first = await started();
  await machine(first);
  const arns = [await start(first)];
  expect(await refused()).toContain(`is in use by another yard (process ${first.pid})`);
  arns.push(await start(first));
  await allEnd(first, arns);
  expect(first.complaints()).toBe('');
});

/** Nothing can be written there, whoever asks: root may write where others may not, but not where nobody may. */
function forbid(path: string, isForbidden: boolean, mode: number): void {
  if (!isRoot) chmodSync(path, isForbidden ? mode & 0o555 : mode);
  else if (isForbidden) {
    mount(path, '--bind', path);
    mount(path, '-o', 'remount,bind,ro');
  } else {
    execFileSync('umount', ['--lazy', path]);
    mounted = mounted.filter((other) => other !== path);
  }
}

test.skipIf(isRoot && !canMount).each([
  [
    'directory',
    '',
    0o755,
    /^stepyard: The data directory \S+ cannot be used \([^\n]+\): choose another with --data\.$/u,
  ],
  ['journal', 'journal.sqlite', 0o644, /^stepyard: The journal \S+ cannot be [^\n]+\.$/u],
])('a read-only %s (skipped where root cannot mount)', LONG, async (_name, file, mode, line) => {
  const yard = await started();
  await machine(yard);
  const arns = [await start(yard)];
  await yard.kill();
  const path = join(data, file);
  expect(existsSync(path)).toBe(true);
  forbid(path, true, mode);
  expect(await refused()).toMatch(line);
  forbid(path, false, mode);
  await allEnd(await started(), arns);
});
