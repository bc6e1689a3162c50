/** A Task that starts an execution, and a crash at every point around it: the child begins once, and its parent hears of its end. */
import type { Json } from '@stepyard/asl';
import type { Engine, ServiceAnswer, ServiceCall, ServiceCaller, Store, TaskRunner } from '@stepyard/engine';
import {
  EngineError,
  ServiceError,
  StoreError,
  createIntegrationRunner,
  createMemoryStore,
  createVirtualClock,
  openEngine,
} from '@stepyard/engine';
import { expect, test } from 'vitest';

const PLACE = 'arn:aws:states:us-east-1:000000000000';
const CHILD = `${PLACE}:stateMachine:child`;
const START_MS = Date.UTC(2026, 0, 1);

/** Step Functions itself, as a workflow calls it; `point` before and after each call. */
function callerOver(opened: Promise<Engine>, point: () => void): ServiceCaller {
  const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
  const answer = async ({ operation, input }: ServiceCall): Promise<{ readonly [name: string]: Json }> => {
    const engine = await opened;
    const executionArn = text(input['executionArn']);
    if (operation === 'StartExecution') {
      const name = text(input['name']);
      const request = { stateMachineArn: text(input['stateMachineArn']), input: text(input['input']) };
      const started = await engine.start({ ...request, ...(name === '' ? {} : { name }) });
      return { executionArn: started.executionArn, startDate: started.startDateMs / 1000 };
    }
    if (operation === 'StopExecution') {
      await engine.stop({ executionArn });
      return {};
    }
    if (operation === 'DescribeStateMachine') {
      const { type } = await engine.describeStateMachine(text(input['stateMachineArn']));
      return { type };
    }
    const { status, output, startDateMs, ...rest } = await engine.describe(executionArn);
    const ended = output === undefined ? {} : { output };
    return { executionArn, status, startDate: startDateMs / 1000, input: rest.input, ...ended };
  };
  return {
    async call(call): Promise<ServiceAnswer> {
      point();
      try {
        const output = await answer(call);
        point();
        return { output, statusCode: 200, requestId: 'r', headers: {} };
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        throw new ServiceError({ service: 'sfn', code: error.code, message: error.message, statusCode: 400 });
      }
    },
    invokeFunction: () => Promise.reject(new Error('nothing is invoked')),
    readObject: () => Promise.reject(new Error('nothing is read')),
    async jobChanged(_service, executionArn) {
      await (await opened).whenEnded(executionArn);
    },
  };
}

/** One process after the other over a store: the first one dies at the point, the second one lives. */
class Lives {
  readonly store = createMemoryStore();
  readonly clock = createVirtualClock({ startMs: START_MS });
  points = 0;
  #at: number;
  #isDead = false;
  engine!: Engine;

  constructor(at: number) {
    this.#at = at;
  }

  get hasDied(): boolean {
    return this.#isDead;
  }

  async open(): Promise<void> {
    const life = { isDead: false };
    const point = (): void => {
      if (life.isDead) return;
      if (++this.points === this.#at) {
        life.isDead = true;
        this.#isDead = true;
      }
    };
    const opened = Promise.withResolvers<Engine>();
    const runner = createIntegrationRunner(callerOver(opened.promise, point));
    this.engine = await openEngine({
      clock: this.clock,
      store: mortal(this.store, life, point),
      runner: unlessDead(runner, life),
      seed: `seed ${this.#at}`,
    });
    opened.resolve(this.engine);
  }

  /** Nothing of the first process does anything any more. */
  async again(): Promise<void> {
    this.#at = 0;
    await this.engine.close().catch(() => undefined);
    await this.open();
  }
}

function mortal(store: Store, life: { readonly isDead: boolean }, point: () => void): Store {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'commit')
        return async (writes: Parameters<Store['commit']>[0]) => {
          point();
          if (life.isDead) throw new StoreError('dead');
          await target.commit(writes);
          point();
          if (life.isDead) throw new StoreError('dead');
        };
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function unlessDead(runner: TaskRunner, life: { readonly isDead: boolean }): TaskRunner {
  const never = new Promise<never>(() => undefined);
  return {
    run: (...call) => (life.isDead ? never : runner.run(...call)),
    repeat: (...call) => (life.isDead ? never : (runner.repeat?.(...call) ?? never)),
    reattach: (...call) => (life.isDead ? never : (runner.reattach?.(...call) ?? never)),
  };
}

