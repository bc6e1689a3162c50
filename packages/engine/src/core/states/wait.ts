import type { Json, WaitState } from '@stepyard/asl';
import { AslFailure, parseTimestamp } from '@stepyard/asl';
import { departWithInput, effectiveInput } from '../dataflow.ts';
import { StateEnvironment } from '../evaluation.ts';
import type { Execution } from '../execution.ts';
import { armTimer, enqueue } from '../execution.ts';
import { QUERY_EVALUATION, RUNTIME } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { WAIT_SECONDS_MAX } from '../limits.ts';
import { leave } from '../lines.ts';
import type { Behaviour } from './behaviour.ts';

/**
 * Wait: enters, finds out until when in a step of its own (so an EvaluationFailed points at WaitStateEntered, recording
 * scenarios/base-scenarios--wait-timestamp-jsonata-*), and sleeps. A time that has passed is no wait at all.
 */
export const wait: Behaviour<WaitState> = {
  attempt: resolveNext,

  resume(execution, frame, state) {
    const { work } = frame;
    if (work?.kind !== 'wait') throw new Error('a Wait goes on without having been entered');
    if (work.phase === 'resolve') {
      const delayMs = delay(execution, frame, state);
      if (delayMs > WAIT_SECONDS_MAX * 1000) throw new AslFailure(RUNTIME, 'Wait state delay is too long.');
      if (delayMs > 0) {
        work.phase = 'sleeping';
        work.timer = armTimer(execution, 'wait', delayMs, frame);
        return;
      }
    }
    leave(execution, frame, departWithInput(execution, frame, effectiveInput(execution, frame)), state.next);
  },
};

function resolveNext(execution: Execution, frame: Frame): void {
  frame.work = { kind: 'wait', phase: 'resolve', timer: undefined };
  enqueue(execution, frame, 'resume');
}

function delay(execution: Execution, frame: Frame, state: WaitState): number {
  const { until } = state;
  if (until.kind === 'seconds') return until.seconds * 1000;
  if (until.kind === 'timestamp') return until.epochMs - execution.nowMs;
  const environment = new StateEnvironment(execution, frame, effectiveInput(execution, frame));
  if (until.kind === 'secondsFrom') {
    return 1000 * seconds(until.evaluate(environment), until.text, state);
  }
  return timestamp(until.evaluate(environment), until.text, state) - execution.nowMs;
}

/** Texts: recordings base/wait--base-wait-seconds-path-*. */
function seconds(value: Json, text: string, state: WaitState): number {
  const whole = typeof value === 'number' && Number.isInteger(value);
  if (whole && value >= 0) return value;
  if (state.queryLanguage === 'JSONata') {
    const found = JSON.stringify(value);
    throw new AslFailure(
      QUERY_EVALUATION,
      whole
        ? `The Seconds field references a negative value: ${found}`
        : `The Seconds field cannot be parsed as a long value: ${found}`,
      'Seconds',
    );
  }
  const found = `${text} == ${typeof value === 'string' ? value : JSON.stringify(value)}`;
  throw new AslFailure(
    RUNTIME,
    whole
      ? `The SecondsPath parameter references a negative value: ${found}`
      : `The SecondsPath parameter cannot be parsed as a long value: ${found}`,
  );
}

function timestamp(value: Json, text: string, state: WaitState): number {
  const moment = typeof value === 'string' ? parseTimestamp(value) : undefined;
  if (moment !== undefined) return moment.epochSeconds * 1000 + Math.floor(moment.nanoseconds / 1_000_000);
  const found = typeof value === 'string' ? value : JSON.stringify(value);
  if (state.queryLanguage === 'JSONata') {
    throw new AslFailure(
      QUERY_EVALUATION,
      `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${found}`,
      'Timestamp',
    );
  }
  throw new AslFailure(
    RUNTIME,
    `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${text} == ${found}`,
  );
}
