import type { Evaluate, Json, JsonObject } from '@stepyard/asl';
import { getOwn } from '@stepyard/asl';
import type { ContextExtras } from './context-object.ts';
import { StateEnvironment, evaluated } from './evaluation.ts';
import type { Execution } from './execution.ts';
import type { Frame } from './frame.ts';

/** What a field makes of a document: the document itself where the definition leaves the field out, as most do. */
function through(field: Evaluate | undefined, execution: Execution, frame: Frame, document: Json): Json {
  return field === undefined ? document : field(new StateEnvironment(execution, frame, document));
}

/** JSONPath: the input after InputPath. JSONata has no such step. */
export function effectiveInput(execution: Execution, frame: Frame): Json {
  const input = through(frame.place.flow.inputPath, execution, frame, frame.input);
  execution.observer?.noted(execution, frame, 'afterInputPath', input);
  return input;
}

/** Parameters or Arguments; without them the effective input. */
export function parametersOf(
  execution: Execution,
  frame: Frame,
  document: Json,
  extras?: ContextExtras,
): Json {
  const { parameters } = frame.place.flow;
  const given =
    parameters === undefined
      ? document
      : parameters(new StateEnvironment(execution, frame, document, undefined, extras));
  execution.observer?.noted(execution, frame, 'afterParameters', given);
  return given;
}

/** What a state leaves with: its output, and the values that its Assign gives (undefined: it assigns nothing). */
export interface Departure {
  readonly output: Json;
  readonly assigned: JsonObject | undefined;
}

/**
 * A state's output from its result. JSONPath: ResultSelector, then Assign on what that gave, ResultPath on the raw input,
 * OutputPath. JSONata: Assign and Output on `$states.input` and `$states.result`. Expressions all see the variables as they
 * were before (recording assign/*-base-evaluation-order-pass-state).
 */
export function departWithResult(execution: Execution, frame: Frame, result: Json): Departure {
  const { flow, isJsonata } = frame.place;
  const { observer } = execution;
  observer?.noted(execution, frame, 'result', result);
  if (isJsonata) {
    const environment = new StateEnvironment(execution, frame, frame.input, { input: frame.input, result });
    return { output: evaluated(flow.output, environment, result), assigned: flow.assign?.(environment) };
  }
  const selected = through(flow.resultSelector, execution, frame, result);
  observer?.noted(execution, frame, 'afterResultSelector', selected);
  const assigned = flow.assign?.(new StateEnvironment(execution, frame, selected));
  const combined =
    flow.resultPath === undefined
      ? selected
      : flow.resultPath === 'discard'
        ? frame.input
        : flow.resultPath.write(frame.input, selected);
  observer?.noted(execution, frame, 'afterResultPath', combined);
  return { output: throughOutputPath(execution, frame, combined), assigned };
}

/** A state that has no result (Choice, Wait, Succeed): its effective input goes on. */
export function departWithInput(execution: Execution, frame: Frame, input: Json): Departure {
  const { flow, isJsonata } = frame.place;
  const output = through(isJsonata ? flow.output : flow.outputPath, execution, frame, input);
  const assigned = flow.assign?.(new StateEnvironment(execution, frame, input));
  return { output, assigned };
}

export function throughOutputPath(execution: Execution, frame: Frame, value: Json): Json {
  return through(frame.place.flow.outputPath, execution, frame, value);
}

/** New values take effect in the line's own scope when the state is left. */
export function assignVariables(frame: Frame, assigned: JsonObject | undefined): void {
  if (assigned === undefined) return;
  const { scope } = frame;
  scope.variables = assignsAll(scope.variables, assigned) ? assigned : { ...scope.variables, ...assigned };
}

/** As at the first assignment, and in a loop that assigns the same ones again: the new values are all that there is. */
function assignsAll(variables: JsonObject, assigned: JsonObject): boolean {
  for (const name in variables) if (getOwn(assigned, name) === undefined) return false;
  return true;
}
