/** How a line of states goes on: into a state, out of it, and to its end. */
import type { Json, StateList } from '@stepyard/asl';
import type { Departure } from './dataflow.ts';
import { assignVariables } from './dataflow.ts';
import type { Execution } from './execution.ts';
import { endExecution, enqueue, recordAt, recordInLine, recordSiteInLine } from './execution.ts';
import { dataLimitExceeded } from './failure.ts';
import type { Failure } from './failure.ts';
import type { Frame, Group, Scope } from './frame.ts';
import { exceedsPayloadLimit } from './limits.ts';
import { placeNamed, placesOf } from './place.ts';

/** Thrown by the work of a state to fail it: what evaluators say with AslFailure, said by the interpreter itself. */
export class StateFailed extends Error {
  override readonly name = 'StateFailed';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error);
    this.failure = failure;
  }
}

/** Values are never written to: an assignment makes a new object. */
const NO_VARIABLES = {};

/** Where a line is: undefined, 0 and undefined of the execution's own. */
export interface LinePlace {
  readonly group: Group | undefined;
  readonly index: number;
  readonly outer: Scope | undefined;
}

/** Opens a line and puts it in the queue. `lastEventId`: what its first event points at. */
export function openLine(
  execution: Execution,
  states: StateList,
  place: LinePlace,
  input: Json,
  lastEventId: number,
): Frame {
  const frame = newLine(states, states.startAt, place, input, lastEventId);
  place.group?.open.add(frame);
  enqueue(execution, frame, 'enter');
  return frame;
}

/** A line that is about to enter the state of that name, and not in the queue yet. */
export function newLine(
  states: StateList,
  stateName: string,
  place: LinePlace,
  input: Json,
  lastEventId: number,
): Frame {
  const places = placesOf(states);
  const start = placeNamed(places, stateName);
  return {
    places,
    group: place.group,
    index: place.index,
    scope: { variables: NO_VARIABLES, outer: place.outer },
    place: start,
    state: start.state,
    input,
    fitting: undefined,
    enteredMs: 0,
    enteredEventId: 0,
    lastEventId,
    next: 'enter',
    retryCount: 0,
    retries: undefined,
    work: undefined,
    closed: false,
  };
}

/** Writes the StateEntered event of the state that the line stands in. */
export function recordEntered(execution: Execution, frame: Frame): void {
  frame.enteredMs = execution.nowMs;
  recordSiteInLine(execution, frame, frame.place.entered, frame.input, undefined);
  frame.enteredEventId = frame.lastEventId;
  execution.observer?.entered(execution, frame);
}

/** Leaves the state: StateExited, variables, and on to the next state or the end of the line. */
export function leave(
  execution: Execution,
  frame: Frame,
  departure: Departure,
  next: string | undefined,
): void {
  const { name, exited } = frame.place;
  const { output } = departure;
  if (output !== frame.fitting) {
    if (exceedsPayloadLimit(output)) throw new StateFailed(dataLimitExceeded(name));
    frame.fitting = output;
  }
  if (exited === undefined) throw new Error('a Fail state is never left');
  recordSiteInLine(execution, frame, exited, output, departure.assigned);
  assignVariables(frame, departure.assigned);
  frame.work = undefined;
  if (execution.probe !== undefined) {
    execution.probe.left(output, next);
    endLine(execution, frame, output);
    return;
  }
  if (next === undefined) endLine(execution, frame, output);
  else goTo(execution, frame, next, output);
}

export function goTo(execution: Execution, frame: Frame, next: string, input: Json): void {
  const { onward } = frame.place;
  const place = onward?.name === next ? onward : placeNamed(frame.places, next);
  frame.place.onward = place;
  frame.place = place;
  frame.state = place.state;
  frame.input = input;
  frame.retryCount = 0;
  frame.retries = undefined;
  enqueue(execution, frame, 'enter');
}

/** Starts as many iterations as may run at once; `previousEventId` is what the first of them points at. */
export function startIterations(execution: Execution, group: Group, previousEventId: number): void {
  const { owner, state } = group;
  if (state.type !== 'Map') throw new Error('only a Map has iterations');
  if (group.waiting !== undefined) resumeIterations(execution, group, group.waiting, previousEventId);
  while (group.started < group.inputs.length && group.open.size < group.concurrency) {
    const index = group.started++;
    const site = owner.place.iterationStarted;
    const started = recordAt(execution, site, previousEventId, undefined, { index });
    const place = { group, index, outer: owner.scope };
    openLine(execution, state.processor, place, group.inputs[index] ?? null, started);
  }
}

/** Those of a fork that had no room at first. */
function resumeIterations(
  execution: Execution,
  group: Group,
  waiting: Frame[],
  previousEventId: number,
): void {
  while (group.open.size < group.concurrency) {
    const line = waiting.shift();
    if (line === undefined) return;
    group.open.add(line);
    enterKept(execution, group, line, previousEventId);
  }
}

/** A Parallel or Map that begins with part of its work done (fork.ts): its lines enter the states in which they stood. */
export function openKept(execution: Execution, group: Group): void {
  const { owner, state, inputs } = group;
  const more = state.type === 'Map' ? { length: inputs.length } : undefined;
  recordInLine(execution, owner, `${state.type}StateStarted`, undefined, undefined, more);
  for (const line of group.open) enterKept(execution, group, line, owner.lastEventId);
  if (state.type === 'Map') startIterations(execution, group, owner.lastEventId);
  if (group.finished === inputs.length) enqueue(execution, owner, 'resume');
}

function enterKept(execution: Execution, group: Group, line: Frame, previousEventId: number): void {
  const { owner, state } = group;
  const { index } = line;
  line.lastEventId =
    state.type === 'Map'
      ? recordAt(execution, owner.place.iterationStarted, previousEventId, undefined, { index })
      : previousEventId;
  enqueue(execution, line, 'enter');
}

function endLine(execution: Execution, frame: Frame, output: Json): void {
  const { group, index } = frame;
  frame.closed = true;
  if (group === undefined) {
    endExecution(execution, 'ExecutionSucceeded', frame.lastEventId, { status: 'SUCCEEDED', output });
    return;
  }
  group.open.delete(frame);
  group.results[index] = output;
  group.finished++;
  let lastEventId = frame.lastEventId;
  if (group.state.type === 'Map') {
    const site = group.owner.place.iterationSucceeded;
    lastEventId = recordAt(execution, site, frame.lastEventId, undefined, { index });
    // The next iteration points at the last event within the one before, not at its MapIterationSucceeded
    // (recording scenarios/base-scenarios--map-state-break-condition).
    startIterations(execution, group, frame.lastEventId);
  }
  if (group.finished === group.inputs.length) {
    group.owner.lastEventId = lastEventId;
    enqueue(execution, group.owner, 'resume');
  }
}