function parent(pattern: string, more: object): string {
  return JSON.stringify({
    StartAt: 'Start',
    States: {
      Start: {
        Type: 'Task',
        Resource: `arn:aws:states:::states:startExecution${pattern}`,
        Parameters: { StateMachineArn: CHILD, Input: { a: 1 }, ...more },
        End: true,
      },
    },
  });
}

const CHILD_TEXT = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 5, End: true } } });
const roleArn = 'arn:aws:iam::000000000000:role/r';

async function prepare(engine: Engine, definition: string, type: 'STANDARD' | 'EXPRESS'): Promise<void> {
  await engine.createStateMachine({ name: 'child', definition: CHILD_TEXT, roleArn, type });
  await engine.createStateMachine({ name: 'parent', definition, roleArn });
}

interface Outcome {
  readonly status: string;
  readonly error: string | undefined;
  readonly children: number;
  readonly died: boolean;
}

/** What comes of the parent, and how many children there are, when it dies at that point and lives on. */
async function play(
  at: number,
  definition: string,
  type: 'STANDARD' | 'EXPRESS' = 'STANDARD',
): Promise<Outcome> {
  const lives = new Lives(0);
  await lives.open();
  await prepare(lives.engine, definition, type);
  await lives.engine.close();
  const own = new Lives(at);
  const { store } = lives;
  Object.assign(own, { store });
  await own.open();
  const request = { stateMachineArn: `${PLACE}:stateMachine:parent`, name: 'run' };
  await own.engine.start(request).catch(() => undefined);
  for (let second = 0; second < 9; second++) await own.clock.advance(1000);
  if (own.hasDied) {
    await own.again();
    await own.engine.start(request).catch(() => undefined);
  }
  for (let second = 0; second < 12; second++) await own.clock.advance(1000);
  const { status, error } = await own.engine.describe(`${PLACE}:execution:parent:run`);
  const children = store.executions({ of: { machineArn: CHILD }, limit: 9 });
  await own.engine.close();
  return { status, error, children: children.length, died: own.hasDied };
}

test.each([
  ['.sync', {}],
  ['.sync:2', { Name: 'mine' }],
  ['', {}],
  ['', { Name: 'mine' }],
])('startExecution%s with %o is repeated by its name, wherever the yard dies', async (pattern, more) => {
  const definition = parent(pattern, more);
  let at = 0;
  let hasDied = true;
  while (hasDied) {
    const outcome = await play(++at, definition);
    expect(outcome, `point ${at}`).toMatchObject({ status: 'SUCCEEDED', children: 1 });
    hasDied = outcome.died;
  }
  expect(at).toBeGreaterThan(8);
});

test('an execution of that name that had been there before is none of the attempt', async () => {
  const lives = new Lives(0);
  await lives.open();
  await prepare(lives.engine, parent('.sync', { Name: 'mine' }), 'STANDARD');
  await lives.engine.start({ stateMachineArn: CHILD, name: 'mine', input: '{"a":1}' });
  await lives.clock.advance(10_000);
  await lives.engine.close();
  // Points 1 and 2 are the commit of the parent's start: it dies before it has called anybody.
  const own = new Lives(2);
  Object.assign(own, { store: lives.store, clock: lives.clock });
  await own.open();
  await own.engine
    .start({ stateMachineArn: `${PLACE}:stateMachine:parent`, name: 'run' })
    .catch(() => undefined);
  expect(own.hasDied).toBe(true);
  await own.again();
  await own.clock.advance(10_000);
  const described = await own.engine.describe(`${PLACE}:execution:parent:run`);
  expect(described).toMatchObject({
    status: 'FAILED',
    error: 'StepFunctions.ExecutionAlreadyExistsException',
  });
  await own.engine.close();
});

test('the start of an Express execution is in doubt: another one of its name would be another one', async () => {
  for (let at = 1; at < 12; at++) {
    const { children } = await play(at, parent('', {}), 'EXPRESS');
    expect(children, `point ${at}`).toBeLessThan(2);
  }
});
