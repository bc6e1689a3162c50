import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { proxyTo } from './proxy.ts';

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  open.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('passes a request on as it is, and its answer back', async () => {
  const elsewhere = await listen((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.writeHead(418, { 'x-seen': `${request.method ?? ''} ${request.url ?? ''}` });
      response.end(`${request.headers['x-amz-target'] as string}:${Buffer.concat(chunks).toString()}`);
    });
  });
  const proxy = proxyTo(`${elsewhere}/base/`);
  const origin = await listen((request, response) => void proxy(request, response));
  const answer = await fetch(`${origin}/a?b=c`, {
    method: 'POST',
    headers: { 'x-amz-target': 'T.Op' },
    body: 'x'.repeat(100_000),
  });
  expect(answer.status).toBe(418);
  expect(answer.headers.get('x-seen')).toBe('POST /base/a?b=c');
  expect(await answer.text()).toBe(`T.Op:${'x'.repeat(100_000)}`);
});

test('an endpoint that does not answer is told of by its address', async () => {
  const proxy = proxyTo('http://127.0.0.1:1');
  const origin = await listen((request, response) => void proxy(request, response));
  const answer = await fetch(origin, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(502);
  expect(await answer.json()).toMatchObject({
    __type: 'ServiceUnavailable',
    message: expect.stringContaining('http://127.0.0.1:1 does not answer') as string,
  });
});
