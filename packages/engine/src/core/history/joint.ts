import { ZERO, utf8, writeDigits } from './byte-writer.ts';
import type { Instant } from './event-record.ts';

const NONE = new Uint8Array(0);

/**
 * The bytes from the end of one event to the type of the next: `...}},{"id":2,"timestamp":1767225600,"previousEventId":1`. They are
 * kept whole: from event to event only the digits of two numbers change, as a rule. So it is from history to history too, of executions
 * that were started at one instant.
 */
export class Joint {
  /** What is between the last value of the event before and its end. */
  readonly ending: string;
  readonly #comma: ',' | '[';
  #bytes: Uint8Array = NONE;
  #timeMs = Number.NaN;
  /** Where the digits of the id end. */
  #idEnd = 0;
  /** The numbers with their last digits taken off: those who are close to them differ in one digit only. */
  #idTens = Number.NaN;
  #previousTens = Number.NaN;

  constructor(ending: string, comma: ',' | '[' = ',') {
    this.ending = ending;
    this.#comma = comma;
  }

  /** They are good until they are asked for again. */
  bytes(id: number, previousEventId: number, instant: Instant): Uint8Array {
    const bytes = this.#bytes;
    const idDigit = id - this.#idTens;
    const previousDigit = previousEventId - this.#previousTens;
    const isNear =
      instant.timeMs === this.#timeMs &&
      idDigit >= 0 &&
      idDigit <= 9 &&
      previousDigit >= 0 &&
      previousDigit <= 9;
    if (!isNear) return this.#begin(id, previousEventId, instant);
    bytes[this.#idEnd - 1] = ZERO + idDigit;
    bytes[bytes.length - 1] = ZERO + previousDigit;
    return bytes;
  }

  #begin(id: number, previousEventId: number, instant: Instant): Uint8Array {
    const idTens = id - (id % 10);
    const previousTens = previousEventId - (previousEventId % 10);
    const fits =
      instant.timeMs === this.#timeMs &&
      digitsOf(idTens) === digitsOf(this.#idTens) &&
      digitsOf(previousTens) === digitsOf(this.#previousTens);
    if (fits) {
      writeDigits(this.#bytes, this.#idEnd, id);
      writeDigits(this.#bytes, this.#bytes.length, previousEventId);
    } else {
      const upToId = `${this.ending}${this.#comma}{"id":${id}`;
      const seconds = instant.timeMs / 1000;
      this.#bytes = utf8(`${upToId},"timestamp":${seconds},"previousEventId":${previousEventId}`);
      this.#timeMs = instant.timeMs;
      this.#idEnd = upToId.length;
    }
    this.#idTens = idTens;
    this.#previousTens = previousTens;
    return this.#bytes;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let above = 10; value >= above; above *= 10) digits++;
  return digits;
}
