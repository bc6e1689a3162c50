import { describe, expect, test } from 'vitest';
import { definitionFile } from './definition-files.ts';
import type { Node, Scope } from './definition-graph.ts';
import {
  asArray,
  asObject,
  asText,
  eventsOf,
  mostEvents,
  reachableFrom,
  retryEventsOf,
  scopeOf,
} from './definition-graph.ts';

/** AWS ends a Standard execution whose history reaches this many events. */
const HISTORY_EVENTS_MAX = 25_000;
/** What an execution that meets no retries may use: room for the retries of those that do. */
const CALM_EVENTS_MAX = 20_000;
/** MapIterationStarted and MapIterationSucceeded. */
const ITERATION_EVENTS = 2;

const transfer = scopeOf(definitionFile('transfer-records').definition);
const express = scopeOf(definitionFile('transfer-records-express').definition);
const parent = scopeOf(definitionFile('transfer-records-parent').definition);

function node(scope: Scope, name: string) {
  const found = scope.nodes.get(name);
  if (found === undefined) throw new Error(`there is no state ${name}`);
  return found;
}

function iterationOf(scope: Scope, map: string): Scope {
  const [iteration] = node(scope, map).inner;
  if (iteration === undefined) throw new Error(`${map} is no Map`);
  return iteration;
}

/** A task whose every retry is needed. */
const stormy = (item: Node): number => eventsOf(item) + retryEventsOf(item);

/** A bound that stands in the conditions of a Choice. */
function boundOf(choice: string, pattern: RegExp): number {
  const rules = JSON.stringify(asArray(node(parent, choice).state['Choices']));
  return Number(pattern.exec(rules)?.[1]);
}

describe.each([
  ['transfer-records', iterationOf(transfer, 'Transfer page')],
  ['transfer-records-express', iterationOf(express, 'Transfer batch')],
])('%s loses nothing', (_name, iteration) => {
  const deletes = [...iteration.nodes.values()].filter(({ state }) =>
    asText(state['Resource']).endsWith(':dynamodb:deleteItem'),
  );

  test('deletes a record at two places, each under a condition', () => {
    expect(deletes.map(({ name }) => name)).toEqual(['Delete record', 'Remove quarantined record']);
    for (const { state } of deletes) {
      const call = asObject(state['Arguments'] ?? state['Parameters']);
      expect(call['ConditionExpression'] ?? call['ConditionExpression.$']).toBeTypeOf('string');
    }
  });

  test.each([
    ['Delete record', 'Send record'],
    ['Remove quarantined record', 'Quarantine record'],
  ])('%s comes only after the success of %s', (deletion, before) => {
    // Without the way on from the success of the earlier one, the deletion cannot be reached at all.
    const cut = new Map(iteration.nodes);
    cut.set(before, { ...node(iteration, before), next: [] });
    expect(reachableFrom(iteration, iteration.startAt)).toContain(deletion);
    expect(reachableFrom({ ...iteration, nodes: cut }, iteration.startAt)).not.toContain(deletion);
  });
});

describe('transfer-records stays within the history of one execution', () => {
  const constants = asObject(node(transfer, 'Prepare').state['Assign']);
  const limit = Number(constants['limit']);
  const pages = Number(constants['pageBudget']);
  const sweeps = Number(constants['sweepsMax']);
  const iteration = iterationOf(transfer, 'Transfer page');

  /** Events around the records: start, pages, halved pages, sweeps, and one visit of every other state. */
  function overhead(cost: (item: Node) => number): number {
    const costs = (...names: readonly string[]): number =>
      names.reduce((sum, name) => sum + cost(node(transfer, name)), 0);
    const page = costs('Budget left?', 'Read next page', 'Any records?', 'Transfer page', 'What next?');
    const halvings = Math.ceil(Math.log2(limit)) + pages;
    const halving = costs('Budget left?', 'Read next page', 'Page too large', 'Read less');
    const everyState = [...transfer.nodes.values()].reduce((sum, item) => sum + cost(item), 0);
    return 2 + everyState + pages * page + halvings * halving + sweeps * costs('Sweep again', 'Budget left?');
  }

  test('the record that is simply sent costs 12 events', () => {
    const sent =
      ITERATION_EVENTS +
      eventsOf(node(iteration, 'Send record')) +
      eventsOf(node(iteration, 'Delete record'));
    expect(sent).toBe(12);
    expect(limit * pages * sent + overhead(eventsOf)).toBe(6288);
  });

  test('if every record takes the longest way, it is still calm', () => {
    const worst = ITERATION_EVENTS + mostEvents(iteration, eventsOf);
    expect(worst).toBe(19);
    expect(limit * pages * worst + overhead(eventsOf)).toBeLessThan(CALM_EVENTS_MAX);
  });

  test('if moreover every call of every record needs all its retries, it still fits', () => {
    const worst = ITERATION_EVENTS + mostEvents(iteration, stormy);
    expect(worst).toBe(46);
    expect(limit * pages * worst + overhead(stormy)).toBeLessThan(HISTORY_EVENTS_MAX);
  });
});

describe('transfer-records-parent stays within the history of one execution', () => {
  const batches = boundOf('More batches?', /\$batches < (\d+)/u);
  const failures = boundOf('Batch succeeded?', /\$failures < (\d+)/u);
  const round = ['Run batch', 'Batch succeeded?', 'Add up', 'More batches?'];
  const failed = ['Run batch', 'Batch succeeded?', 'Wait before trying again'];
  const total = (cost: (item: Node) => number): number => {
    const costs = (names: readonly string[]) =>
      names.reduce((sum, name) => sum + cost(node(parent, name)), 0);
    return 2 + batches * costs(round) + failures * costs(failed) + costs([...parent.nodes.keys()]);
  };

  test('1,000 batches when all is calm', () => {
    expect(batches).toBe(1000);
    expect(total(eventsOf)).toBeLessThan(CALM_EVENTS_MAX);
  });

  test('1,000 batches when every call needs all its retries', () => {
    expect(total(stormy)).toBeLessThan(HISTORY_EVENTS_MAX);
  });
});

test('a page of the Express batch fits into a state even if every character of it is escaped', () => {
  const scan = asObject(node(express, 'Read from the start').state['Parameters']);
  const bytesMax = Number(asObject(asObject(scan['ExpressionAttributeValues'])[':bytesMax'])['N']);
  const escaped = 2;
  const keyBytesMax = 2048;
  const attributeNames = 200;
  expect(Number(scan['Limit']) * (bytesMax * escaped + keyBytesMax + attributeNames)).toBeLessThan(262_144);
});
