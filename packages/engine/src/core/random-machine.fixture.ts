import type { JsonObject } from '@stepyard/asl';
import * as fc from 'fast-check';

/** What an attempt of a Task comes to. */
export type TaskOutcome = 'ok' | 'E1' | 'E2' | 'timeout';

export interface RandomMachine {
  readonly definition: JsonObject;
  /** In the order in which attempts are answered, again and again. */
  readonly outcomes: readonly TaskOutcome[];
}

const ERRORS = ['E1', 'E2', 'States.ALL', 'States.Timeout', 'States.TaskFailed'] as const;

const retry = fc
  .array(fc.record({ name: fc.constantFrom(...ERRORS), MaxAttempts: fc.nat(2) }), { maxLength: 2 })
  .map((list) =>
    list.map(({ name, MaxAttempts }): JsonObject => ({
      ErrorEquals: [name],
      IntervalSeconds: 1,
      MaxAttempts,
    })),
  );

/** `Caught` becomes a Catch to the next state, where there is one. */
const handlers = { Retry: retry, Caught: fc.constantFrom(...ERRORS) };

/** Well-formed machines of a few states in a line, with branches and iterations nested two deep, and outcomes for their Tasks. */
export const randomMachine: fc.Arbitrary<RandomMachine> = fc.record({
  definition: line(2),
  outcomes: fc.array(fc.constantFrom<TaskOutcome>('ok', 'ok', 'ok', 'E1', 'E2', 'timeout'), {
    minLength: 1,
    maxLength: 12,
  }),
});

function line(depth: number): fc.Arbitrary<JsonObject> {
  return fc.array(state(depth), { minLength: 1, maxLength: 3 }).map((states) => {
    const named = states.map((body, index): [string, JsonObject] => [
      `S${index}`,
      linked(body, index, states.length),
    ]);
    return { StartAt: 'S0', States: Object.fromEntries(named) };
  });
}

/** Every state goes on to the next one, a catcher too; the last one ends the line. */
function linked(body: JsonObject, index: number, count: number): JsonObject {
  if (body['Type'] === 'Fail' || body['Type'] === 'Succeed') return body;
  const next = `S${index + 1}`;
  const { Caught, ...rest } = body;
  if (index === count - 1) return { ...rest, End: true };
  const caught = Caught === undefined ? {} : { Catch: [{ ErrorEquals: [Caught], Next: next }] };
  return { ...rest, ...caught, Next: next };
}

function state(depth: number): fc.Arbitrary<JsonObject> {
  const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
    fc.constant({ Type: 'Pass' }),
    fc.constant({ Type: 'Succeed' }),
    fc.constant({ Type: 'Fail', Error: 'E1', Cause: 'on purpose' }),
    fc.nat(3).map((Seconds) => ({ Type: 'Wait', Seconds })),
    fc.record(handlers).map((fields) => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f' },
      TimeoutSeconds: 5,
      ...fields,
    })),
  );
  if (depth === 0) return leaf;
  const inner = line(depth - 1);
  const parallel = fc
    .record({ Branches: fc.array(inner, { minLength: 1, maxLength: 3 }), ...handlers })
    .map((fields): JsonObject => ({ Type: 'Parallel', ...fields }));
  const map = fc
    .record({ ItemProcessor: inner, MaxConcurrency: fc.nat(3), ...handlers })
    .map((fields): JsonObject => ({ Type: 'Map', ItemsPath: '$$.Execution.Input', ...fields }));
  return fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: parallel },
    { weight: 1, arbitrary: map },
  );
}
