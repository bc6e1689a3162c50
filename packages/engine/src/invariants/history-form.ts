import type { HistoryEvent } from '../core/history/history-event.ts';
import type { MachineType } from '../core/input.ts';
import { HISTORY_EVENTS_MAX, PAYLOAD_BYTES_MAX, utf8Bytes } from '../core/limits.ts';

const STATUS_OF: Readonly<Record<string, string>> = {
  ExecutionSucceeded: 'SUCCEEDED',
  ExecutionFailed: 'FAILED',
  ExecutionTimedOut: 'TIMED_OUT',
  ExecutionAborted: 'ABORTED',
};

/** The members that a state's data crosses a boundary in. Causes and parameters have limits of their own. */
const BOUNDARIES: readonly (readonly [details: string, member: string])[] = [
  ['executionStartedEventDetails', 'input'],
  ['stateEnteredEventDetails', 'input'],
  ['stateExitedEventDetails', 'output'],
  ['executionSucceededEventDetails', 'output'],
];

/**
 * I1, I3, I12: ids are positions; an event points back; time does not go back; one start, an end only where one is due, and nothing
 * after it but a redrive; no value over the payload quota, no Standard history over the event quota.
 */
export function formViolations(
  events: readonly HistoryEvent[],
  status: string | undefined,
  type: MachineType,
): string[] {
  const wrong = events.flatMap((event, index) => placeViolations(event, index, events));
  if (events[0]?.type !== 'ExecutionStarted') wrong.push('the first event is not ExecutionStarted');
  const starts = events.filter((event) => event.type === 'ExecutionStarted').length;
  if (starts !== 1) wrong.push(`${starts} events are ExecutionStarted`);
  const last = events.at(-1);
  const end = STATUS_OF[last?.type ?? ''] ?? 'RUNNING';
  if (status !== undefined && end !== status)
    wrong.push(`the execution is ${status}, but its history ends with ${last?.type ?? 'nothing'}`);
  if (type === 'STANDARD' && events.length > HISTORY_EVENTS_MAX)
    wrong.push(`a history of ${events.length} events`);
  return wrong;
}

function placeViolations(event: HistoryEvent, index: number, events: readonly HistoryEvent[]): string[] {
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`event ${event.id} (${event.type}) ${what}`);
  if (event.id !== index + 1) say(`stands at place ${index + 1}`);
  if (event.previousEventId < 0 || event.previousEventId >= event.id)
    say(`points at ${event.previousEventId}`);
  const before = events[index - 1];
  if (before !== undefined) {
    if (before.timestampMs > event.timestampMs) say('is before its predecessor in time');
    if (STATUS_OF[before.type] !== undefined && event.type !== 'ExecutionRedriven')
      say(`comes after ${before.type}`);
    if (event.type === 'ExecutionRedriven' && !REDRIVABLE.has(before.type))
      say(`follows ${before.type}, which is no failure`);
  }
  for (const [details, member] of BOUNDARIES) {
    const text = event.detailsName === details ? event.details?.[member] : undefined;
    if (
      typeof text === 'string' &&
      text.length > PAYLOAD_BYTES_MAX / 3 &&
      utf8Bytes(text) > PAYLOAD_BYTES_MAX
    )
      say(`has ${utf8Bytes(text)} bytes of ${member}`);
  }
  return wrong;
}

const REDRIVABLE = new Set(['ExecutionFailed', 'ExecutionTimedOut', 'ExecutionAborted']);
