import type { Json, JsonObject } from '@stepyard/asl';
import { setOwn } from '@stepyard/asl';
import type { EventRecord } from './event-record.ts';
import type { EventShape } from './event-types.ts';
import { EVENT_SHAPES } from './event-types.ts';
import type { HistoryEvent } from './history-event.ts';

const NOT_TRUNCATED: JsonObject = { truncated: false };

/** Members that `includeExecutionData: false` leaves out; errors and causes stay. */
const DATA_MEMBERS = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters', 'assignedVariables'];

/** The event as GetExecutionHistory gives it. Data in it (input, output, parameters, variables) is JSON text. */
export function wireEvent(record: EventRecord, id: number, includeExecutionData = true): HistoryEvent {
  const shape: EventShape = EVENT_SHAPES[record.type];
  const head = { id, previousEventId: record.previousEventId, type: record.type, timestampMs: record.timeMs };
  if (shape.details === undefined) return { ...head, detailsName: undefined, details: undefined };
  const details = detailsOf(record, shape);
  if (!includeExecutionData) for (const member of DATA_MEMBERS) delete details[member];
  return { ...head, detailsName: shape.details, details };
}

/** As if it had been asked for with `includeExecutionData: false`. */
export function withoutData(event: HistoryEvent): HistoryEvent {
  if (event.details === undefined) return event;
  const details = { ...event.details };
  for (const member of DATA_MEMBERS) delete details[member];
  return { ...event, details };
}

function detailsOf(record: EventRecord, shape: EventShape): Record<string, Json> {
  const details: Record<string, Json> = {};
  if (shape.name !== undefined && record.name !== undefined) details[shape.name] = record.name;
  if (shape.value !== undefined && record.value !== undefined) {
    details[shape.value] = JSON.stringify(record.value);
    if (shape.value !== 'parameters') details[`${shape.value}Details`] = NOT_TRUNCATED;
  }
  if (record.more === undefined) return details;
  if (shape.details === 'stateExitedEventDetails') {
    details['assignedVariables'] = variableTexts(record.more);
    details['assignedVariablesDetails'] = NOT_TRUNCATED;
    return details;
  }
  return Object.assign(details, record.more);
}

/** Name -> JSON text, so that strings appear with their quotes (recording assign/assign-base--base-constant-literals). */
function variableTexts(variables: JsonObject): JsonObject {
  const texts: Record<string, Json> = {};
  for (const [name, value] of Object.entries(variables)) setOwn(texts, name, JSON.stringify(value));
  return texts;
}
