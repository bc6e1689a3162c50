import type { Evaluate, FailState } from '@stepyard/asl';
import { AslFailure } from '@stepyard/asl';
import { StateEnvironment } from '../evaluation.ts';
import { RUNTIME } from '../failure.ts';
import { StateFailed } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/** Fail: what it names is the failure of its line. An absent Error or Cause stays absent in the history. */
export const fail: Behaviour<FailState> = {
  attempt(execution, frame, state) {
    const environment = new StateEnvironment(execution, frame, frame.input);
    const error = text(state.error, 'Error', environment);
    const cause = text(state.cause, 'Cause', environment);
    throw new StateFailed({ error, cause });
  },
};

function text(field: Evaluate | undefined, name: string, environment: StateEnvironment): string | undefined {
  if (field === undefined) return undefined;
  const value = field(environment);
  if (typeof value === 'string') return value;
  throw new AslFailure(
    RUNTIME,
    `The ${name}Path field refers to a value that is not a string: ${JSON.stringify(value)}`,
  );
}
