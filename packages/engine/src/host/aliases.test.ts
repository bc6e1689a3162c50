import { expect, test } from 'vitest';
import { routeFor } from './aliases.ts';
import { createIds } from './ids.ts';
import { createMemoryStore } from '../journal/memory-store.ts';
import { JournalWriter } from './journal-writer.ts';
import { Machines } from './machines.ts';
import { Resources } from './resources.ts';
import { Revisions } from './revisions.ts';
import { ALIASES_MAX } from './aliases.ts';

const DEFINITION = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}';
const ROLE = 'arn:aws:iam::000000000000:role/x';

function machines(seed = 'seed') {
  const store = createMemoryStore();
  const resources = new Resources(store, new JournalWriter(store, () => undefined));
  const all = new Machines(
    { region: 'us-east-1', account: '000000000000' },
    createIds(seed),
    resources,
    new Revisions(store),
  );
  const { stateMachineArn } = all.create({ name: 'm', definition: DEFINITION, roleArn: ROLE }, 1);
  return { all, stateMachineArn };
}

/** A machine with `count` versions. */
function versioned(count: number, seed?: string) {
  const { all, stateMachineArn } = machines(seed);
  const arns = Array.from({ length: count }, (_, index) => {
    if (index > 0) all.update({ stateMachineArn, roleArn: `${ROLE}${index}` }, index);
    return all.publish({ stateMachineArn }, index).stateMachineVersionArn;
  });
  return { all, stateMachineArn, arns };
}

test('publishes a revision once, and never uses a number again', () => {
  const { all, stateMachineArn, arns } = versioned(2);
  expect(arns).toEqual([`${stateMachineArn}:1`, `${stateMachineArn}:2`]);
  expect(all.publish({ stateMachineArn }, 9).stateMachineVersionArn).toBe(arns[1]);
  all.deleteVersion(arns[1] ?? '');
  expect(all.publish({ stateMachineArn }, 9).stateMachineVersionArn).toBe(`${stateMachineArn}:3`);
  expect(all.versions(stateMachineArn).map((version) => version.stateMachineVersionArn)).toEqual([
    `${stateMachineArn}:3`,
    `${stateMachineArn}:1`,
  ]);
});

test('publishes only the revision that is asked for', () => {
  const { all, stateMachineArn } = machines();
  expect(() => all.publish({ stateMachineArn, revisionId: 'other' }, 1)).toThrow(
    'The current State Machine revision is INITIAL.',
  );
  expect(all.publish({ stateMachineArn, revisionId: 'INITIAL' }, 1).stateMachineVersionArn).toMatch(/:1$/u);
});

test('a version keeps its revision when the machine goes on', () => {
  const { all, arns } = versioned(2);
  expect(all.describe(arns[0] ?? '').roleArn).toBe(ROLE);
  expect(all.describe(arns[1] ?? '').roleArn).toBe(`${ROLE}1`);
});

test.each<[number[], string]>([
  [[50, 40], 'Sum of routing configuration weights must equal 100. Received: [50, 40]'],
  [[], 'one or two'],
  [[30, 30, 40], 'one or two'],
])('refuses the weights %j', (weights, message) => {
  const { all, arns } = versioned(3);
  const routes = weights.map((weight, index) => ({ stateMachineVersionArn: arns[index] ?? '', weight }));
  expect(() => all.createAlias({ name: 'a', routes }, 1)).toThrow(message);
});

test('refuses routes to what is no version, or twice to one', () => {
  const { all, stateMachineArn, arns } = versioned(1);
  const to = (arn: string, weight: number) => ({ stateMachineVersionArn: arn, weight });
  expect(() => all.createAlias({ name: 'a', routes: [to(stateMachineArn, 100)] }, 1)).toThrow(
    `Routing configuration must contain state machine version ARNs. Received: [${stateMachineArn}]`,
  );
  const twice = [to(arns[0] ?? '', 50), to(arns[0] ?? '', 50)];
  expect(() => all.createAlias({ name: 'a', routes: twice }, 1)).toThrow('must contain distinct');
});

test('keeps a version that an alias routes to, and the machine takes both with it', () => {
  const { all, stateMachineArn, arns } = versioned(1);
  const routes = [{ stateMachineVersionArn: arns[0] ?? '', weight: 100 }];
  const alias = all.createAlias({ name: 'live', routes }, 1);
  expect(() => all.deleteVersion(arns[0] ?? '')).toThrow(
    'Current list of aliases referencing this version: [live]',
  );
  all.delete(stateMachineArn);
  expect(() => all.alias(alias.stateMachineAliasArn)).toThrow('Resource not found');
});

test('draws versions by their weights, the same ones for the same seed', () => {
  const draw = (seed: string): string => {
    const { all, arns } = versioned(2, seed);
    const routes = arns.map((arn, index) => ({ stateMachineVersionArn: arn, weight: index === 0 ? 90 : 10 }));
    const { stateMachineAliasArn } = all.createAlias({ name: 'live', routes }, 1);
    return Array.from({ length: 1000 }, () => all.target(stateMachineAliasArn).versionArn?.at(-1)).join('');
  };
  const drawn = draw('a');
  expect(draw('a')).toBe(drawn);
  expect(draw('b')).not.toBe(drawn);
  const seconds = drawn.split('2').length - 1;
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThan(140);
});

test('a weight of nothing is never drawn', () => {
  const routes = [
    { stateMachineVersionArn: 'one', weight: 0 },
    { stateMachineVersionArn: 'two', weight: 100 },
  ];
  expect(routeFor(routes, 0)?.stateMachineVersionArn).toBe('two');
  expect(routeFor(routes, 0.999_999)?.stateMachineVersionArn).toBe('two');
});

test('has room for a hundred aliases', () => {
  const { all, arns } = versioned(1);
  const routes = [{ stateMachineVersionArn: arns[0] ?? '', weight: 100 }];
  for (let index = 0; index < ALIASES_MAX; index++) all.createAlias({ name: `a${index}`, routes }, 1);
  expect(() => all.createAlias({ name: 'one-more', routes }, 1)).toThrow('may not exceed 100');
  expect(all.createAlias({ name: 'a0', routes }, 2).creationDateMs).toBe(1);
});
