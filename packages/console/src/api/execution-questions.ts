/** What pages ask of an execution, ready to be drawn. */
import { eventIndexOf, type EventIndex } from '../model/event-index.ts';
import { visitsOf, type Visits } from '../model/visit-columns.ts';
import { query } from './client.ts';
import { question, type Question } from './question.ts';
import type { ExecutionDetail, GraphAnswer, VisitAnswer } from './types.ts';

export function executionOf(arn: string): Question<ExecutionDetail> {
  return question('execution', { arn });
}

/** `at`: the event that is looked back to; null: now. */
export function graphOfExecution(arn: string, at: number | null): Question<GraphAnswer> {
  return question('graph', at === null ? { arn } : { arn, at: String(at) });
}

export function visitOf(arn: string, visit: number, at: number | null): Question<VisitAnswer> {
  const asked = { arn, visit: String(visit) };
  return question('visit', at === null ? asked : { ...asked, at: String(at) });
}

export function visitsOfExecution(arn: string): Question<Visits> {
  return { key: `visits ${arn}`, ask: async (signal) => visitsOf(await query('visits', { arn }, signal)) };
}

export function eventsOfExecution(arn: string): Question<EventIndex> {
  return {
    key: `eventIndex ${arn}`,
    ask: async (signal) => eventIndexOf(await query('eventIndex', { arn }, signal)),
  };
}
