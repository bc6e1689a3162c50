/** What a process does until it is killed, and another one after it: starts executions, answers what they ask, waits for their ends. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Store, TaskRequest, TaskRunner } from '@stepyard/engine';
import { EngineError, createVirtualClock, openEngine } from '@stepyard/engine';
import { ACTIVITY_NAME, MACHINES } from './machines.ts';

/** Notes of what happened outside, which a kill does not take back: one line each. */
export interface Notes {
  /** Calls that were made, by their keys. */
  readonly calls: string;
  /** Executions whose start was acknowledged. */
  readonly started: string;
  /** Task tokens that were handed out, and those whose answer was acknowledged. */
  readonly tokens: string;
  readonly answered: string;
}

export function notesIn(directory: string): Notes {
  const file = (name: string): string => join(directory, `${name}.log`);
  return {
    calls: file('calls'),
    started: file('started'),
    tokens: file('tokens'),
    answered: file('answered'),
  };
}

export function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
}

const INPUT = '{"items":[1,2,3]}';

/** Plays the scenario over the store, from wherever it stands. `point` is called at every boundary of an effect. */
export async function play(
  store: Store,
  directory: string,
  startMs: number,
  point: (name: string) => void,
): Promise<readonly string[]> {
  const notes = notesIn(directory);
  const clock = createVirtualClock({ autoAdvance: true, startMs });
  const faults: string[] = [];
  const handedOut: string[] = linesOf(notes.tokens);
  const runner: TaskRunner = {
    run({ attemptId, stateName, token }: TaskRequest) {
      point('before a call');
      const isFirst = !linesOf(notes.calls).some((line) => line.startsWith(`${stateName} `));
      appendFileSync(notes.calls, `${stateName} ${attemptId}\n`);
      if (token !== undefined) {
        appendFileSync(notes.tokens, `${token}\n`);
        clock.at(clock.now() + 5000, () => void answer(engine, token, notes));
      }
      point('after a call');
      return Promise.resolve(
        isFirst && stateName === 'First'
          ? { kind: 'failed', error: 'E1', cause: undefined }
          : { kind: 'succeeded', output: { items: [] } },
      );
    },
  };
  const engine = await openEngine({
    clock,
    store,
    runner,
    seed: `scenario ${startMs}`,
    onLog: ({ message }) => faults.push(message),
  });
  await prepare(engine);
  // Whoever holds a token answers it, whichever process handed it out.
  for (const token of handedOut) await answer(engine, token, notes);
  for (const { name } of MACHINES) {
    const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
    const isAgain = linesOf(notes.started).some((arn) => arn.includes(`:${name}:`));
    if (isAgain) continue;
    const started = await unlessRefused(engine.start({ stateMachineArn, name: 'run', input: INPUT }));
    if (started !== undefined) appendFileSync(notes.started, `${started.executionArn}\n`);
  }
  const worker = work(engine, notes);
  await engine.whenIdle();
  worker.abort();
  await engine.close();
  return faults;
}

async function prepare(engine: Engine): Promise<void> {
  for (const { name, type, definition } of MACHINES) {
    const roleArn = 'arn:aws:iam::000000000000:role/r';
    await engine.createStateMachine({ name, type, definition: JSON.stringify(definition), roleArn });
  }
  await engine.createActivity(ACTIVITY_NAME);
}

async function answer(engine: Engine, taskToken: string, notes: Notes): Promise<void> {
  const sent = engine.sendTaskSuccess({ taskToken, output: '{"items":[]}' });
  const isAcknowledged = await unlessRefused(sent.then(() => true));
  if (isAcknowledged === true) appendFileSync(notes.answered, `${taskToken}\n`);
}

/** A worker that takes one task after the other. */
function work(engine: Engine, notes: Notes): AbortController {
  const patience = new AbortController();
  const activityArn = `arn:aws:states:us-east-1:000000000000:activity:${ACTIVITY_NAME}`;
  const takeAll = async (): Promise<void> => {
    while (!patience.signal.aborted) {
      const task = await engine.getActivityTask({ activityArn }, patience.signal);
      if (task === undefined) continue;
      appendFileSync(notes.tokens, `${task.taskToken}\n`);
      await answer(engine, task.taskToken, notes);
    }
  };
  takeAll().catch(() => undefined);
  return patience;
}

/** undefined: the engine said that the caller asked for what cannot be, as it may after a restart. */
async function unlessRefused<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof EngineError) return undefined;
    throw error;
  }
}
