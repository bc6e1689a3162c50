/**
 * An engine in a bad world: a disk that fails, services that lie, clocks that jump, and a process that dies again and again. Whatever
 * happens, the data must be right, what was acknowledged must be there, and once the faults are over everything comes to its end.
 * One number, the seed, makes the whole run.
 */
import type { Engine, VirtualClock } from '@stepyard/engine';
import {
  createMemoryStore,
  createVirtualClock,
  openEngine,
  readTaskToken,
  recordedInputs,
  storeViolations,
} from '@stepyard/engine';
import { ACTIVITY_NAME, MACHINES } from './machines.ts';
import type { BadCommit, Mount } from './mount.ts';
import { mount } from './mount.ts';
import type { Seeded } from './seeded.ts';
import { seeded } from './seeded.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly steps: number;
  /** A seeded bug, to see whether the simulation finds it. */
  readonly bug?: SeededBug;
}

/** Bugs that an engine could have: how commits are made, and what else is wrong. */
export interface SeededBug {
  readonly commit?: BadCommit;
  /** Replaces the engine that is used. */
  readonly engine?: (engine: Engine) => Engine;
  /** After a crash the calls that were in flight are made once more. */
  readonly callsAgain?: true;
}

export interface SimulationReport {
  /** Empty: all is well. */
  readonly wrong: readonly string[];
  readonly executions: number;
  readonly crashes: number;
  readonly calls: number;
  readonly ends: Readonly<Record<string, number>>;
}

const EXECUTIONS_MAX = 50;
const CALLBACKS_MAX = 2000;
/** Simulated time in which everything must come to its end, once the faults are over. */
const QUIET_MS = 3 * 3_600_000;

interface Accepted {
  readonly name: string;
  readonly machineArn: string;
  readonly input: string;
  readonly executionArn: string;
  readonly startDateMs: number;
}

