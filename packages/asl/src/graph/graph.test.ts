import { describe, expect, test } from 'vitest';
import { allEdges, allNodes, graphOf } from './graph.ts';
import { toMermaid } from './mermaid.ts';
import { dominates, dominatesBySuccess, reachableFrom, reachedStates } from './paths.ts';

const definition = {
  StartAt: 'Items',
  States: {
    Items: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'Send',
        States: {
          Send: {
            Type: 'Task',
            Next: 'Delete',
            Catch: [
              { ErrorEquals: ['Poison'], Next: 'Quarantine' },
              { ErrorEquals: ['States.ALL'], Next: 'Leave' },
            ],
          },
          Quarantine: { Type: 'Task', Next: 'Leave' },
          Delete: { Type: 'Task', End: true },
          Leave: { Type: 'Pass', End: true },
        },
      },
      Next: 'Done?',
    },
    'Done?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.again', BooleanEquals: true, Next: 'Items' }],
      Default: 'End "here"',
    },
    'End "here"': { Type: 'Succeed' },
    Lost: { Type: 'Fail' },
  },
};
const graph = graphOf(definition);
const inner = (name: string): string => `/States/Items/ItemProcessor/States/${name}`;

test('all states and transitions, nested ones included', () => {
  expect(allNodes(graph).map(({ name, type }) => `${name} ${type}`)).toEqual([
    'Items Map',
    'Done? Choice',
    'End "here" Succeed',
    'Lost Fail',
    'Send Task',
    'Quarantine Task',
    'Delete Task',
    'Leave Pass',
  ]);
  expect(allEdges(graph).map(({ kind, index, pointer }) => `${kind} ${index} ${pointer}`)).toEqual([
    'next 0 /States/Items/Next',
    'choice 0 /States/Done?/Choices/0/Next',
    'default 0 /States/Done?/Default',
    `next 0 ${inner('Send')}/Next`,
    `catch 0 ${inner('Send')}/Catch/0/Next`,
    `catch 1 ${inner('Send')}/Catch/1/Next`,
    `next 0 ${inner('Quarantine')}/Next`,
  ]);
});

describe('paths', () => {
  test('reached states', () => {
    expect([...reachedStates(graph)].toSorted()).toEqual([
      '/States/Done?',
      '/States/End "here"',
      '/States/Items',
    ]);
    expect(reachableFrom(graph, inner('Quarantine'))).toEqual(new Set([inner('Quarantine'), inner('Leave')]));
    const noCatch = reachableFrom(graph, inner('Send'), ({ kind }) => kind !== 'catch');
    expect(noCatch).toEqual(new Set([inner('Send'), inner('Delete')]));
  });

  test('domination', () => {
    expect(dominates(graph, inner('Send'), inner('Delete'))).toBe(true);
    expect(dominates(graph, inner('Quarantine'), inner('Leave'))).toBe(false);
    expect(() => dominates(graph, '/States/Items', inner('Send'))).toThrow('not in the same list');
  });

  test('domination by success: a catcher of the first state is no success of it', () => {
    expect(dominatesBySuccess(graph, inner('Send'), inner('Delete'))).toBe(true);
    expect(dominates(graph, inner('Send'), inner('Leave'))).toBe(true);
    expect(dominatesBySuccess(graph, inner('Send'), inner('Leave'))).toBe(false);
  });
});

test('Mermaid', () => {
  expect(toMermaid(graph)).toMatchInlineSnapshot(`
    "flowchart TD
      n0s((" "))
      subgraph n1["Items<br/><small>Map</small>"]
        n2s((" "))
        n3["Send<br/><small>Task</small>"]
        n4["Quarantine<br/><small>Task</small>"]
        n5["Delete<br/><small>Task</small>"]
        n6("Leave<br/><small>Pass</small>")
        n2s --> n3
        n3 --> n5
        n3 -.->|"catch 1"| n4
        n3 -.->|"catch 2"| n6
        n4 --> n6
      end
      n7{"Done?<br/><small>Choice</small>"}
      n8(["End #34;here#34;<br/><small>Succeed</small>"])
      n9(["Lost<br/><small>Fail</small>"])
      n0s --> n1
      n1 --> n7
      n7 -->|"rule 1"| n1
      n7 -->|"default"| n8
      classDef fail stroke:#b3261e,stroke-width:2px
      class n9 fail
    "
  `);
});

test('anything gives a graph', () => {
  expect(graphOf(null).nodes).toEqual([]);
  const odd = {
    StartAt: '__proto__',
    States: { a: 1, b: { Next: 'toString', Choices: 1, Branches: [null] } },
  };
  expect(graphOf(odd)).toMatchObject({ start: undefined, edges: [], nodes: [{ name: 'b', type: '' }] });
  expect(toMermaid(graphOf(odd))).toContain('n1');
});
