import type { JsonObject } from '@stepyard/asl';
import { isObject } from '@stepyard/asl';
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
    said(details, 'name'),
    said(details, 'state'),
    said(details, 'index', '#'),
    said(details, 'length', '(', ')'),
    resource(details),
    said(details, 'workerName'),
    said(details, 'input'),
    said(details, 'output'),
    said(details, 'parameters'),
    variables(details),
    said(details, 'timeoutInSeconds', 'timeout ', ' s'),
    said(details, 'heartbeatInSeconds', 'heartbeat ', ' s'),
    said(details, 'location', 'at '),
    said(details, 'error'),
    said(details, 'cause', '(', ')'),
  ];
  return parts.filter((part) => part !== undefined).join(' ');
}

function said(details: JsonObject, name: string, before = '', after = ''): string | undefined {
  const value = details[name];
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return `${before}${value}${after}`;
}

function resource(details: JsonObject): string | undefined {
  const name = said(details, 'resource');
  const type = said(details, 'resourceType');
  return name === undefined || type === undefined ? name : `${type}:${name}`;
}

function variables(details: JsonObject): string | undefined {
  const texts = details['assignedVariables'];
  if (!isObject(texts)) return undefined;
  return `assigns ${Object.keys(texts)
    .map((name) => said(texts, name, `${name}=`) ?? '')
    .join(' ')}`;
}
