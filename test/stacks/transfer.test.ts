import type { GraphContainer, GraphNode, Json, TaskDescription } from '@stepyard/asl';
import { allContainers, allNodes, dominatesBySuccess } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { Machine } from './support/machines.ts';
import { allMachines } from './support/machines.ts';
import { at, listOf, textsOf, textAt } from './support/template.ts';

/** The Standard quota, and how near to it an ordinary run may come. */
const HISTORY_EVENTS_MAX = 25_000;
const HISTORY_EVENTS_COMFORT = 20_000;
/** Events of a page apart from its records: scan, choices, the Map itself; with every task retried to the last. */
const PAGE_OVERHEAD_EVENTS = 60;

const transfers = allMachines().filter(({ definitionName }) =>
  ['transfer-records', 'transfer-records-express'].includes(definitionName),
);
const named = transfers.map((machine): [string, Machine] => [machine.name, machine]);

function tasksCalling(machine: Machine, action: string): TaskDescription[] {
  return machine.tasks.filter(({ resourceText }) => resourceText.endsWith(`:${action}`));
}

describe.each(named)('%s', (_name, machine) => {
  const deletes = tasksCalling(machine, 'dynamodb:deleteItem');
  const copies = [...tasksCalling(machine, 'sqs:sendMessage'), ...tasksCalling(machine, 'dynamodb:putItem')];

  test('26: a record is deleted only after it was sent, or put into quarantine', () => {
    expect(deletes.length).toBeGreaterThan(0);
    for (const { pointer, name } of deletes) {
      const before = copies.filter((copy) => inSameList(machine.graph, copy.pointer, pointer));
      expect(
        before.some((copy) => dominatesBySuccess(machine.graph, copy.pointer, pointer)),
        name,
      ).toBe(true);
    }
  });

  test('26: every delete is conditional on version and payload', () => {
    for (const { parameters, name } of deletes) {
      const conditions = conditionsOf(machine, parameters);
      expect(conditions.length, name).toBeGreaterThan(0);
      for (const condition of conditions) expect(condition, name).toMatch(/#version.*#payload/u);
    }
  });

  test('5.1: every read is consistent and bounded', () => {
    const reads = tasksCalling(machine, 'aws-sdk:dynamodb:scan');
    expect(reads.length).toBeGreaterThan(0);
    for (const { parameters, name } of reads) {
      expect(at(parameters, 'ConsistentRead'), name).toBe(true);
      expect(at(parameters, 'Limit') ?? at(parameters, 'Limit.$'), name).toBeDefined();
    }
  });

  test('5.2: a failure inside an iteration is caught there, so that no sibling is aborted', () => {
    for (const task of [...copies, ...deletes]) {
      const errors = listOf(task.state['Catch']).flatMap((catcher) => listOf(at(catcher, 'ErrorEquals')));
      expect(errors, task.name).toContain('States.ALL');
    }
  });

  test('5.3: a send is deduplicated by what it sends, and grouped by record', () => {
    for (const { parameters } of tasksCalling(machine, 'sqs:sendMessage')) {
      for (const name of ['MessageGroupId', 'MessageDeduplicationId']) {
        expect(at(parameters, name) ?? at(parameters, `${name}.$`), name).toEqual(
          expect.stringMatching(/hash/iu),
        );
      }
    }
  });
});

/** The condition of a delete; where it is a path, all texts that the machine's states put there. */
function conditionsOf(machine: Machine, parameters: Json | undefined): string[] {
  const direct = at(parameters, 'ConditionExpression');
  if (direct !== undefined) return textsOf(direct);
  const field = /\.(\w+)$/u.exec(textAt(parameters, 'ConditionExpression.$'))?.[1] ?? '';
  return machine.states.flatMap(({ state }) => [
    ...textsOf(at(state, 'Result', field)),
    ...textsOf(at(state, 'Parameters', field)),
  ]);
}

function inSameList(graph: GraphContainer, a: string, b: string): boolean {
  return allContainers(graph).some((list) => [a, b].every((id) => list.nodes.some((node) => node.id === id)));
}

describe.each(named.filter(([, { type }]) => type === 'STANDARD'))(
  '27: the history of %s',
  (_name, machine) => {
    const prepare = machine.states.find(({ name }) => name === 'Prepare')?.state;
    const records = Number(at(prepare, 'Assign', 'limit')) * Number(at(prepare, 'Assign', 'pageBudget'));
    const pages = Number(at(prepare, 'Assign', 'pageBudget'));

    test('has a page budget', () => {
      expect(records).toBeGreaterThan(0);
      expect(machine.states.some(({ name }) => name === 'Continue as new')).toBe(true);
    });

    test('stays far below the quota in an ordinary run: 12 events a record', () => {
      expect(records * 12 + pages * PAGE_OVERHEAD_EVENTS).toBeLessThan(HISTORY_EVENTS_COMFORT);
    });

    test('stays below the quota even if every task of every record is retried to the last', () => {
      const map = allNodes(machine.graph).find(({ type }) => type === 'Map');
      const [processor] = map?.containers ?? [];
      if (processor?.start === undefined) throw new Error('there is no Map');
      const worst = 2 + longest(machine, processor, processor.start, new Set());
      expect(worst).toBeGreaterThan(12);
      expect(records * worst + pages * PAGE_OVERHEAD_EVENTS).toBeLessThan(HISTORY_EVENTS_MAX);
    });
  },
);

/** The most events between entering a state and the end of its list; a list of a record has no loops. */
function longest(machine: Machine, list: GraphContainer, id: string, above: ReadonlySet<string>): number {
  if (above.has(id)) throw new Error(`${id} is in a loop`);
  const node = list.nodes.find((candidate) => candidate.id === id);
  if (node === undefined) throw new Error(`${id} is not in its list`);
  const next = list.edges.filter(({ from }) => from === id);
  const rest = next.map(({ to }) => longest(machine, list, to, new Set([...above, id])));
  return eventsOf(machine, node) + Math.max(0, ...rest);
}

/** Entered and exited; a task besides is scheduled, started and ended, as often as it is tried. */
function eventsOf(machine: Machine, node: GraphNode): number {
  if (node.type !== 'Task') return 2;
  const task = machine.tasks.find(({ pointer }) => pointer === node.id);
  const retries = listOf(task?.state['Retry']).map((retrier) => Number(at(retrier, 'MaxAttempts')));
  return 2 + 3 * (1 + retries.reduce((sum, attempts) => sum + attempts, 0));
}
