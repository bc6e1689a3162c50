/** The machines that the benchmarks run, each with its input, what must come out, and the same work written by hand. */
import type { Json, JsonObject } from '@stepyard/asl';
import type { Started } from '@stepyard/engine';
import type { Notes } from './notes.ts';

export interface Workload {
  readonly what: string;
  readonly definition: Json;
  readonly input: Json;
  /** States entered. */
  readonly transitions: number;
  /** Events of the whole history. */
  readonly events: number;
  /** The same work in JavaScript without an interpreter: its notes are what the history must say. Gives the output. */
  readonly byHand: (notes: Notes, input: never) => Json;
  /** A Map or Parallel stands around the states: the floor notes what is in it only. */
  readonly nests?: true;
  /** At most this many times the floor: the execution alone, and with the text of its history. */
  readonly wanted: { readonly run: number; readonly wire: number };
  /** At least this many transitions a second, besides. */
  readonly transitionsPerSecond?: number;
}

type States = Record<string, Json>;

/** `count` states, one after the other, named by `name` and made by `make`. */
function chain(count: number, name: (index: number) => string, make: (index: number) => States): Json {
  const states: States = {};
  for (let index = 0; index < count; index++) {
    const onward = index === count - 1 ? { End: true } : { Next: name(index + 1) };
    states[name(index)] = { Type: 'Pass', ...make(index), ...onward };
  }
  return { StartAt: name(0), States: states };
}

const step = (index: number): string => `Step ${index}`;

type Order = { readonly n: number; readonly tag: string; readonly last?: Json };

const chainOfPasses: Workload = {
  what: '100 Pass with data',
  definition: chain(100, step, (index) => ({
    Parameters: { 'prev.$': '$.n', step: index },
    ResultPath: '$.last',
  })),
  input: { n: 1, tag: 'x' },
  transitions: 100,
  events: 202,
  byHand: (notes, input: Order) => {
    let state = input;
    for (let index = 0; index < 100; index++) {
      notes.enter('Pass', step(index), state);
      state = { ...state, last: { prev: state.n, step: index } };
      notes.exit('Pass', step(index), state);
    }
    return state;
  },
  wanted: { run: 0.4, wire: 1.2 },
};

const loop: Workload = {
  what: 'loop to 1,000, JSONPath',
  definition: {
    StartAt: 'Add',
    States: {
      Add: { Type: 'Pass', Parameters: { 'i.$': 'States.MathAdd($.i, 1)' }, Next: 'Done?' },
      'Done?': {
        Type: 'Choice',
        Choices: [{ Variable: '$.i', NumericLessThan: 1000, Next: 'Add' }],
        Default: 'End',
      },
      End: { Type: 'Succeed' },
    },
  },
  input: { i: 0 },
  transitions: 2001,
  events: 4004,
  byHand: (notes, input: { readonly i: number }) => {
    let state = input;
    do {
      notes.enter('Pass', 'Add', state);
      state = { i: state.i + 1 };
      notes.exit('Pass', 'Add', state);
      notes.enter('Choice', 'Done?', state);
      notes.exit('Choice', 'Done?', state);
    } while (state.i < 1000);
    notes.enter('Succeed', 'End', state);
    notes.exit('Succeed', 'End', state);
    return state;
  },
  wanted: { run: 0.4, wire: 1.2 },
};

const loopWithVariables: Workload = {
  what: 'loop to 1,000, JSONata, variables',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      Begin: { Type: 'Pass', Assign: { i: 0 }, Next: 'Add' },
      Add: { Type: 'Pass', Assign: { i: '{% $i + 1 %}' }, Next: 'Done?' },
      'Done?': {
        Type: 'Choice',
        Choices: [{ Condition: '{% $i < 1000 %}', Next: 'Add' }],
        Default: 'End',
      },
      End: { Type: 'Succeed', Output: { i: '{% $i %}' } },
    },
  },
  input: {},
  transitions: 2002,
  events: 4006,
  byHand: (notes, input: Json) => {
    let i = 0;
    notes.enter('Pass', 'Begin', input);
    notes.exit('Pass', 'Begin', input, { i });
    do {
      notes.enter('Pass', 'Add', input);
      i += 1;
      notes.exit('Pass', 'Add', input, { i });
      notes.enter('Choice', 'Done?', input);
      notes.exit('Choice', 'Done?', input);
    } while (i < 1000);
    notes.enter('Succeed', 'End', input);
    notes.exit('Succeed', 'End', { i });
    return { i };
  },
  wanted: { run: 0.4, wire: 1.2 },
  transitionsPerSecond: 2_000_000,
};

type Item = { readonly v: number; readonly name: string };

