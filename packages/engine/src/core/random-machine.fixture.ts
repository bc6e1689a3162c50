import type { Json, JsonObject } from '@stepyard/asl';
import * as fc from 'fast-check';

/** What the attempts of Tasks come to, in the order in which they are asked for. */
export type TaskOutcome = 'ok' | 'E1' | 'E2' | 'timeout';

export interface RandomMachine {
  readonly definition: JsonObject;
  readonly outcomes: readonly TaskOutcome[];
}

interface Line {
  readonly StartAt: string;
  readonly States: JsonObject;
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

/** Well-formed machines of up to a few states in a line, with branches and iterations nested two deep, and outcomes for all Tasks. */
export const randomMachine: fc.Arbitrary<RandomMachine> = fc.record({
  definition: line(2).map((value): JsonObject => ({ ...value })),
  outcomes: fc.array(fc.constantFrom<TaskOutcome>('ok', 'ok', 'ok', 'E1', 'E2', 'timeout'), {
    minLength: 1,
    maxLength: 12,
  }),
});

function line(depth: number): fc.Arbitrary<Line> {
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
  const isLast = index === count - 1;
  const { Caught, ...state } = body;
  const caught = Caught !== undefined && !isLast ? { Catch: [{ ErrorEquals: [Caught], Next: next }] } : {};
  return { ...state, ...caught, ...(isLast ? { End: true } : { Next: next }) };
}

function state(depth: number): fc.Arbitrary<JsonObject> {
  const leaves = [
    fc.constant<JsonObject>({ Type: 'Pass' }),
    fc.nat(3).map((Seconds): JsonObject => ({ Type: 'Wait', Seconds })),
    fc.record({ Retry: retry, Caught: fc.constantFrom<Json>(...ERRORS) }).map((fields): JsonObject => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: 'f' },
      TimeoutSeconds: 5,
      ...fields,
    })),
    fc.constant<JsonObject>({ Type: 'Fail', Error: 'E1', Cause: 'on purpose' }),
    fc.constant<JsonObject>({ Type: 'Succeed' }),
  ];
  if (depth === 0) return fc.oneof(...leaves.slice(0, 3), leaves[3] ?? fc.constant({}));
  const inner = line(depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: fc.oneof(...leaves) },
    {
      weight: 1,
      arbitrary: fc
        .record({
          Branches: fc.array(inner, { minLength: 1, maxLength: 3 }),
          Retry: retry,
          Caught: fc.constantFrom<Json>(...ERRORS),
        })
        .map((fields): JsonObject => ({ Type: 'Parallel', ...fields }) as unknown as JsonObject),
    },
    {
      weight: 1,
      arbitrary: fc
        .record({
          ItemProcessor: inner,
          MaxConcurrency: fc.nat(3),
          Retry: retry,
          Caught: fc.constantFrom<Json>(...ERRORS),
          items: fc.nat(4),
        })
        .map(({ items, ...fields }): JsonObject => {
          const pass = Array.from({ length: items }, (_, index) => index);
          return {
            Type: 'Map',
            ItemsPath: '$$.Execution.Input',
            ...fields,
            Comment: String(pass.length),
          } as unknown as JsonObject;
        }),
    },
  );
}