export async function simulate(options: SimulationOptions): Promise<SimulationReport> {
  const simulation = new Simulation(options);
  return simulation.run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Seeded;
  readonly #disk = createMemoryStore();
  readonly #clock: VirtualClock;
  readonly #world: World;
  readonly #accepted = new Map<string, Accepted>();
  /** Tokens whose answer was acknowledged. */
  readonly #answered = new Set<string>();
  readonly #wrong: string[] = [];
  #hasFaults = true;
  #lives = 0;
  #callbacks = 0;
  #callbacksMs = 0;
  #crashes = 0;
  #mount: Mount | undefined;
  #engine: Engine | undefined;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.#random = seeded(options.seed);
    this.#clock = createVirtualClock({});
    this.#world = new World(this.#random, this.#disk, this.#clock);
  }

  async run(): Promise<SimulationReport> {
    await this.#open();
    for (let step = 0; step < this.#options.steps && this.#found() === 0; step++) {
      await this.#step();
      const fate = this.#random.below(200);
      if (this.#mount?.hasFailed === true || fate === 0) await this.#crash();
      else if (fate === 1) await this.#restart();
      if (step % 7 === 0) this.#check();
    }
    this.#check();
    if (this.#found() === 0) await this.#comeToAnEnd();
    const rows = this.#disk.executions({ of: 'all', limit: Number.MAX_SAFE_INTEGER });
    const ends: Record<string, number> = {};
    for (const { status } of rows) ends[status] = (ends[status] ?? 0) + 1;
    return {
      wrong: [...this.#wrong, ...this.#world.wrong],
      executions: rows.length,
      crashes: this.#crashes,
      calls: this.#world.made.size,
      ends,
    };
  }

  #found(): number {
    return this.#wrong.length + this.#world.wrong.length;
  }

  // ---------------------------------------------------------------- the process

  async #open(): Promise<void> {
    const { bug = {}, seed } = this.#options;
    const life = ++this.#lives;
    for (;;) {
      const mounted = mount(this.#disk, {
        fate: () => this.#commitFate(),
        pause: () =>
          new Promise((resolve) => this.#clock.at(this.#clock.now() + 20 + this.#random.below(500), resolve)),
        ...(bug.commit === undefined ? {} : { commit: bug.commit }),
      });
      const opened = openEngine({
        clock: mortal(this.#clock, () => this.#mount === mounted && this.#moves()),
        store: mounted.store,
        runner: this.#world,
        seed: `${seed}/${life}`,
      });
      this.#mount = mounted;
      // Slow commits of the recovery want time to pass.
      const engine = await this.#result(opened);
      if (engine !== undefined) {
        this.#engine = bug.engine?.(engine) ?? engine;
        break;
      }
      mounted.die();
    }
    await this.#result(this.#prepare());
    if (bug.callsAgain === true) this.#world.callAgain();
  }

  /** Machines and the activity are there again and again: creating them twice changes nothing. */
  async #prepare(): Promise<void> {
    for (const { name, type, definition } of MACHINES) {
      await this.#engine?.createStateMachine({
        name,
        type,
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::000000000000:role/r',
      });
    }
    await this.#engine?.createActivity(ACTIVITY_NAME);
  }

  async #crash(): Promise<void> {
    this.#crashes++;
    this.#mount?.die();
    await this.#settle();
    this.#check();
    await this.#open();
  }

  /** An orderly end: what only waits leaves memory. */
  async #restart(): Promise<void> {
    if (this.#engine !== undefined) await this.#result(this.#engine.close());
    this.#mount?.die();
    await this.#settle();
    this.#check();
    await this.#open();
  }

  /** A clock that calls back for ever at one instant stands still, and everything with it. */
  #moves(): boolean {
    const nowMs = this.#clock.now();
    this.#callbacks = nowMs === this.#callbacksMs ? this.#callbacks + 1 : 0;
    this.#callbacksMs = nowMs;
    if (this.#callbacks === CALLBACKS_MAX) this.#wrong.push('time stands still');
    return this.#callbacks < CALLBACKS_MAX;
  }

  #commitFate(): 'well' | 'error before' | 'error after' | 'slow' {
    if (!this.#hasFaults || !this.#random.oneIn(40)) return 'well';
    return this.#random.pick(['error before', 'error after', 'slow', 'slow', 'slow'] as const) ?? 'well';
  }

  /** The result of a call, or undefined when it was refused or nobody is left to answer it. Time passes meanwhile. */
  async #result<Result>(call: Promise<Result>): Promise<Result | undefined> {
    const answer: { isOver: boolean; result: Result | undefined } = { isOver: false, result: undefined };
    call.then(
      (result) => Object.assign(answer, { isOver: true, result }),
      (error: unknown) => {
        answer.isOver = true;
        if (error instanceof Error && !('code' in error) && error.name !== 'StoreError')
          this.#wrong.push(`an internal error: ${error.stack ?? error.message}`);
      },
    );
    await this.#settle();
    for (let rounds = 0; rounds < 40 && !answer.isOver; rounds++) await this.#clock.advance(100);
    return answer.result;
  }

  async #settle(): Promise<void> {
    await this.#clock.advance(0);
  }

  // ---------------------------------------------------------------- what happens

  async #step(): Promise<void> {
    const engine = this.#engine;
    if (engine === undefined) return;
    const what = this.#random.below(20);
    if (what < 5) await this.#start(engine);
    else if (what < 8) await this.#answer(engine);
    else if (what < 10) await this.#work(engine);
    else if (what === 10) await this.#stop(engine);
    else if (what === 11) await this.#redrive(engine);
    else if (what === 12) await this.#look(engine);
    else if (this.#random.oneIn(60)) await this.#clock.advance(3_600_000);
    else await this.#clock.advance(this.#random.below(5000));
  }

  async #start(engine: Engine): Promise<void> {
    const again = this.#random.oneIn(6) ? this.#random.pick([...this.#accepted.values()]) : undefined;
    if (again !== undefined) {
      await this.#startAgain(engine, again);
      return;
    }
    const machine = this.#random.pick(MACHINES);
    if (machine === undefined || this.#accepted.size >= EXECUTIONS_MAX) return;
    const name = `run-${this.#accepted.size}-${this.#random.below(1000)}`;
    const machineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${machine.name}`;
    const input = JSON.stringify({ items: [1, 2, 3].slice(this.#random.below(3)) });
    const started = await this.#result(engine.start({ stateMachineArn: machineArn, name, input }));
    if (started === undefined) return;
    this.#accepted.set(started.executionArn, { name, machineArn, input, ...started });
    if (this.#disk.execution(started.executionArn) === undefined)
      this.#wrong.push(`${started.executionArn} was acknowledged before it was durable`);
  }

  /** I10: the same start again is the same execution; with another input it is refused. */
  async #startAgain(
    engine: Engine,
    { name, machineArn, input, executionArn, startDateMs }: Accepted,
  ): Promise<void> {
    if (executionArn.includes(':express:')) return;
    const isSame = this.#random.oneIn(2);
    const given = isSame ? input : '{"other":true}';
    const started = await this.#result(engine.start({ stateMachineArn: machineArn, name, input: given }));
    if (started === undefined) return;
    if (!isSame) this.#wrong.push(`${executionArn} was started again with another input`);
    if (started.startDateMs !== startDateMs || started.executionArn !== executionArn)
      this.#wrong.push(`${executionArn} was started twice`);
  }

  async #answer(engine: Engine): Promise<void> {
    const taskToken = this.#random.pick(this.#world.tokens);
    if (taskToken === undefined) return;
    if (this.#random.oneIn(3)) {
      await this.#result(engine.sendTaskHeartbeat(taskToken));
      return;
    }
    const isSuccess = this.#random.oneIn(2);
    const sent = isSuccess
      ? engine.sendTaskSuccess({ taskToken, output: '{"items":[1]}' })
      : engine.sendTaskFailure({ taskToken, error: 'E2' });
    const acknowledged = await this.#result(sent.then(() => true));
    if (acknowledged === true) this.#acknowledged(taskToken);
  }

  /** I7: a token is used up by its first answer; what was acknowledged is durable. */
  #acknowledged(token: string): void {
    if (this.#answered.has(token)) this.#wrong.push(`token ${token} was answered twice`);
    this.#answered.add(token);
    const { executionArn = '', task } = readTaskToken(token) ?? {};
    const isRecorded = recordedInputs(this.#disk, executionArn).some(
      (input) => (input.kind === 'taskSucceeded' || input.kind === 'taskFailed') && input.task === task,
    );
    if (!isRecorded) this.#wrong.push(`the answer to ${executionArn} #${task} was acknowledged and lost`);
  }

  /** A worker asks for a task, and goes away without an answer at times. */
  async #work(engine: Engine): Promise<void> {
    const activityArn = `arn:aws:states:us-east-1:000000000000:activity:${ACTIVITY_NAME}`;
    const patience = new AbortController();
    const polled = this.#result(engine.getActivityTask({ activityArn }, patience.signal));
    await this.#settle();
    patience.abort();
    const task = await polled;
    if (task !== undefined) this.#world.tokens.push(task.taskToken);
  }

  async #stop(engine: Engine): Promise<void> {
    const execution = this.#random.pick([...this.#accepted.values()]);
    if (execution === undefined || !this.#random.oneIn(3)) return;
    const { executionArn } = execution;
    const stopped = await this.#result(engine.stop({ executionArn }));
    if (stopped !== undefined && this.#disk.execution(executionArn)?.status === 'RUNNING')
      this.#wrong.push(`${executionArn} was said to have stopped before that was durable`);
  }

  async #redrive(engine: Engine): Promise<void> {
    const execution = this.#random.pick([...this.#accepted.values()]);
    if (execution === undefined) return;
    await this.#result(engine.redrive({ executionArn: execution.executionArn }));
  }

  /** I14: describe, list and history agree with each other and with what was accepted. */
  async #look(engine: Engine): Promise<void> {
    const execution = this.#random.pick([...this.#accepted.values()]);
    if (execution === undefined || execution.executionArn.includes(':express:')) return;
    const { executionArn, machineArn, input } = execution;
    const looked = await this.#result(
      Promise.all([
        engine.describe(executionArn),
        engine.list({ stateMachineArn: machineArn, maxResults: 1000 }),
        engine.history({ executionArn, maxResults: 1, reverseOrder: true }),
      ]),
    );
    if (looked === undefined) {
      if (this.#mount?.hasFailed === false) this.#wrong.push(`${executionArn} cannot be looked at`);
      return;
    }
    const [described, page, history] = looked;
    const listed = page.items.find((item) => item.executionArn === executionArn);
    if (listed?.status !== described.status)
      this.#wrong.push(`${executionArn} is listed as ${listed?.status}`);
    if (described.input !== input) this.#wrong.push(`${executionArn} has another input`);
    const isEnd = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/u.test(history.items[0]?.type ?? '');
    if (isEnd !== (described.status !== 'RUNNING'))
      this.#wrong.push(
        `${executionArn} is ${described.status}, its history ends with ${history.items[0]?.type}`,
      );
  }

  // ---------------------------------------------------------------- what must hold

  #check(): void {
    this.#wrong.push(...storeViolations(this.#disk));
    for (const { executionArn, input } of this.#accepted.values()) {
      const row = this.#disk.execution(executionArn);
      if (row === undefined) this.#wrong.push(`${executionArn} was acknowledged and lost`);
      else if (row.started.input !== input) this.#wrong.push(`${executionArn} has another input`);
    }
  }

  /** I16: once the faults are over, everything comes to its end, or waits for a token that somebody holds. */
  async #comeToAnEnd(): Promise<void> {
    this.#hasFaults = false;
    this.#world.hasFaults = false;
    await this.#crash();
    for (let minutes = 0; minutes < QUIET_MS / 60_000; minutes++) {
      if (this.#disk.runningCount() === 0) break;
      if (this.#engine !== undefined) {
        await this.#work(this.#engine);
        for (const taskToken of this.#world.tokens)
          await this.#result(this.#engine.sendTaskSuccess({ taskToken, output: '{}' }));
      }
      await this.#clock.advance(60_000);
    }
    this.#check();
    const left = this.#disk
      .executions({ of: 'all', limit: 1000 })
      .filter(({ status }) => status === 'RUNNING');
    for (const { started } of left) this.#wrong.push(`${started.executionArn} never came to its end`);
  }
}

/** The clock of one process: a dead one is not called back. */
function mortal(clock: VirtualClock, isAlive: () => boolean): VirtualClock {
  return {
    ...clock,
    now: () => clock.now(),
    at: (dueMs, callback) =>
      clock.at(dueMs, () => {
        if (isAlive()) callback();
      }),
  };
}
