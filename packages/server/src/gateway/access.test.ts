import { describe, expect, test } from 'vitest';
import { corsHeaders, isTrustedHost, isTrustedOrigin, refusalReason } from './access.ts';

describe('isTrustedHost', () => {
  test.each([
    '127.0.0.1:4566',
    'localhost',
    'LOCALHOST:4566',
    '[::1]:4566',
    'bucket.s3.localhost:4566',
    'sync-states.us-east-1.amazonaws.com',
    'sync-localhost:4566',
    'sync-127.0.0.1:4566',
    '192.168.1.20:4566',
    'host.docker.internal:4566',
  ])('lets %s pass', (host) => {
    expect(isTrustedHost(host)).toBe(true);
  });

  test.each([
    '',
    'evil.example',
    'sync-evil.example',
    'sync-sync-localhost',
    'localhost.evil.example',
    'evillocalhost',
    'amazonaws.com.evil.example',
    'notamazonaws.com',
    '127.0.0.1.evil.example',
    'localhost:4566, evil.example',
    'a@localhost',
    '[::1',
    'localhost:999999',
  ])('refuses %j', (host) => {
    expect(isTrustedHost(host)).toBe(false);
  });
});

describe('isTrustedOrigin', () => {
  test.each([
    'http://localhost:5173',
    'https://app.localhost',
    'http://127.0.0.1',
    'http://127.8.9.1:1',
    'http://[::1]:80',
  ])('lets %s pass', (origin) => {
    expect(isTrustedOrigin(origin)).toBe(true);
  });

  test.each([
    'null',
    'https://evil.example',
    'http://127.0.0.1.evil.example',
    'http://192.168.1.20',
    'file://',
    'http://a/b',
  ])('refuses %s', (origin) => {
    expect(isTrustedOrigin(origin)).toBe(false);
  });
});

test('a client that is no browser passes; a page of another site does not, whatever it sends', () => {
  expect(refusalReason({ host: 'localhost:1' })).toBeUndefined();
  expect(refusalReason({ host: 'localhost:1', origin: 'http://localhost:1' })).toBeUndefined();
  expect(refusalReason({ host: 'localhost:1', origin: 'https://evil.example' })).toContain(
    'https://evil.example',
  );
  expect(refusalReason({ host: 'localhost:1', 'sec-fetch-site': 'cross-site' })).toContain('another site');
  expect(refusalReason({ host: 'rebound.example' })).toContain('rebound.example');
});

test('CORS answers name the origin that asked, and are absent without one', () => {
  expect(corsHeaders({})).toEqual({});
  expect(
    corsHeaders({ origin: 'http://localhost:1', 'access-control-request-headers': 'x-amz-target' }),
  ).toMatchObject({
    'access-control-allow-origin': 'http://localhost:1',
    'access-control-allow-headers': 'x-amz-target',
  });
});
