/** Runs a definition that came with no mocks: every task is answered, every dataset has items. */
import type { Json, StateList } from '@stepyard/asl';
import { isArray, load } from '@stepyard/asl';
import type { Engine, ExecutionStatus, TaskRunner } from '@stepyard/engine';
import { createMemoryStore, createVirtualClock, historyViolations, openEngine } from '@stepyard/engine';
import { universalValue, withoutPlaceholders } from './generated-mocks.ts';

export interface DefinitionRun {
  /** REFUSED: it has errors once its placeholders have values. */
  readonly status: Exclude<ExecutionStatus, 'RUNNING'> | 'REFUSED';
  /** The name of the error; the codes of the diagnostics. */
  readonly error: string | undefined;
  readonly events: number;
  /** Child executions of its map runs. */
  readonly children: number;
  /** What a right engine never has: logged faults, histories that cannot be. */
  readonly faults: readonly string[];
}

/** With one object that has everything; where that does not lead to success, with a list of it, as some definitions go over `$`. */
export async function runDefinition(given: string): Promise<DefinitionRun> {
  const run = await runWith(given, (value) => value);
  if (run.status === 'SUCCEEDED' || run.status === 'REFUSED' || run.faults.length > 0) return run;
  const other = await runWith(given, (value) => [value, value]);
  return other.status === 'SUCCEEDED' || other.faults.length > 0 ? other : run;
}

async function runWith(given: string, shape: (value: Json) => Json): Promise<DefinitionRun> {
  const text = withoutPlaceholders(given);
  const { program, definition = null, diagnostics } = load(text, { type: 'STANDARD' });
  if (program === undefined) {
    const codes = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
    return { status: 'REFUSED', error: [...new Set(codes)].join(), events: 0, children: 0, faults: [] };
  }
  const answer = shape(universalValue(definition));
  const activities = activitiesOf(program.states);
  const clock = createVirtualClock({ autoAdvance: true });
  const faults: string[] = [];
  const [, , , region = 'us-east-1', account = '000000000000'] = activities[0]?.split(':') ?? [];
  const engine: Engine = await openEngine({
    clock,
    store: createMemoryStore(),
    runner: answering(answer, () => engine),
    mapRunIo: {
      async *read() {
        for (const value of itemsFrom(answer)) yield await Promise.resolve({ value, source: 's3://b/k' });
      },
      write: async () => await Promise.resolve({ bucket: 'b', key: 'k' }),
    },
    seed: 'definitions',
    region,
    account,
    onLog: ({ message }) => faults.push(message),
  });
  const { stateMachineArn } = await engine.createStateMachine({
    name: 'm',
    definition: text,
    roleArn: 'arn:aws:iam::000000000000:role/r',
  });
  for (const arn of activities) await engine.createActivity(arn.split(':')[6] ?? '');
  const stopWorking = work(engine, JSON.stringify(answer), faults);
  const input = JSON.stringify(answer);
  const { executionArn } = await engine.start({ stateMachineArn, input, name: 'run' });
  const { status, error } = await engine.whenEnded(executionArn);
  const { events } = await engine.inspect(executionArn);
  faults.push(...historyViolations(events, { status, program }));
  const children = events.filter(({ type }) => type === 'MapRunStarted').length;
  stopWorking();
  await engine.close();
  if (status === 'RUNNING') throw new Error('an execution that has ended is running');
  return { status, error, events: events.length, children, faults };
}

/** Every call succeeds; whoever waits for a token gets it at once. */
function answering(answer: Json, engine: () => Engine): TaskRunner {
  return {
    async run({ token }, report) {
      if (token !== undefined) {
        report.submitted({});
        const sent = { taskToken: token, output: JSON.stringify(answer) };
        // It may be over before the answer comes.
        await engine()
          .sendTaskSuccess(sent)
          .catch(() => undefined);
      }
      return { kind: 'succeeded', output: answer };
    },
  };
}

/** A worker for each task of an activity. */
function work(engine: Engine, output: string, faults: string[]): () => void {
  return engine.onEvents((_, events) => {
    for (const { type, details } of events) {
      const activityArn = details?.['resource'];
      if (type !== 'ActivityScheduled' || typeof activityArn !== 'string') continue;
      engine
        .getActivityTask({ activityArn })
        .then((task) => task && engine.sendTaskSuccess({ taskToken: task.taskToken, output }))
        .catch((error: unknown) => faults.push(String(error)));
    }
  });
}

function itemsFrom(answer: Json): readonly Json[] {
  return isArray(answer) ? answer : [answer, answer];
}

function activitiesOf(list: StateList): readonly string[] {
  const arns = [...list.states.values()].flatMap((state): readonly string[] => {
    if (state.type === 'Task') return state.resource.kind === 'activity' ? [state.resource.arn] : [];
    if (state.type === 'Parallel') return state.branches.flatMap(activitiesOf);
    return state.type === 'Map' ? activitiesOf(state.processor) : [];
  });
  return [...new Set(arns)];
}
