import { expect, test } from 'vitest';
import { eventKind, eventRow, filterEvents } from './event-filter.ts';
import { eventIndexOf } from './event-index.ts';

const index = eventIndexOf({
  types: ['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskFailed', 'LambdaFunctionTimedOut'],
  names: ['Send mail'],
  resources: ['sns:publish'],
  startMs: 1000,
  type: [1, 2, 3, 4, 5],
  afterMs: [0, 1, 0, 19, 10],
  previous: [1, 2, 1, 1, 1],
  name: [0, 1, 1, 1, 1],
  resource: [0, 0, 1, 1, 0],
  visit: [1, 0, 1, 2, 3],
});

test('events are found by type, state, resource, number and group', () => {
  const find = (
    text: string,
    group: Parameters<typeof filterEvents>[1]['group'] = 'all',
  ): readonly number[] => filterEvents(index, { text, group });
  expect(find('')).toEqual([1, 2, 3, 4, 5]);
  expect(find('MAIL')).toEqual([2, 3, 4, 5]);
  expect(find('sns')).toEqual([3, 4]);
  expect(find('started')).toEqual([1]);
  expect(find('5')).toEqual([5]);
  expect(find('', 'failures')).toEqual([4, 5]);
  expect(find('', 'states')).toEqual([2]);
  expect(find('', 'tasks')).toEqual([3, 4, 5]);
  expect(find('', 'other')).toEqual([1]);
  expect(find('nothing')).toEqual([]);
});

test('a row says what the index knows', () => {
  expect(eventRow(index, 4)).toEqual({
    id: 4,
    type: 'TaskFailed',
    name: 'Send mail',
    resource: 'sns:publish',
    timeMs: 1020,
    elapsedMs: 20,
    previous: 3,
    visit: 2,
  });
  expect(eventRow(index, 6)).toBeUndefined();
  expect(index.types.map(eventKind)).toEqual(['plain', 'state', 'task', 'failed', 'failed']);
});
