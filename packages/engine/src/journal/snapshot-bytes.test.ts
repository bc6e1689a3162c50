import { load } from '@stepyard/asl';
import type { Json, JsonObject, Program } from '@stepyard/asl';
import * as fc from 'fast-check';
import { serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Execution } from '../core/execution.ts';
import { newExecution } from '../core/execution.ts';
import { violations, wireHistory } from '../core/invariants.fixture.ts';
import { Outside, chooseFrom } from '../core/outside.fixture.ts';
import { RANDOM_INPUT, randomMachine } from '../core/random-machine.fixture.ts';
import { runCore, startedInput } from '../core/run-core.fixture.ts';
import { save } from '../core/snapshot/save.ts';
import { SnapshotUnreadable } from '../core/snapshot/saved-reader.ts';
import { step } from '../core/step.ts';
import { readSnapshots, snapshotBytes } from './snapshot-bytes.ts';

const machines = fc.record({
  definition: randomMachine,
  choices: fc.array(fc.nat(10_000), { minLength: 5, maxLength: 40 }),
});

const STARTED = startedInput({ input: JSON.stringify(RANDOM_INPUT) });

function programOf(definition: JsonObject): Program {
  const { program } = load(JSON.stringify(definition));
  if (program === undefined) throw new Error('a random machine is well-formed');
  return program;
}

/** The bytes that a store would have: each snapshot goes on from the history of the one before. */
class Snapshots {
  readonly #all: Uint8Array[] = [];
  #eventCount = 0;

  add(execution: Execution): void {
    this.#all.push(snapshotBytes(save(execution, this.#eventCount)));
    this.#eventCount = execution.events.length;
  }

