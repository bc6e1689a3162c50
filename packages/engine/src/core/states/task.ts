import type { Json, JsonObject, TaskState } from '@stepyard/asl';
import { AslFailure, isObject } from '@stepyard/asl';
import { departWithResult, effectiveInput, parametersOf } from '../dataflow.ts';
import { StateEnvironment } from '../evaluation.ts';
import type { Effect } from '../effect.ts';
import type { Execution } from '../execution.ts';
import { armTimer, enqueue, randomOf, recordInLine } from '../execution.ts';
import { RUNTIME, dataLimitExceeded } from '../failure.ts';
import type { Frame, TaskWork } from '../frame.ts';
import { exceedsPayloadLimit } from '../limits.ts';
import { StateFailed, leave } from '../lines.ts';
import { numberOf } from '../number-field.ts';
import { nextUuid } from '../random.ts';
import { familyOf, hasToken, labelOf, withStarterMarks } from '../task-resource.ts';
import { makeToken } from '../task-token.ts';
import type { Behaviour } from './behaviour.ts';

/** Longest TimeoutSeconds and HeartbeatSeconds that a definition may give (Amazon States Language: 99999999). */
const SECONDS_MAX = 99_999_999;

/**
 * Task: StateEntered and Scheduled are one step, Started and the call itself the next, so that all Tasks of a turn are
 * scheduled before any is started (recording timeouts/*lambda-map-timeout*). What comes of it arrives as an input.
 */
export const task: Behaviour<TaskState> = {
  attempt: schedule,

  resume(execution, frame, state) {
    const { work } = frame;
    if (work?.kind !== 'task') throw new Error('a Task goes on without an attempt');
    if (work.phase === 'scheduled') {
      start(execution, frame, state, work);
      return;
    }
    if (work.result === undefined) throw new Error('a Task goes on without a result');
    if (work.result.kind === 'failed') throw new StateFailed(work.result.failure);
    leave(execution, frame, departWithResult(execution, frame, work.result.output), state.next);
  },
};

function schedule(execution: Execution, frame: Frame, state: TaskState): void {
  const { resource } = state;
  if (resource.kind === 'activity' && execution.missingActivities.includes(resource.arn)) {
    // Recording activities/activities--activity-task-on-deleted.
    throw new AslFailure(RUNTIME, `The activity ${resource.arn} does not exist.`);
  }
  // The Scheduled event comes right after what is in the log now, and its id is the attempt's.
  const id = execution.events.length + 1;
  const token = takesToken(state)
    ? makeToken({ executionArn: arnOf(execution), task: id }, nextUuid(randomOf(execution)))
    : undefined;
  const extras = token !== undefined && hasToken(resource) ? { token } : {};
  const given = parametersOf(execution, frame, effectiveInput(execution, frame), extras);
  const parameters = withStarterMarks(resource, given);
  if (exceedsPayloadLimit(parameters)) throw new StateFailed(dataLimitExceeded(state.name));
  const bounds = { kind: 'integer', min: 1, max: SECONDS_MAX } as const;
  const timeoutSeconds = numberOf(execution, frame, state.timeoutSeconds, 'TimeoutSeconds', bounds);
  const heartbeatSeconds = numberOf(execution, frame, state.heartbeatSeconds, 'HeartbeatSeconds', bounds);
  const credentials = state.credentials?.(new StateEnvironment(execution, frame, frame.input));
  const label = labelOf(resource);
  const invocation = execution.attempts.get(state.name) ?? 0;
  execution.attempts.set(state.name, invocation + 1);
  recordInLine(execution, frame, `${familyOf(resource)}Scheduled`, undefined, parameters, {
    ...(label === undefined ? { resource: resource.arn } : { ...label, region: regionOf(execution) }),
    ...(timeoutSeconds === undefined ? {} : { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: heartbeatSeconds }),
    ...(credentials === undefined ? {} : { taskCredentials: credentialDetails(credentials) }),
  });
  const work: TaskWork = {
    kind: 'task',
    id,
    invocation,
    parameters,
    token,
    credentials,
    label,
    timeoutMs: timeoutSeconds === undefined ? undefined : timeoutSeconds * 1000,
    heartbeatMs: heartbeatSeconds === undefined ? undefined : heartbeatSeconds * 1000,
    timeoutTimer: undefined,
    heartbeatTimer: undefined,
    phase: 'scheduled',
    submitted: false,
    submission: undefined,
    early: undefined,
    result: undefined,
  };
  frame.work = work;
  if (resource.kind !== 'activity') armTaskTimers(execution, frame, work);
  execution.tasks.set(id, frame);
  enqueue(execution, frame, 'resume');
}

/**
 * Timeout and heartbeat of an attempt run from its start. Source, for activities in particular:
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
 */
export function armTaskTimers(execution: Execution, frame: Frame, work: TaskWork): void {
  const { timeoutMs, heartbeatMs } = work;
  if (timeoutMs !== undefined) work.timeoutTimer = armTimer(execution, 'taskTimeout', timeoutMs, frame);
  if (heartbeatMs !== undefined) work.heartbeatTimer = armTimer(execution, 'heartbeat', heartbeatMs, frame);
}

/** Hands the attempt out. An activity is started by the worker that takes it, everything else by this. */
function start(execution: Execution, frame: Frame, state: TaskState, work: TaskWork): void {
  const { resource } = state;
  work.phase = 'running';
  if (resource.kind !== 'activity')
    recordInLine(execution, frame, `${familyOf(resource)}Started`, undefined, undefined, work.label);
  execution.effects.push(handOut(state, work));
}

/** The effect that asks for an attempt. */
export function handOut(
  { resource, name }: TaskState,
  { id, invocation, token, parameters, credentials }: TaskWork,
): Extract<Effect, { kind: 'invokeTask' | 'scheduleActivity' }> {
  if (resource.kind !== 'activity')
    return {
      kind: 'invokeTask',
      task: id,
      stateName: name,
      invocation,
      resource,
      parameters,
      token,
      credentials,
    };
  if (token === undefined) throw new Error('an activity has a token');
  return {
    kind: 'scheduleActivity',
    task: id,
    stateName: name,
    invocation,
    activityArn: resource.arn,
    token,
    input: parameters,
  };
}

function takesToken(state: TaskState): boolean {
  return state.resource.kind === 'activity' || hasToken(state.resource);
}

/** Credentials of the definition are `{ RoleArn }`; the event says `{ roleArn }` ([16] of the recordings). */
function credentialDetails(credentials: Json): JsonObject {
  return { roleArn: isObject(credentials) ? (credentials['RoleArn'] ?? null) : null };
}

function arnOf(execution: Execution): string {
  return execution.started?.executionArn ?? '';
}

/** arn:aws:states:REGION:... */
function regionOf(execution: Execution): string {
  return arnOf(execution).split(':')[3] ?? '';
}