/** An inline Map of three states over `count` items. */
export function mapOver(count: number): Workload {
  return {
    what: `Map ${count.toLocaleString('en')} x 3`,
    definition: {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          ItemsPath: '$.items',
          ItemProcessor: {
            StartAt: 'Pick',
            States: {
              Pick: { Type: 'Pass', Parameters: { 'v.$': '$.v', k: 1 }, Next: 'Add' },
              Add: { Type: 'Pass', Result: { ok: true }, ResultPath: '$.r', Next: 'Reduce' },
              Reduce: { Type: 'Pass', OutputPath: '$.v', End: true },
            },
          },
          End: true,
        },
      },
    },
    input: { items: Array.from({ length: count }, (_, v): Json => ({ v, name: `item ${v}` })) },
    transitions: 3 * count + 1,
    events: 8 * count + 6,
    byHand: (notes, input: { readonly items: readonly Item[] }) => {
      const results: Json[] = [];
      for (const item of input.items) {
        notes.enter('Pass', 'Pick', item);
        const picked = { v: item.v, k: 1 };
        notes.exit('Pass', 'Pick', picked);
        notes.enter('Pass', 'Add', picked);
        const added = { ...picked, r: { ok: true } };
        notes.exit('Pass', 'Add', added);
        notes.enter('Pass', 'Reduce', added);
        notes.exit('Pass', 'Reduce', added.v);
        results.push(added.v);
      }
      return results;
    },
    nests: true,
    wanted: { run: 0.5, wire: 2 },
  };
}

const branchStep = (branch: number, index: number): string => `Branch ${branch} step ${index}`;

const parallel: Workload = {
  what: 'Parallel 10 x 10',
  definition: {
    StartAt: 'All',
    States: {
      All: {
        Type: 'Parallel',
        Branches: Array.from({ length: 10 }, (_, branch) =>
          chain(
            10,
            (index) => branchStep(branch, index),
            () => ({ Parameters: { 'n.$': '$.n', branch } }),
          ),
        ),
        End: true,
      },
    },
  },
  input: { n: 1 },
  transitions: 101,
  events: 206,
  byHand: (notes, input: { readonly n: number }) => {
    const results: Json[] = [];
    for (let branch = 0; branch < 10; branch++) {
      let state: Record<string, number> & { readonly n: number } = input;
      for (let index = 0; index < 10; index++) {
        notes.enter('Pass', branchStep(branch, index), state);
        state = { n: state.n, branch };
        notes.exit('Pass', branchStep(branch, index), state);
      }
      results.push(state);
    }
    return results;
  },
  nests: true,
  wanted: { run: 0.6, wire: 1.7 },
};

function rows(bytes: number): Json {
  const all: Json[] = [];
  for (let size = 0, id = 0; size < bytes; id++) {
    const row = { id, sku: `SKU-${id}`, quantity: id % 7, note: 'boxes are to be stacked this side up' };
    size += JSON.stringify(row).length + 1;
    all.push(row);
  }
  return all;
}

const largePayload: Workload = {
  what: '200 KiB through 100 states',
  definition: chain(100, step, (index) => ({ Result: index, ResultPath: '$.last' })),
  input: { rows: rows(200 * 1024 - 200) },
  transitions: 100,
  events: 202,
  byHand: (notes, input: JsonObject) => {
    let state = input;
    for (let index = 0; index < 100; index++) {
      notes.enter('Pass', step(index), state);
      state = { ...state, last: index };
      notes.exit('Pass', step(index), state);
    }
    return state;
  },
  wanted: { run: 0.01, wire: 0.1 },
};

export const WORKLOADS: readonly Workload[] = [
  chainOfPasses,
  loop,
  loopWithVariables,
  mapOver(1000),
  parallel,
  largePayload,
];

/** A Distributed Map: each item is a child execution with a history of four events. */
export function distributedMap(count: number): { readonly definition: Json; readonly input: Json } {
  return {
    definition: {
      StartAt: 'Each',
      States: {
        Each: {
          Type: 'Map',
          Label: 'Each',
          ItemsPath: '$.items',
          MaxConcurrency: 1000,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Pick',
            States: { Pick: { Type: 'Pass', Parameters: { 'v.$': '$.v' }, End: true } },
          },
          ResultPath: null,
          Next: 'Done',
        },
        Done: { Type: 'Pass', Result: { done: true }, End: true },
      },
    },
    input: { items: Array.from({ length: count }, (_, v): Json => ({ v })) },
  };
}

/** Five Pass states. */
export const SHORT: Json = chain(5, step, () => ({}));

/** A Task and four Pass states, `loops` times. The Task gives `{ ok: true }`. */
export function tasksAndPasses(loops: number): { readonly definition: Json; readonly transitions: number } {
  const pass = (next: string): Json => ({ Type: 'Pass', Next: next });
  return {
    definition: {
      StartAt: 'Call',
      States: {
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f',
          ResultPath: '$.result',
          Next: 'One',
        },
        One: pass('Two'),
        Two: pass('Three'),
        Three: {
          Type: 'Pass',
          Parameters: { 'i.$': 'States.MathAdd($.i, 1)' },
          Next: 'Four',
        },
        Four: pass('Done?'),
        'Done?': {
          Type: 'Choice',
          Choices: [{ Variable: '$.i', NumericLessThan: loops, Next: 'Call' }],
          Default: 'End',
        },
        End: { Type: 'Succeed' },
      },
    },
    transitions: 6 * loops + 1,
  };
}

/** The first input of an execution that runs in no engine. */
export function startedWith(input: string): Started {
  const place = 'arn:aws:states:us-east-1:000000000000';
  return {
    kind: 'started',
    executionArn: `${place}:execution:bench:run`,
    name: 'run',
    stateMachineArn: `${place}:stateMachine:bench`,
    stateMachineName: 'bench',
    roleArn: 'arn:aws:iam::000000000000:role/bench',
    type: 'STANDARD',
    input,
    seed: 'bench',
  };
}