  restore(program: Program): Execution {
    return readSnapshots(program, STARTED, this.#all);
  }
}

/** Runs to the end; `turned` may give another execution to go on with. */
function run(
  definition: JsonObject,
  choices: readonly number[],
  turned: (execution: Execution, program: Program) => Execution,
): Execution {
  const program = programOf(definition);
  let execution = newExecution(program);
  const outside = new Outside(execution, chooseFrom(choices));
  outside.tell([STARTED]);
  while (execution.status === 'RUNNING') {
    execution = turned(execution, program);
    outside.goOnWith(execution);
    expect([...violations(execution), ...outside.disagreements()]).toEqual([]);
    if (!outside.happen()) break;
  }
  return turned(execution, program);
}

test('an execution that is restored from a snapshot at every turn has the same history as one that never was', () => {
  fc.assert(
    fc.property(machines, ({ definition, choices }) => {
      const whole = run(definition, choices, (execution) => execution);
      const snapshots = new Snapshots();
      const restored = run(definition, choices, (execution, program) => {
        snapshots.add(execution);
        return snapshots.restore(program);
      });
      expect(wireHistory(restored)).toEqual(wireHistory(whole));
      expect(restored.outcome).toEqual(whole.outcome);
    }),
    { numRuns: 300 },
  );
});

test('so has one that failed, was restored and is redriven', () => {
  fc.assert(
    fc.property(machines, ({ definition, choices }) => {
      const redriven = (isRestored: boolean): Execution => {
        let execution = run(definition, choices, (same) => same);
        if (execution.status === 'SUCCEEDED' || execution.events.length === 0) return execution;
        if (isRestored) {
          const snapshots = new Snapshots();
          snapshots.add(execution);
          execution = snapshots.restore(execution.program);
        }
        step(execution, { timeMs: execution.nowMs, inputs: [{ kind: 'redriven' }] });
        return execution;
      };
      expect(wireHistory(redriven(true))).toEqual(wireHistory(redriven(false)));
    }),
    { numRuns: 200 },
  );
});

const WAIT: Json = {
  StartAt: 'P',
  States: {
    P: { Type: 'Pass', Next: 'W' },
    W: { Type: 'Wait', Seconds: 60, Next: 'E' },
    E: { Type: 'Pass', End: true },
  },
};

test('values that JSON keeps are kept: names of the prototype, holes of results, what is shared', () => {
  const input = JSON.parse(
    '{"__proto__": {"a": 1}, "constructor": [1.5, -1e300, "\\ud800"], "": null}',
  ) as Json;
  const { execution } = runCore(WAIT, input);
  const started = execution.started ?? STARTED;
  const again = readSnapshots(execution.program, started, [snapshotBytes(save(execution))]);
  expect(JSON.stringify(wireHistory(again))).toBe(JSON.stringify(wireHistory(execution)));
  expect(Object.hasOwn(again.input as object, '__proto__')).toBe(true);
  expect(again.events[1]?.value).toBe(again.events[2]?.value);
});

test('a document that goes through many states is in the snapshot once', () => {
  const large = { text: 'x'.repeat(100_000) };
  const states = Object.fromEntries(
    Array.from({ length: 50 }, (_none, index) => [
      `P${index}`,
      { Type: 'Pass', Next: index < 49 ? `P${index + 1}` : 'W' },
    ]),
  );
  const wait = { Type: 'Wait', Seconds: 60, End: true };
  const { execution } = runCore({ StartAt: 'P0', States: { ...states, W: wait } }, large);
  // Once as the text that the start has, which is not in here, and once as a value.
  expect(serialize(save(execution)).length).toBeLessThan(110_000);
});

test('a snapshot of another format, cut short or with a flipped bit is refused', () => {
  const { execution } = runCore(WAIT, { items: Array.from({ length: 2000 }, (_none, index) => index) });
  const bytes = snapshotBytes(save(execution));
  const read = (part: Uint8Array): Execution =>
    readSnapshots(execution.program, execution.started ?? STARTED, [part]);
  expect(read(bytes).events).toHaveLength(execution.events.length);
  expect(() => read(Uint8Array.from([9, ...bytes.subarray(1)]))).toThrow('the snapshot has format 9');
  for (const length of [0, 1, 6, 7, bytes.length >> 1, bytes.length - 1])
    expect(() => read(bytes.subarray(0, length))).toThrow(SnapshotUnreadable);
  for (let at = 2; at < bytes.length; at += 13) {
    const flipped = Uint8Array.from(bytes);
    flipped[at] = (flipped[at] ?? 0) ^ 4;
    expect(() => read(flipped)).toThrow(SnapshotUnreadable);
  }
});

/** With a checksum that is right: by somebody who knows the format. */
function forged(content: Uint8Array): Uint8Array {
  const head = Buffer.alloc(6);
  head.writeUInt8(1, 0);
  head.writeUInt32LE(crc32(content), 2);
  return Buffer.concat([head, content]);
}

test('whatever somebody writes in its place, it is restored as an execution or refused, never anything else', () => {
  const { execution } = runCore(WAIT, { a: [1, { b: 2 }] });
  const started = execution.started ?? STARTED;
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const tampering = fc.oneof(
    fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withSparseArray: true,
    }),
    fc.constantFrom<unknown>(undefined, -1, 1.5, 2 ** 40, '__proto__', [], {}, cycle, new Map(), Number.NaN),
  );
  /** What it was refused with; undefined: it could be told something. */
  const refusal = (saved: unknown): unknown => {
    let restored: Execution;
    try {
      restored = readSnapshots(execution.program, started, [forged(serialize(saved))]);
    } catch (error) {
      return error;
    }
    wireHistory(restored);
    const [timer = 1] = restored.timers.keys();
    step(restored, { timeMs: Math.max(restored.nowMs, 60_000), inputs: [{ kind: 'timerFired', timer }] });
    return undefined;
  };
  fc.assert(
    fc.property(fc.nat(10_000), tampering, (place, value) => {
      const copy = structuredClone(save(execution)) as unknown[];
      const error = refusal(tampered(copy, place, value));
      expect(error === undefined || error instanceof SnapshotUnreadable, String(error)).toBe(true);
    }),
    { numRuns: 2500 },
  );
});

/** The copy with one member, in any depth, replaced. */
function tampered(copy: unknown[], place: number, value: unknown): unknown[] {
  const places: { list: unknown[]; index: number }[] = [];
  const collect = (list: unknown[]): void => {
    for (const [index, member] of list.entries()) {
      places.push({ list, index });
      if (Array.isArray(member)) collect(member);
    }
  };
  collect(copy);
  const chosen = places[place % places.length];
  if (chosen !== undefined) chosen.list[chosen.index] = value;
  return copy;
}
