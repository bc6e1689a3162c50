/** 10,000 clients at once, against a yard in a process of its own, so that its files and memory are its own. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sendRaw, rawRequest } from './raw-client.fixture.ts';

const MAIN = fileURLToPath(new URL('../cli/main.mjs', import.meta.url));
const WANTED = 10_000;
const AT_ONCE = 200;
const REQUEST = 'GET /_stepyard/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';

/** A connection that has had one answer and is kept; undefined where the system gives no more. */
function open(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.write(REQUEST));
    socket.once('data', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
    socket.on('error', () => undefined);
  });
}

/** 0 where the system does not tell. */
function openFiles(pid: number): number {
  const directory = `/proc/${pid}/fd`;
  return existsSync(directory) ? readdirSync(directory).length : 0;
}

test(`${WANTED} kept connections: the next client is served, and nothing is left of them`, async ({
  annotate,
}) => {
  // Node raises its soft limit of open files to the hard one by itself.
  const child = spawn(process.execPath, [MAIN, 'start', '--memory', '--port', '0', '--jobs', 'process']);
  const sockets: Socket[] = [];
  try {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await expect.poll(() => text, { timeout: 60_000 }).toContain('To stop');
    const port = Number(/ready at http:\/\/[\d.]+:(\d+)/u.exec(text)?.[1]);
    const before = openFiles(child.pid ?? 0);
    while (sockets.length < WANTED) {
      const opened = await Promise.all(Array.from({ length: AT_ONCE }, () => open(port)));
      sockets.push(...opened.filter((socket) => socket !== undefined));
      if (opened.includes(undefined)) break;
    }
    await annotate(`${sockets.length} connections were open at once`);
    // A machine that allows fewer files allows fewer connections.
    expect(sockets.length).toBeGreaterThan(500);
    const request = rawRequest('CreateActivity', '{"name":"after-all-of-them"}');
    expect((await sendRaw(port, [request], { answers: 1, waitMs: 60_000 })).statuses).toEqual([200]);
    expect(sockets.every((socket) => !socket.destroyed)).toBe(true);
    for (const socket of sockets) socket.destroy();
    await expect.poll(() => openFiles(child.pid ?? 0), { timeout: 60_000 }).toBeLessThanOrEqual(before + 5);
  } finally {
    for (const socket of sockets) socket.destroy();
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    expect(await Promise.race([ended, sleep(30_000, 'still there')])).toBe(0);
  }
});
