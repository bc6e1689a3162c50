/** The engine against a model of a few maps: any sequence of requests, time and crashes must leave both in the same state. */
import type { Engine, Store, VirtualClock } from '@stepyard/engine';
import {
  EngineError,
  createMemoryStore,
  createVirtualClock,
  openEngine,
  storeViolations,
} from '@stepyard/engine';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Mount } from './mount.ts';
import { mount } from './mount.ts';

type Kind = 'wait' | 'token';
const WAIT_MS = 10_000;
const HEARTBEAT_MS = 30_000;
const TIMEOUT_MS = 60_000;

interface Modelled {
  readonly kind: Kind;
  readonly input: string;
  readonly startMs: number;
  /** Of the machine, when it was started. */
  readonly version: number;
  status: string;
  output: string | undefined;
  error: string | undefined;
  /** When the Wait ends. */
  wakesMs: number;
  timesOutMs: number;
  beatsUntilMs: number;
}

interface Model {
  nowMs: number;
  version: number;
  readonly executions: Map<number, Modelled>;
}

interface Real {
  readonly clock: VirtualClock;
  readonly disk: Store;
  /** By execution: the last one that was handed out. */
  readonly tokens: Map<string, string>;
  mount: Mount | undefined;
  engine: Engine;
}

const machineArn = (kind: Kind): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${kind}`;
const executionArn = (kind: Kind, name: number): string =>
  `arn:aws:states:us-east-1:000000000000:execution:${kind}:run-${name}`;

function definitionOf(kind: Kind, version: number): string {
  const done = { Type: 'Pass', Result: version, End: true };
  const wait = { Type: 'Wait', Seconds: WAIT_MS / 1000, Next: 'Done' };
  const ask = {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
    HeartbeatSeconds: HEARTBEAT_MS / 1000,
    TimeoutSeconds: TIMEOUT_MS / 1000,
    Next: 'Done',
  };
  return JSON.stringify({ StartAt: 'First', States: { First: kind === 'wait' ? wait : ask, Done: done } });
}

async function open(
  real: Pick<Real, 'clock' | 'disk' | 'tokens'>,
): Promise<{ engine: Engine; mount: Mount }> {
  const mounted = mount(real.disk, { fate: () => 'well', pause: () => Promise.resolve() });
  const engine = await openEngine({
    clock: real.clock,
    store: mounted.store,
    seed: 'model',
    runner: {
      async run(request) {
        real.tokens.set(request.executionArn, request.token ?? '');
        return await Promise.resolve({ kind: 'succeeded', output: {} });
      },
    },
  });
  return { engine, mount: mounted };
}

/** What the call says: its result, or the code of its refusal. */
async function said(real: Real, call: Promise<unknown>): Promise<string> {
  const answer = call.then(
    () => 'ok',
    (error: unknown) => {
      if (error instanceof EngineError) return error.code;
      throw error;
    },
  );
  await real.clock.advance(0);
  return answer;
}

type Command = fc.AsyncCommand<Model, Real>;

/** A request: what the model says of it, what the engine says, and whether they stand alike afterwards. */
function command(
  text: string,
  expected: (model: Model) => string,
  ask: (real: Real, model: Model) => Promise<unknown>,
): Command {
  return {
    check: () => true,
    toString: () => text,
    async run(model, real) {
      const asked = ask(real, model);
      const wanted = expected(model);
      expect(await said(real, asked)).toBe(wanted);
      await compare(model, real);
    },
  };
}

async function compare(model: Model, real: Real): Promise<void> {
  expect(storeViolations(real.disk)).toEqual([]);
  for (const [name, { kind, status, output, error, startMs }] of model.executions) {
    const found = await real.engine.describe(executionArn(kind, name));
    expect({ name, ...pick(found) }).toEqual({ name, status, output, error, startDateMs: startMs });
  }
}

const pick = ({ status, output, error, startDateMs }: Awaited<ReturnType<Engine['describe']>>): object => ({
  status,
  output,
  error,
  startDateMs,
});

/** It waits, or asks, from now on. */
function begin(
  model: Model,
): Pick<Modelled, 'status' | 'output' | 'error' | 'wakesMs' | 'timesOutMs' | 'beatsUntilMs'> {
  const { nowMs } = model;
  return {
    status: 'RUNNING',
    output: undefined,
    error: undefined,
    wakesMs: nowMs + WAIT_MS,
    timesOutMs: nowMs + TIMEOUT_MS,
    beatsUntilMs: nowMs + HEARTBEAT_MS,
  };
}

function end(execution: Modelled, status: string, error?: string): void {
  execution.status = status;
  execution.output = status === 'SUCCEEDED' ? String(execution.version) : undefined;
  execution.error = error;
}

const start = (kind: Kind, name: number, input: string): Command =>
  command(
    `start ${kind} ${name} ${input}`,
    (model) => {
      const known = model.executions.get(name);
      if (known?.kind === kind) {
        return known.status === 'RUNNING' && known.input === input ? 'ok' : 'ExecutionAlreadyExists';
      }
      // Names of the model are those of one machine each.
      if (known !== undefined) return 'ok';
      model.executions.set(name, {
        kind,
        input,
        startMs: model.nowMs,
        version: model.version,
        ...begin(model),
      });
      return 'ok';
    },
    (real, model) =>
      (model.executions.get(name)?.kind ?? kind) === kind
        ? real.engine.start({ stateMachineArn: machineArn(kind), name: `run-${name}`, input })
        : Promise.resolve(),
  );

const onExecution = (
  text: string,
  name: number,
  expected: (model: Model, execution: Modelled) => string,
  ask: (real: Real, arn: string) => Promise<unknown>,
): Command => ({
  ...command(
    `${text} ${name}`,
    (model) => {
      const execution = model.executions.get(name);
      return execution === undefined ? 'ok' : expected(model, execution);
    },
    (real, model) => {
      const execution = model.executions.get(name);
      return execution === undefined ? Promise.resolve() : ask(real, executionArn(execution.kind, name));
    },
  ),
  check: (model) => model.executions.has(name),
});

const stop = (name: number): Command =>
  onExecution(
    'stop',
    name,
    (_, execution) => {
      if (execution.status === 'RUNNING') end(execution, 'ABORTED', 'Stopped');
      return 'ok';
    },
    (real, arn) => real.engine.stop({ executionArn: arn, error: 'Stopped' }),
  );

const redrive = (name: number): Command =>
  onExecution(
    'redrive',
    name,
    (model, execution) => {
      if (execution.status === 'RUNNING' || execution.status === 'SUCCEEDED') return 'ExecutionNotRedrivable';
      Object.assign(execution, begin(model));
      return 'ok';
    },
    (real, arn) => real.engine.redrive({ executionArn: arn }),
  );

const answer = (name: number, how: 'success' | 'failure' | 'heartbeat'): Command => ({
  ...onExecution(
    how,
    name,
    (model, execution) => {
      if (execution.status !== 'RUNNING') return 'TaskTimedOut';
      if (how === 'heartbeat') execution.beatsUntilMs = model.nowMs + HEARTBEAT_MS;
      else if (how === 'success') end(execution, 'SUCCEEDED');
      else end(execution, 'FAILED', 'E');
      return 'ok';
    },
    (real, arn) => {
      const taskToken = real.tokens.get(arn) ?? '';
      if (how === 'heartbeat') return real.engine.sendTaskHeartbeat(taskToken);
      if (how === 'success') return real.engine.sendTaskSuccess({ taskToken, output: '{}' });
      return real.engine.sendTaskFailure({ taskToken, error: 'E' });
    },
  ),
  check: (model) => model.executions.get(name)?.kind === 'token',
});

const advance = (ms: number): Command => ({
  check: () => true,
  toString: () => `advance ${ms}`,
  async run(model, real) {
    await real.clock.advance(ms);
    model.nowMs += ms;
    for (const execution of model.executions.values()) {
      if (execution.status !== 'RUNNING') continue;
      if (execution.kind === 'wait' && execution.wakesMs <= model.nowMs) end(execution, 'SUCCEEDED');
      const lateMs = Math.min(execution.timesOutMs, execution.beatsUntilMs);
      if (execution.kind === 'token' && lateMs <= model.nowMs) end(execution, 'FAILED', 'States.Timeout');
    }
    await compare(model, real);
  },
});

const update = (version: number): Command =>
  command(
    `update to ${version}`,
    (model) => {
      model.version = version;
      return 'ok';
    },
    async (real) => {
      for (const kind of ['wait', 'token'] as const)
        await real.engine.updateStateMachine({
          stateMachineArn: machineArn(kind),
          definition: definitionOf(kind, version),
        });
    },
  );

/** `isOrderly`: it is closed, and what waits leaves memory; else it is dead at once. */
const restart = (isOrderly: boolean): Command => ({
  check: () => true,
  toString: () => (isOrderly ? 'restart' : 'crash'),
  async run(model, real) {
    if (isOrderly) await real.engine.close();
    real.mount?.die();
    Object.assign(real, await open(real));
    await real.clock.advance(0);
    await compare(model, real);
  },
});

const names = fc.nat(2);
const commands = fc.commands(
  [
    fc
      .tuple(fc.constantFrom<Kind>('wait', 'token'), names, fc.constantFrom('{}', '[1]'))
      .map((of) => start(...of)),
    names.map(stop),
    names.map(redrive),
    fc.tuple(names, fc.constantFrom('success', 'failure', 'heartbeat')).map((of) => answer(...of)),
    fc.constantFrom(1000, 9000, 10_000, 29_000, 30_000, 60_000).map(advance),
    fc.nat(9).map(update),
    fc.boolean().map(restart),
  ],
  { maxCommands: 60, size: 'max' },
);

test('after any sequence of requests, time and crashes, the engine stands as the model does', async () => {
  const runs = fc.assert(
    fc.asyncProperty(commands, async (list) => {
      await fc.asyncModelRun(async () => {
        const parts = {
          clock: createVirtualClock({ startMs: 0 }),
          disk: createMemoryStore(),
          tokens: new Map<string, string>(),
        };
        const real: Real = { ...parts, ...(await open(parts)) };
        for (const kind of ['wait', 'token'] as const) {
          const roleArn = 'arn:aws:iam::000000000000:role/r';
          await real.engine.createStateMachine({ name: kind, definition: definitionOf(kind, 0), roleArn });
        }
        return { model: { nowMs: 0, version: 0, executions: new Map() }, real };
      }, list);
    }),
    { numRuns: 100 },
  );
  await expect(runs).resolves.toBeUndefined();
});
