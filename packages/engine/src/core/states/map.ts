import type { Json, JsonArray, MapState, NumberField } from '@stepyard/asl';
import { AslFailure, isArray } from '@stepyard/asl';
import { departWithResult, effectiveInput } from '../dataflow.ts';
import { StateEnvironment, evaluated } from '../evaluation.ts';
import type { Execution } from '../execution.ts';
import { enqueue, record, recordInLine } from '../execution.ts';
import { QUERY_EVALUATION, RUNTIME, TOO_MANY_FAILED } from '../failure.ts';
import type { Frame, Group } from '../frame.ts';
import { StateFailed, leave, openKept, startIterations } from '../lines.ts';
import { NOT_NEGATIVE, numberOf } from '../number-field.ts';
import type { Probe } from '../probe.ts';
import { testedGroup } from '../tested-group.ts';
import type { Behaviour } from './behaviour.ts';
import { openMapRun, resumeMapRun } from './distributed-map.ts';

/**
 * Map. In INLINE mode an iteration for each item, at most MaxConcurrency at once (0: all); results in item order. In
 * DISTRIBUTED mode see distributed-map.ts.
 */
export const map: Behaviour<MapState> = {
  attempt(execution, frame, state) {
    // A fork may come with some of the work done.
    if (frame.work?.kind === 'group') openKept(execution, frame.work);
    else openIterations(execution, frame, state);
  },

  resume(execution, frame, state) {
    if (frame.work?.kind === 'mapRun') {
      resumeMapRun(execution, frame, state, frame.work);
      return;
    }
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
  if (execution.probe !== undefined) {
    openTested(execution, frame, state, input, execution.probe);
    return;
  }
  if (state.mode === 'DISTRIBUTED') {
    openMapRun(execution, frame, state, input, () => itemsOf(execution, frame, state, input));
    return;
  }
  const items = itemsOf(execution, frame, state, input);
  const concurrency = numberOf(execution, frame, state.maxConcurrency, 'MaxConcurrency', NOT_NEGATIVE);
  execution.observer?.noted(execution, frame, 'afterItemsPath', items);
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
    waiting: undefined,
  };
  frame.work = group;
  if (items.length === 0) enqueue(execution, frame, 'resume');
  else startIterations(execution, group, frame.lastEventId);
}

/** TestState: everything up to the iterations, and what they are said to have come to. */
function openTested(execution: Execution, frame: Frame, state: MapState, input: Json, probe: Probe): void {
  const items = probe.items ?? itemsOf(execution, frame, state, input);
  if (!isArray(items)) throw new AslFailure(RUNTIME, 'Attempting to map over non-iterable node.');
  execution.observer?.noted(execution, frame, 'afterItemsPath', items);
  if (state.itemSelector !== undefined) {
    execution.observer?.noted(
      execution,
      frame,
      'afterItemSelector',
      selectItems(execution, frame, state, items, input),
    );
  }
  const number = (field: NumberField, name: string): number | undefined =>
    numberOf(execution, frame, field, name, NOT_NEGATIVE);
  execution.observer?.noted(
    execution,
    frame,
    'maxConcurrency',
    number(state.maxConcurrency, 'MaxConcurrency') ?? 0,
  );
  const count = number(state.toleratedFailureCount, 'ToleratedFailureCount');
  if (count !== undefined) execution.observer?.noted(execution, frame, 'toleratedFailureCount', count);
  const percentage = number(state.toleratedFailurePercentage, 'ToleratedFailurePercentage');
  if (percentage !== undefined)
    execution.observer?.noted(execution, frame, 'toleratedFailurePercentage', percentage);
  recordInLine(execution, frame, 'MapStateStarted', undefined, undefined, { length: items.length });
  const group = testedGroup(frame, state, probe);
  const failed = probe.failedIterations ?? 0;
  const isTooMany =
    (count !== undefined && failed > count) ||
    (percentage !== undefined && failed * 100 > percentage * items.length);
  if (isTooMany) throw new StateFailed(TOO_MANY_FAILED);
  frame.work = group;
  enqueue(execution, frame, 'resume');
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
  // A path into the context object is told without its second dollar (recordings test_state/state-context-object--state-map-*).
  const path = (state.itemsPath ?? '$').replace(/^\$\$/u, '$');
  throw new AslFailure(RUNTIME, `Reference path "${path}" must point to array.`);
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
