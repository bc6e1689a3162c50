import { expect, test, vi } from 'vitest';
import type { JsonObject } from '@stepyard/asl';
import type { ServiceCaller } from '@stepyard/engine';
import { asText } from '../member.ts';
import { answer } from '../service.ts';
import { createEvents } from './events.ts';
import type { Rule } from './rules.ts';
import { parseSchedule } from './schedule.ts';
import { Scheduler } from './scheduler.ts';

const START = '2026-01-15T10:07:30Z'; // A Thursday.

function next(expression: string, after = START, count = 1): string[] {
  const schedule = parseSchedule(expression, Date.parse(START));
  const found: string[] = [];
  let atMs = Date.parse(after);
  while (found.length < count) {
    const dueMs = schedule(atMs);
    if (dueMs === undefined) break;
    found.push(new Date(dueMs).toISOString().replace('.000Z', 'Z'));
    atMs = dueMs;
  }
  return found;
}

test.each<[string, string[]]>([
  ['rate(1 minute)', ['2026-01-15T10:08:30Z', '2026-01-15T10:09:30Z']],
  ['rate(5 minutes)', ['2026-01-15T10:12:30Z', '2026-01-15T10:17:30Z']],
  ['rate(1 hour)', ['2026-01-15T11:07:30Z']],
  ['rate(7 days)', ['2026-01-22T10:07:30Z']],
  ['cron(0 12 * * ? *)', ['2026-01-15T12:00:00Z', '2026-01-16T12:00:00Z']],
  ['cron(15 10 ? * 6L 2026-2027)', ['2026-01-30T10:15:00Z', '2026-02-27T10:15:00Z']],
  ['cron(0/15 8-17 ? * MON-FRI *)', ['2026-01-15T10:15:00Z', '2026-01-15T10:30:00Z']],
  ['cron(0 8 1 * ? *)', ['2026-02-01T08:00:00Z', '2026-03-01T08:00:00Z']],
  ['cron(0 0 L * ? *)', ['2026-01-31T00:00:00Z', '2026-02-28T00:00:00Z']],
  // The 1st of August 2026 is a Saturday, the 31st of May a Sunday.
  ['cron(0 0 1W AUG ? *)', ['2026-08-03T00:00:00Z']],
  ['cron(0 0 31W MAY ? *)', ['2026-05-29T00:00:00Z']],
  ['cron(0 9 ? * 3#2 *)', ['2026-02-10T09:00:00Z']],
  ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z']],
  ['cron(5,10 10 * jan,feb ? *)', ['2026-01-15T10:10:00Z', '2026-01-16T10:05:00Z']],
  ['cron(0 0 1 1 ? 2025)', []],
  ['cron(0 0 30 2 ? *)', []],
])('%s', (expression, times) => {
  expect(next(expression, START, Math.max(times.length, 1))).toEqual(times);
});

test.each([
  'rate(0 minutes)',
  'rate(1 minutes)',
  'rate(2 minute)',
  'rate(1 second)',
  'rate(-1 minutes)',
  'cron(0 12 * * ? )',
  'cron(0 12 * * * *)',
  'cron(0 12 ? * ? *)',
  'cron(60 12 * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 12 32 * ? *)',
  'cron(0 12 * 13 ? *)',
  'cron(0 12 ? * 8 *)',
  'cron(0 12 * * ? 1969)',
  'cron(0 12 ? * MON#6 *)',
  'cron(5-1 12 * * ? *)',
  'cron(*/0 12 * * ? *)',
  'cron(1-2-3 12 * * ? *)',
  'at(2026-01-01T00:00:00)',
  'every minute',
  '',
])('%j is refused', (expression) => {
  expect(() => parseSchedule(expression, 0)).toThrow('ScheduleExpression is not valid');
});

function rule(schedule: string | undefined, enabled = true): Rule {
  const texts = { name: 'r', arn: 'arn', pattern: undefined, description: undefined };
  return { ...texts, schedule, enabled, targets: [] };
}

test('a rule runs by its schedule until it is disabled; nothing is made up for', () => {
  vi.useFakeTimers({ now: Date.parse(START) });
  try {
    const due: string[] = [];
    const scheduler = new Scheduler({
      onDue: (_rule, atMs) => due.push(new Date(atMs).toISOString().slice(11, 19)),
      now: Date.now,
    });
    scheduler.set(rule('rate(1 minute)'));
    vi.advanceTimersByTime(150_000);
    expect(due).toEqual(['10:08:30', '10:09:30']);
    // Another schedule takes the place of the first; a machine that slept goes on with the next time.
    scheduler.set(rule('cron(0/10 * * * ? *)'));
    vi.setSystemTime(Date.parse('2026-01-15T12:34:00Z'));
    vi.advanceTimersByTime(30 * 60_000);
    expect(due.slice(2)).toEqual(['10:20:00', '12:50:00', '13:00:00']);
    scheduler.set(rule('rate(1 minute)', false));
    vi.advanceTimersByTime(3_600_000);
    scheduler.set(rule(undefined));
    scheduler.set(rule('cron(0 0 1 1 ? 2199)'));
    vi.advanceTimersByTime(3_600_000);
    expect(due).toHaveLength(5);
    expect(vi.getTimerCount()).toBe(1);
    scheduler.close();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('the targets of a rule get the scheduled event, by their own input where they have one', async () => {
  vi.useFakeTimers({ now: Date.parse(START) });
  try {
    const started: JsonObject[] = [];
    const caller: Partial<ServiceCaller> = {
      call: async ({ input }) => {
        started.push(input);
        return answer({});
      },
    };
    const parts = { dataDir: undefined, caller: () => caller as ServiceCaller, log: () => undefined };
    const events = createEvents(parts);
    const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';
    const prepare = async (service: typeof events): Promise<void> => {
      await service.call('PutRule', { Name: 'nightly', ScheduleExpression: 'cron(0 2 * * ? *)' });
      const Targets = [
        { Id: 'a', Arn: stateMachineArn, RoleArn: 'r' },
        { Id: 'b', Arn: stateMachineArn, RoleArn: 'r', Input: '{"own":1}' },
      ];
      await service.call('PutTargets', { Rule: 'nightly', Targets });
    };
    await prepare(events);
    // Where time is virtual nothing runs by itself.
    const still = createEvents({ ...parts, runsSchedules: false });
    await prepare(still);
    await vi.advanceTimersByTimeAsync(17 * 3_600_000);
    await events.settled();
    expect(started.map(({ input }) => JSON.parse(asText(input)) as JsonObject)).toEqual([
      {
        version: '0',
        id: expect.any(String) as string,
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-01-16T02:00:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1:000000000000:rule/nightly'],
        detail: {},
      },
      { own: 1 },
    ]);
    await expect(
      events.call('PutRule', { Name: 'never', ScheduleExpression: 'rate(1 fortnight)' }),
    ).rejects.toMatchObject({ code: 'ValidationException' });
    await Promise.all([events.close(), still.close()]);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});
