import type { ChoiceState, ChoiceRule } from '@stepyard/asl';
import { departWithInput, effectiveInput, throughOutputPath } from '../dataflow.ts';
import type { Departure } from '../dataflow.ts';
import { StateEnvironment, evaluated } from '../evaluation.ts';
import type { Execution } from '../execution.ts';
import type { Frame } from '../frame.ts';
import { StateFailed, leave } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/** Choice: the first rule whose condition holds, with that rule's own Assign and Output; else Default, with the state's. */
export const choice: Behaviour<ChoiceState> = {
  attempt: choose,
};

function choose(execution: Execution, frame: Frame, state: ChoiceState): void {
  const input = effectiveInput(execution, frame);
  const environment = new StateEnvironment(execution, frame, input);
  for (const rule of state.rules) {
    if (!rule.condition(environment)) continue;
    leave(execution, frame, departByRule(execution, frame, rule, environment), rule.next);
    return;
  }
  if (state.default === undefined) {
    const cause = `An error occurred while executing the state '${state.name}' (entered at the event id #${frame.enteredEventId}). Failed to transition out of the state. The state 'Next' transition, Choice rule, or Default is not defined.`;
    throw new StateFailed({ error: 'States.NoChoiceMatched', cause });
  }
  leave(execution, frame, departWithInput(execution, frame, input), state.default);
}

function departByRule(
  execution: Execution,
  frame: Frame,
  rule: ChoiceRule,
  environment: StateEnvironment,
): Departure {
  const assigned = rule.assign?.(environment);
  if (frame.place.isJsonata) {
    return { output: evaluated(rule.output, environment, frame.input), assigned };
  }
  return { output: throughOutputPath(execution, frame, environment.document), assigned };
}
