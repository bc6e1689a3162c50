import type { JsonObject } from '@stepyard/asl';

/**
 * One event as GetExecutionHistory gives it: the common members and the `...EventDetails` member of its type, if it has
 * one. Only the time differs from the wire, which wants seconds.
 */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestampMs: number;
  /** Name of the details member: `stateEnteredEventDetails`; undefined when the type has none. */
  readonly detailsName: string | undefined;
  readonly details: JsonObject | undefined;
}
