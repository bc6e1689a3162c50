import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Assets } from './assets.ts';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(3000))});\n`;
let directory = '';
let server: Server;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'stepyard-assets-'));
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>console</title>');
  writeFileSync(join(directory, 'assets', 'main-a1b2.js'), SCRIPT);
  writeFileSync(join(directory, 'icon.svg'), '<svg/>');
  writeFileSync(join(directory, '.stamp'), 'secret');
  const assets = await Assets.read(directory);
  server = createServer((asked, response) => assets.answer((asked.url ?? '/').slice(1), asked, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    // As it is: a client that normalises paths would hide what is tested here.
    request({ port, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const HTML = { accept: 'text/html' };

test('files whose names carry a hash are kept for good, the page is asked for each time', async () => {
  const script = await get('/assets/main-a1b2.js');
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await get('/index.html')).headers['cache-control']).toBe('no-cache');
});

test('every answer forbids what the console does not need', async () => {
  for (const path of ['/', '/icon.svg', '/assets/main-a1b2.js', '/assets/none.js']) {
    const { headers } = await get(path, HTML);
    const policy = String(headers['content-security-policy']);
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
  }
});

test.each([
  ['br, gzip', 'br', brotliDecompressSync],
  ['gzip', 'gzip', gunzipSync],
] as const)('a client that takes %s gets %s', async (accepted, encoding, decompress) => {
  const { headers, body } = await get('/assets/main-a1b2.js', { 'accept-encoding': accepted });
  expect(headers['content-encoding']).toBe(encoding);
  expect(body.length).toBeLessThan(SCRIPT.length / 10);
  expect(decompress(body).toString()).toBe(SCRIPT);
});

test('a place within the console is the page; a file that is not there is not', async () => {
  const place = await get('/executions/arn:aws:states:us-east-1:0:execution:m:x', HTML);
  expect([place.status, place.body.toString()]).toEqual([200, '<!doctype html><title>console</title>']);
  expect((await get('/assets/none.js', HTML)).status).toBe(404);
  expect((await get('/executions/x', { accept: 'application/json' })).status).toBe(404);
});

test.each(['/.stamp', '/../package.json', '/assets/../.stamp', '/%2e%2e/package.json', '/__proto__'])(
  '%s leads nowhere',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);
