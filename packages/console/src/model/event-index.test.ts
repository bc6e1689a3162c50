import { expect, test } from 'vitest';
import { eventRow } from './event-filter.ts';
import { eventIndexOf } from './event-index.ts';

test('events out of columns', () => {
  const index = eventIndexOf({
    startMs: 1000,
    types: ['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled'],
    names: ['Send'],
    resources: ['sqs:sendMessage'],
    type: [1, 2, 3],
    afterMs: [0, 2, 5],
    previous: [1, 2, 1],
    name: [0, 1, 0],
    resource: [0, 0, 1],
    visit: [1, 0, 1],
  });
  expect(index.count).toBe(3);
  expect([1, 2, 3].map((id) => eventRow(index, id))).toEqual([
    {
      id: 1,
      type: 'ExecutionStarted',
      name: '',
      resource: '',
      timeMs: 1000,
      elapsedMs: 0,
      previous: 0,
      visit: 0,
    },
    {
      id: 2,
      type: 'TaskStateEntered',
      name: 'Send',
      resource: '',
      timeMs: 1002,
      elapsedMs: 2,
      previous: 0,
      visit: 2,
    },
    {
      id: 3,
      type: 'TaskScheduled',
      name: '',
      resource: 'sqs:sendMessage',
      timeMs: 1007,
      elapsedMs: 7,
      previous: 2,
      visit: 2,
    },
  ]);
});
