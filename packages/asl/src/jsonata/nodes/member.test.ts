import { expect, test } from 'vitest';
import { environment } from '../../environment.fixture.ts';
import { compileJsonata } from '../compile-jsonata.ts';
import { Lambda, NativeFn, TailCall } from '../fn.ts';
import { Frame, Run } from '../frame.ts';
import { isGuarded } from './member.ts';

const run = new Run(environment({}), undefined, {
  hasStates: false,
  lookup: () => undefined,
  hides: () => false,
});
const lambda = new Lambda(
  { parameters: [], body: () => 1, keepsScope: false },
  null,
  new Frame(run, undefined),
  undefined,
);

test.each([
  ['own function', new NativeFn(1, () => 1)],
  ['lambda', lambda],
  ['tail call', new TailCall(lambda, [], undefined)],
])('what a %s has for itself is never read as data', (_what, value) => {
  expect(Object.keys(value).filter((name) => !isGuarded(name))).toEqual([]);
});

test.each(['arity', 'native', 'lambda', 'scope', 'constructor', 'toString', '__proto__'])(
  'a function has no member %s',
  (name) => {
    expect(compileJsonata(`($f := function($x){$x}; $f.${name})`).evaluate(environment({}))).toBeUndefined();
    expect(compileJsonata(`$sum.${name}`).evaluate(environment({}))).toBeUndefined();
  },
);
