import type { Json, JsonObject } from '@stepyard/asl';
import type { EventType } from './event-types.ts';

/**
 * A history event as the interpreter writes it: one small object, with the values themselves. Texts are made when
 * somebody reads the history. Its id is its position in the log, counted from 1.
 */
export interface EventRecord {
  readonly type: EventType;
  readonly previousEventId: number;
  /** Epoch milliseconds of the turn. */
  readonly timeMs: number;
  /** Name of the state, where the type has one. */
  readonly name: string | undefined;
  /** Input, output or parameters, where the type has one. */
  readonly value: Json | undefined;
  /** Members of the details that are as they are on the wire; of a `...StateExited`, the assigned variables. */
  readonly more: JsonObject | undefined;
}
