import type { Json, JsonArray, MapState } from '@stepyard/asl';
import { AslFailure, isArray } from '@stepyard/asl';
import { departWithResult, effectiveInput, wholeNumber } from '../dataflow.ts';
import { StateEnvironment, evaluated } from '../evaluation.ts';
import type { Execution } from '../execution.ts';
import { enqueue, record, recordInLine } from '../execution.ts';
import { QUERY_EVALUATION, RUNTIME } from '../failure.ts';
import type { Frame, Group } from '../frame.ts';
import { leave, recordEntered, startIterations } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/** Map in INLINE mode: an iteration for each item, at most MaxConcurrency at once (0: all); results in item order. */
export const map: Behaviour<MapState> = {
  enter(execution, frame, state) {
    recordEntered(execution, frame);
    openIterations(execution, frame, state);
  },

  attempt: openIterations,

  resume(execution, frame, state) {
    if (frame.work?.kind !== 'group') throw new Error('a Map is joined without having iterations');
    // Succeeded and Exited both point at the last MapIterationSucceeded, or at MapStateStarted when there were no items
    // ([6] and [15] of the recordings).
    const departure = departWithResult(execution, frame, frame.work.results);
    record(execution, 'MapStateSucceeded', frame.lastEventId);
    leave(execution, frame, departure, state.next);
  },
};

function openIterations(execution: Execution, frame: Frame, state: MapState): void {
  const input = effectiveInput(execution, frame);
  const items = itemsOf(execution, frame, state, input);
  const concurrency = wholeNumber(execution, frame, state.maxConcurrency, 'MaxConcurrency', {
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
  });
  recordInLine(execution, frame, 'MapStateStarted', undefined, undefined, { length: items.length });
  const group: Group = {
    kind: 'group',
    owner: frame,
    state,
    inputs: state.itemSelector === undefined ? items : selectItems(execution, frame, state, items, input),
    items,
    results: [],
    concurrency: concurrency === undefined || concurrency === 0 ? items.length : concurrency,
    started: 0,
    finished: 0,
    open: new Set(),
  };
  frame.work = group;
  if (items.length === 0) enqueue(execution, frame, 'resume');
  else startIterations(execution, group, frame.lastEventId);
}

function itemsOf(execution: Execution, frame: Frame, state: MapState, input: Json): JsonArray {
  const items = evaluated(state.items, new StateEnvironment(execution, frame, input), input);
  if (isArray(items)) return items;
  if (state.queryLanguage === 'JSONata') {
    // Of an expression the evaluator itself says what it got; what comes here is the state's input.
    throw new AslFailure(
      QUERY_EVALUATION,
      `Map state input must be an array but was: ${JSON.stringify(items)}`,
    );
  }
  throw new AslFailure(RUNTIME, `Reference path "$" must point to array.`);
}

function selectItems(
  execution: Execution,
  frame: Frame,
  state: MapState,
  items: JsonArray,
  document: Json,
): JsonArray {
  return items.map((value, index) => {
    const environment = new StateEnvironment(execution, frame, document, undefined, {
      item: { index, value },
    });
    return evaluated(state.itemSelector, environment, value);
  });
}
