import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../json.ts';
import { graphOf } from '../graph.ts';
import { faultsOf } from './check-layout.fixture.ts';
import { anyDefinition } from './graphs.fixture.ts';
import { layoutOf } from './layout.ts';

const repository = resolve(import.meta.dirname, '../../../../..');
const corpus = resolve(repository, '..', 'shared/definitions');
const faults = (definition: Json): string[] => {
  const graph = graphOf(definition);
  return faultsOf(graph, layoutOf(graph));
};
const machine = (states: Record<string, Json>): Json => ({
  StartAt: Object.keys(states)[0] ?? '',
  States: states,
});

/** In one tangle of some thousands, three or more lines leave no place for an upright line of its own: see layoutOf. */
const withoutShared = (all: readonly string[]): string[] =>
  all.filter((fault) => !fault.startsWith('shared: '));

describe('no overlaps, no line through a state, no touched label, no shared line', () => {
  test('in the definitions of this repository', () => {
    const folder = join(repository, 'definitions');
    const names = readdirSync(folder).filter((name) => name.endsWith('.asl.json'));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const definition: Json = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      expect(faults(definition), name).toEqual([]);
    }
  });

  test.skipIf(!existsSync(corpus))('in the wild (skipped where ../shared/definitions is absent)', () => {
    const files = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.json'),
    );
    expect(files.length).toBeGreaterThan(800);
    for (const name of files) {
      const { definition = null }: { definition?: Json } = JSON.parse(
        readFileSync(join(corpus, name), 'utf8'),
      );
      expect(faults(definition), name).toEqual([]);
    }
  });

  test('in any nested graph', () => {
    fc.assert(
      fc.property(anyDefinition(8, 2), (definition) => {
        expect(withoutShared(faults(definition))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('in any tangle of states, loops on themselves included', () => {
    const found: string[] = [];
    const tangle = fc.array(fc.array(fc.nat(24), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 25,
    });
    fc.assert(
      fc.property(tangle, (targets) => {
        const name = (index: number): string => `State ${index % targets.length}`;
        const states = targets.map((to, index): [string, Json] => {
          const others = to.slice(1).map((one) => ({ Next: name(one) }));
          const next = name(to[0] ?? 0);
          if (index % 3 === 0) return [name(index), { Type: 'Choice', Choices: others, Default: next }];
          return [name(index), { Type: 'Task', Next: next, Catch: others }];
        });
        found.push(...faults(machine(Object.fromEntries(states))));
      }),
      { numRuns: 300 },
    );
    expect(withoutShared(found)).toEqual([]);
    expect(found.length).toBeLessThan(5);
  });
});

test('the same graph gives the same layout', () => {
  fc.assert(
    fc.property(anyDefinition(8, 1), (definition) => {
      expect(layoutOf(graphOf(definition))).toEqual(layoutOf(graphOf(structuredClone(definition))));
    }),
    { numRuns: 30 },
  );
});

test('a plain sequence is one straight line, a catcher stands beside it', () => {
  const layout = layoutOf(
    graphOf(
      machine({
        A: { Type: 'Task', Next: 'B', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'F' }] },
        B: { Type: 'Map', ItemProcessor: machine({ In: { Type: 'Pass', End: true } }), Next: 'C' },
        C: { Type: 'Pass', End: true },
        F: { Type: 'Fail' },
      }),
    ),
  );
  const middles = new Map(layout.states.map(({ node, x, width }) => [node.name, x + width / 2]));
  expect(middles.get('B')).toBe(middles.get('A'));
  expect(middles.get('C')).toBe(middles.get('A'));
  expect(middles.get('In')).toBe(middles.get('A'));
  expect(middles.get('F')).toBeGreaterThan(middles.get('A') ?? 0);
  expect(layout.states.filter(({ end }) => end !== undefined).map(({ node }) => node.name)).toEqual([
    'In',
    'C',
  ]);
  expect(layout.edges.map(({ label }) => label?.text)).toContain('catch');
});

test('many catchers of one state are one line that the others join', () => {
  const states: Record<string, Json> = {};
  for (let index = 0; index < 20; index += 1) {
    states[`S${index}`] = {
      Type: 'Task',
      Next: index === 19 ? 'Done' : `S${index + 1}`,
      Catch: [{ Next: 'Failed' }],
    };
  }
  states['Done'] = { Type: 'Succeed' };
  states['Failed'] = { Type: 'Fail' };
  const caught = layoutOf(graphOf(machine(states))).edges.filter(({ isCatch }) => isCatch);
  expect(caught).toHaveLength(20);
  expect(caught.filter(({ reachesTarget }) => reachesTarget)).toHaveLength(1);
});

test('a way back is known as one, and several rules with one target are one line', () => {
  const choice = { Type: 'Choice', Choices: [{ Next: 'A' }, { Next: 'Z' }, { Next: 'A' }], Default: 'Z' };
  const { edges } = layoutOf(
    graphOf(machine({ A: { Type: 'Pass', Next: 'C' }, C: choice, Z: { Type: 'Succeed' } })),
  );
  expect(edges.map(({ to, isBack, label }) => [to, isBack, label?.text])).toEqual([
    ['/States/C', false, undefined],
    ['/States/Z', false, 'rule 2, default'],
    ['/States/A', true, 'rules 1, 3'],
    ['/States/A', false, undefined],
  ]);
});

test('500 states are placed at once, and no states are no trouble', () => {
  const states: Record<string, Json> = {};
  for (let index = 0; index < 500; index += 1) {
    const next = `S${Math.min(index + 1, 499)}`;
    states[`S${index}`] =
      index % 5 === 4
        ? { Type: 'Choice', Choices: [{ Next: `S${index - 4}` }], Default: next }
        : { Type: 'Task', Next: next, Catch: [{ Next: 'S499' }] };
  }
  const graph = graphOf(machine(states));
  layoutOf(graph);
  const started = performance.now();
  expect(layoutOf(graph).states).toHaveLength(500);
  // bench/graph.ts measures; this only catches a layout that has become quadratic, on any machine.
  expect(performance.now() - started).toBeLessThan(500);
  expect(layoutOf(graphOf({}))).toMatchObject({ states: [], edges: [], containers: [] });
});
