import { expect, test } from 'vitest';
import { decodePageToken, encodePageToken } from './page-token.ts';

const SCOPE = ['ListExecutions', 'arn:aws:states:us-east-1:000000000000:stateMachine:m', null];

test('a token gives back where the next page starts, for the same request only', () => {
  const token = encodePageToken(SCOPE, '42:é');
  expect(token).toMatch(/^[\w-]+$/u);
  expect(decodePageToken(SCOPE, token)).toBe('42:é');
  expect(() => decodePageToken([...SCOPE, 'RUNNING'], token)).toThrow("Invalid Token: 'Invalid token'");
});

test('no next page, no token; no token, from the start', () => {
  expect(encodePageToken(SCOPE, undefined)).toBeUndefined();
  expect(decodePageToken(SCOPE, undefined)).toBeUndefined();
});

test.each(['x', 'x'.repeat(3096), '%%%', `${encodePageToken(SCOPE, '1') ?? ''}=`, '\u0000'])(
  'refuses the made-up token %j',
  (token) => {
    expect(() => decodePageToken(SCOPE, token)).toThrow(
      expect.objectContaining({ code: 'InvalidToken' }) as Error,
    );
  },
);
