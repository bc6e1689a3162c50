import type { JsonObject } from '@stepyard/asl';
import type { HistoryEvent } from './history-event.ts';

/**
 * A history as readable text, one line an event: `3<2 TaskScheduled sqs:sendMessage {"QueueUrl":"..."}`.
 * Id and previous id, type, what it is about (a state, an item's index, a resource), data, and error with cause.
 */
export function printHistory(events: readonly HistoryEvent[]): string {
  return events.map(printEvent).join('\n');
}

function printEvent(event: HistoryEvent): string {
  const details = event.details ?? {};
  const parts = [
    `${event.id}<${event.previousEventId}`,
    event.type,
    details['name'] ?? details['state'],
    'index' in details ? `#${String(details['index'])}` : undefined,
    'length' in details ? `(${String(details['length'])})` : undefined,
    resource(details),
    details['workerName'],
    details['input'] ?? details['output'] ?? details['parameters'],
    details['assignedVariables'] === undefined
      ? undefined
      : `assigns ${variables(details['assignedVariables'] as JsonObject)}`,
    'timeoutInSeconds' in details ? `timeout ${String(details['timeoutInSeconds'])} s` : undefined,
    'heartbeatInSeconds' in details ? `heartbeat ${String(details['heartbeatInSeconds'])} s` : undefined,
    'location' in details ? `at ${String(details['location'])}` : undefined,
    details['error'],
    'cause' in details ? `(${String(details['cause'])})` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

function resource(details: JsonObject): string | undefined {
  const { resource: name, resourceType } = details as { resource?: string; resourceType?: string };
  if (name === undefined) return undefined;
  return resourceType === undefined ? name : `${resourceType}:${name}`;
}

function variables(texts: JsonObject): string {
  return Object.entries(texts)
    .map(([name, text]) => `${name}=${String(text)}`)
    .join(' ');
}
