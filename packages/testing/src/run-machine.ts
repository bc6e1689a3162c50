import type { Engine, ExecutionStatus, HistoryEvent, MachineType, Mocks } from '@stepyard/engine';
import {
  createMockMapRunIo,
  createMockTaskRunner,
  createMemoryStore,
  createVirtualClock,
  openEngine,
  pathOf,
  printHistory,
} from '@stepyard/engine';
import type { Json, Program, StateList } from '@stepyard/asl';
import { load, parseJson } from '@stepyard/asl';
import { answerActivities, answeringCallbacks, sendResult } from './answers.ts';
import { transitionsOf } from './history.ts';
import { definitionText } from './substitute.ts';

export interface MachineRunOptions {
  /** ASL, as text or as JSON. */
  readonly definition: string | Json;
  /** Values of the `${Name}` in the definition's text, as CloudFormation's DefinitionSubstitutions. */
  readonly substitutions?: Readonly<Record<string, string>>;
  /** STANDARD unless given. */
  readonly type?: MachineType;
  /** `{}` unless given. */
  readonly input?: Json;
  /**
   * What the Tasks answer, by state name: the nth invocation of a state takes the nth mock. Activities and callbacks too, those
   * in the children of a Distributed Map, and under the name of the Map itself what its ItemReader reads.
   */
  readonly mocks?: Mocks;
  /** Epoch milliseconds at which the virtual clock starts; 2026-01-01 unless given. */
  readonly startMs?: number;
  /** The same seed gives the same history, ids and jitter. `test` unless given. */
  readonly seed?: string;
  /** Name of the execution, and of the machine; `run` and `machine` unless given. */
  readonly name?: string;
  readonly machineName?: string;
}

export interface MachineRun {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  /** Only of SUCCEEDED. */
  readonly output: Json | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  readonly history: readonly HistoryEvent[];
  /** Names of the states that were entered, in the order of the history, nested ones included. */
  readonly path: readonly string[];
  /** State transitions, as Standard workflows are billed: states entered, and retries. */
  readonly transitions: number;
  /** Virtual time that passed. */
  readonly durationMs: number;
}

/**
 * Runs a state machine from its start to its end, on a virtual clock and with mocks for its Tasks: a Wait of a year takes no
 * time. Throws when the definition is wrong, when a state is invoked with no mock left (naming it, and mocks that are of no state), and
 * when the execution can never end.
 */
export async function runMachine(options: MachineRunOptions): Promise<MachineRun> {
  const text = definitionText(options.definition, options.substitutions);
  const clock = createVirtualClock({
    autoAdvance: true,
    ...(options.startMs === undefined ? {} : { startMs: options.startMs }),
  });
  const program = loadProgram(text, options.type ?? 'STANDARD');
  const activities = activityArns(program.states);
  const mocks = createMockTaskRunner(options.mocks ?? {}, clock);
  const faults: string[] = [];
  const engine: Engine = await openEngine({
    clock,
    store: createMemoryStore(),
    runner: answeringCallbacks(mocks, (token, result) => sendResult(engine, token, result)),
    mapRunIo: createMockMapRunIo(mocks),
    seed: options.seed ?? 'test',
    onLog: ({ message }) => faults.push(message),
    ...placeOf(activities),
  });
  const stopWorking = answerActivities(engine, mocks, clock, faults);
  try {
    const machine = await engine.createStateMachine({
      name: options.machineName ?? 'machine',
      definition: text,
      roleArn: 'arn:aws:iam::000000000000:role/machine',
      type: options.type ?? 'STANDARD',
    });
    for (const arn of activities) await engine.createActivity(arn.split(':')[6] ?? '');
    const request = {
      stateMachineArn: machine.stateMachineArn,
      name: options.name ?? 'run',
      input: JSON.stringify(options.input ?? {}),
    };
    const started = await engine.start(request);
    const ended = await engine.whenEnded(started.executionArn);
    const { events } = await engine.inspect(started.executionArn);
    if (faults.length > 0) throw new Error(`The engine is at fault:\n${faults.join('\n')}`);
    const missing = mocks.missing[0];
    if (missing !== undefined) {
      throw new Error(
        `State '${missing}' was invoked with no mock left${strangers(options.mocks ?? {}, program)}. The history so far:\n${printHistory(events)}`,
      );
    }
    if (ended.status === 'RUNNING') throw new Error('an execution that has ended is running');
    return {
      status: ended.status,
      output: ended.output === undefined ? undefined : parseJson(ended.output),
      error: ended.error,
      cause: ended.cause,
      history: events,
      path: pathOf(events),
      transitions: transitionsOf(events),
      durationMs: (ended.stopDateMs ?? ended.startDateMs) - ended.startDateMs,
    };
  } finally {
    stopWorking();
    await engine.close();
  }
}

function loadProgram(text: string, type: MachineType): Program {
  const { program, diagnostics } = load(text, { type });
  if (program !== undefined) return program;
  const lines = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, message, pointer }) => `${code} ${message} at ${pointer === '' ? '/' : pointer}`);
  throw new Error(`The definition is wrong:\n${lines.join('\n')}`);
}

/** Mocks may be shared by machines, so that one of no state is told only where another is missing: its name may be misspelt. */
function strangers(mocks: Mocks, { states }: Program): string {
  const names = new Set(stateNames(states));
  const unknown = Object.keys(mocks).filter((name) => !names.has(name));
  if (unknown.length === 0) return '';
  return ` (there are mocks for ${unknown.map((name) => `'${name}'`).join(', ')}, and no such states)`;
}

function stateNames(list: StateList): readonly string[] {
  return [...list.states.values()].flatMap((state): readonly string[] => {
    if (state.type === 'Parallel') return [state.name, ...state.branches.flatMap(stateNames)];
    return state.type === 'Map' ? [state.name, ...stateNames(state.processor)] : [state.name];
  });
}

function activityArns(list: StateList): readonly string[] {
  const arns = [...list.states.values()].flatMap((state): readonly string[] => {
    if (state.type === 'Task') return state.resource.kind === 'activity' ? [state.resource.arn] : [];
    if (state.type === 'Parallel') return state.branches.flatMap(activityArns);
    return state.type === 'Map' ? activityArns(state.processor) : [];
  });
  return [...new Set(arns)];
}

/** The definition's activities exist in the run: it happens in their region and account. */
function placeOf(activities: readonly string[]): { region?: string; account?: string } {
  const [, , , region, account] = activities[0]?.split(':') ?? [];
  return region === undefined || account === undefined ? {} : { region, account };
}
