import type { Json } from '../json.ts';
import { getOwn, isArray } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkAssign } from './assign.ts';
import { CATCHER_FIELDS, RETRIER_FIELDS } from './fields.ts';
import { checkHolder, objectScope } from './holder.ts';
import { wrongType } from './scope.ts';
import type { Scope } from './scope.ts';

/** Error names with the reserved prefix (States Language, appendix A, and the developer guide's error handling page). */
const STATES_ERRORS = new Set([
  'States.ALL',
  'States.BranchFailed',
  'States.DataLimitExceeded',
  'States.ExceedToleratedFailureThreshold',
  'States.HeartbeatTimeout',
  'States.Http.Socket',
  'States.IntrinsicFailure',
  'States.ItemReaderFailed',
  'States.NoChoiceMatched',
  'States.ParameterPathFailure',
  'States.Permissions',
  'States.QueryEvaluationError',
  'States.ResultPathMatchFailure',
  'States.ResultWriterFailed',
  'States.Runtime',
  'States.TaskFailed',
  'States.Timeout',
]);

export function checkRetry(scope: Scope, pointer: string, value: Json): void {
  checkList(scope, pointer, value, 'a retrier', (retrier) => {
    checkHolder(retrier, RETRIER_FIELDS);
    const interval = getOwn(retrier.holder, 'IntervalSeconds') ?? 1;
    const most = getOwn(retrier.holder, 'MaxDelaySeconds');
    if (typeof interval === 'number' && typeof most === 'number' && most <= interval && most >= 1) {
      scope.report.add(
        'outOfRange',
        appendPointer(retrier.pointer, 'MaxDelaySeconds'),
        'MaxDelaySeconds must be greater than IntervalSeconds',
      );
    }
  });
}

export function checkCatch(scope: Scope, pointer: string, value: Json): void {
  checkList(scope, pointer, value, 'a catcher', (catcher) => {
    checkHolder(catcher, CATCHER_FIELDS, { assign: checkAssign, stateName: checkStateName });
  });
}

/** A name of a state is a string; whether the state exists is checked with the transitions. */
export function checkStateName(scope: Scope, pointer: string, value: Json): void {
  if (typeof value !== 'string') {
    wrongType(scope, pointer, 'String', value);
  }
}

function checkList(
  scope: Scope,
  pointer: string,
  value: Json,
  what: string,
  check: (element: Scope) => void,
): void {
  if (!isArray(value)) {
    wrongType(scope, pointer, 'Array', value);
    return;
  }
  for (const [index, element] of value.entries()) {
    const inner = objectScope(scope, appendPointer(pointer, index), element, what);
    if (inner === undefined) continue;
    check(inner);
    checkErrorEquals(inner, index === value.length - 1);
  }
}

function checkErrorEquals({ report, pointer, holder }: Scope, isLast: boolean): void {
  const names = getOwn(holder, 'ErrorEquals');
  if (names === undefined) return;
  const namesPointer = appendPointer(pointer, 'ErrorEquals');
  if (!isArray(names)) {
    wrongType({ report }, namesPointer, 'Array', names);
    return;
  }
  if (names.length === 0) report.add('errorsEmpty', namesPointer, 'Value cannot be empty');
  for (const [index, name] of names.entries()) {
    const namePointer = appendPointer(namesPointer, index);
    if (typeof name !== 'string') wrongType({ report }, namePointer, 'String', name);
    else if (
      name.startsWith('States.') &&
      !STATES_ERRORS.has(name) &&
      !name.startsWith('States.Http.StatusCode.')
    ) {
      report.add(
        'unknownStatesError',
        namePointer,
        `${JSON.stringify(name)} is no error name with the reserved prefix States.`,
      );
    }
  }
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    report.add('statesAllAlone', namesPointer, 'States.ALL must appear alone and at end of list');
  }
}
