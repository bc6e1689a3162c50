import { describe, expect, test } from 'vitest';
import { matchPath, pathPart, queryText, to } from './paths.ts';

describe('paths', () => {
  test('a pattern gives the parameters of a path that fits it', () => {
    expect(matchPath('machines', 'machines')).toEqual({});
    expect(matchPath('machines', 'machines/')).toEqual({});
    expect(matchPath('machines/:name', 'machines/a%2Fb')).toEqual({ name: 'a/b' });
    expect(matchPath('machines/:name', 'machines/')).toBeUndefined();
    expect(matchPath('machines/:name', 'machines/a/b')).toBeUndefined();
    expect(matchPath('machines/:name', 'machines/%E0%A4%A')).toBeUndefined();
  });

  test('what a part is made of comes back, whatever is in it', () => {
    for (const text of ['arn:aws:states:eu-west-1:1:execution:m:é/?#&%', '<b>', '__proto__', '..%2f']) {
      expect(matchPath('x/:part', `x/${pathPart(text)}`)).toEqual({ part: text });
    }
    expect(pathPart('arn:aws:a')).toBe('arn:aws:a');
  });

  test('a query leaves out what is not there', () => {
    expect(queryText({ a: undefined, b: null, c: '' })).toBe('');
    expect(queryText({ view: 'graph', visit: 0, text: 'a b&c' })).toBe('?view=graph&visit=0&text=a+b%26c');
    expect(to.execution('arn:x', { visit: 4 })).toBe('executions/arn:x?visit=4');
  });
});
