import { expect, test } from 'vitest';
import type { HistoryEvent, StateMachineDescription } from '@stepyard/engine';
import { ExecutionLogger } from './execution-logger.ts';
import type { LogEvent } from './store.ts';

const GROUP = '/aws/vendedlogs/states/g';
const ARN = 'arn:aws:states:us-east-1:000000000000:execution:m:e';

function machine(level: string, includeExecutionData: boolean): StateMachineDescription {
  const logGroupArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*`;
  const loggingConfiguration = {
    level,
    includeExecutionData,
    destinations: [{ cloudWatchLogsLogGroup: { logGroupArn } }],
  };
  return { name: 'm', configuration: { loggingConfiguration } } as unknown as StateMachineDescription;
}

const EVENTS: readonly HistoryEvent[] = [
  {
    id: 1,
    previousEventId: 0,
    type: 'ExecutionStarted',
    timestampMs: 1_700_000_000_000,
    detailsName: 'executionStartedEventDetails',
    details: { input: '{}', inputDetails: { truncated: false }, roleArn: 'role' },
  },
  {
    id: 2,
    previousEventId: 0,
    type: 'FailStateEntered',
    timestampMs: 1_700_000_000_000,
    detailsName: 'stateEnteredEventDetails',
    details: { input: '{}', inputDetails: { truncated: false }, name: 'F' },
  },
  {
    id: 3,
    previousEventId: 2,
    type: 'ExecutionFailed',
    timestampMs: 1_700_000_000_001,
    detailsName: 'executionFailedEventDetails',
    details: { error: 'E', cause: 'c' },
  },
];

function logged(
  level: string,
  includeExecutionData = false,
  hasGroup = true,
): readonly { group: string; stream: string; message: unknown }[] {
  const lines: { group: string; stream: string; message: unknown }[] = [];
  const logger = new ExecutionLogger({
    append: (group: string, stream: string, events: readonly LogEvent[]) =>
      lines.push(
        ...events.map(({ message }) => ({ group, stream, message: JSON.parse(message) as unknown })),
      ),
    hasGroup: () => hasGroup,
  });
  logger.take(machine(level, includeExecutionData), ARN, EVENTS);
  return lines;
}

test('an event is written as recorded (logs--base-raise-failure-all-false)', () => {
  const lines = logged('ALL');
  expect(lines.map(({ message }) => message)).toEqual([
    {
      id: '1',
      type: 'ExecutionStarted',
      details: { roleArn: 'role' },
      previous_event_id: '0',
      event_timestamp: '1700000000000',
      execution_arn: ARN,
      redrive_count: '0',
    },
    expect.objectContaining({ type: 'FailStateEntered', details: { name: 'F' } }),
    expect.objectContaining({ id: '3', details: { error: 'E', cause: 'c' }, previous_event_id: '2' }),
  ]);
  expect(lines[0]?.group).toBe(GROUP);
  expect(lines[0]?.stream).toMatch(/^states\/m\/2023-11-14-22-13\/[0-9a-f]{8}$/u);
});

test.each([
  ['ALL', ['1', '2', '3']],
  ['ERROR', ['2', '3']],
  ['FATAL', ['3']],
  ['OFF', []],
])('level %s', (level, ids) => {
  expect(logged(level).map(({ message }) => (message as { id: string }).id)).toEqual(ids);
});

test('with includeExecutionData the input is there', () => {
  expect(logged('ALL', true)[0]?.message).toMatchObject({
    details: { input: '{}', inputDetails: { truncated: false }, roleArn: 'role' },
  });
});

test('a group that was deleted is not made again', () => {
  expect(logged('ALL', false, false)).toEqual([]);
});
