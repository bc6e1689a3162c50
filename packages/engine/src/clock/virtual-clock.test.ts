import { expect, test } from 'vitest';
import { DueQueue } from './due-queue.ts';
import { createVirtualClock } from './virtual-clock.ts';

test('advance calls back what falls due, in order, each at its own time', async () => {
  const clock = createVirtualClock({ startMs: 0 });
  const seen: string[] = [];
  clock.at(20, () => seen.push(`b${clock.now()}`));
  clock.at(10, () => {
    seen.push(`a${clock.now()}`);
    // What follows from a callback and is due on the way happens on the way.
    void Promise.resolve().then(() => clock.at(15, () => seen.push(`c${clock.now()}`)));
  });
  clock.at(40, () => seen.push('late'));
  const cancel = clock.at(12, () => seen.push('cancelled'));
  cancel();
  await clock.advance(30);
  expect(seen).toEqual(['a10', 'c15', 'b20']);
  expect(clock.now()).toBe(30);
});

test('with autoAdvance a year passes as soon as nothing else is going on, unless somebody holds the clock', async () => {
  const clock = createVirtualClock({ startMs: 0, autoAdvance: true });
  const release = clock.hold();
  const year = 31_536_000_000;
  let woken = false;
  const wake = new Promise<void>((resolve) => clock.at(year, resolve)).then(() => (woken = true));
  for (let round = 0; round < 20; round++) await new Promise((resolve) => setImmediate(resolve));
  expect(woken).toBe(false);
  release();
  await wake;
  expect(clock.now()).toBe(year);
});

test('the queue gives entries by due time, then by arrival, and skips cancelled ones', () => {
  const queue = new DueQueue<{ dueMs: number; cancelled: boolean; name: string }>();
  const add = (dueMs: number, name: string) => {
    const entry = { dueMs, cancelled: false, name };
    queue.add(entry);
    return entry;
  };
  const entries = Array.from({ length: 500 }, (_, index) => add((index * 7919) % 101, `n${index}`));
  for (const entry of entries.filter((_, index) => index % 3 !== 0)) queue.cancel(entry);
  const expected = entries.filter((_, index) => index % 3 === 0).toSorted((a, b) => a.dueMs - b.dueMs);
  expect(queue.size).toBe(expected.length);
  const taken = Array.from({ length: expected.length }, () => queue.take()?.name);
  expect(taken).toEqual(expected.map(({ name }) => name));
  expect(queue.take()).toBeUndefined();
});
