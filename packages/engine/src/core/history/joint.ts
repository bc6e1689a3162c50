import { utf8, writeDigits } from './byte-writer.ts';
import type { Instant } from './event-record.ts';

/**
 * The bytes from the end of one event to the type of the next: `...}},{"id":2,"timestamp":1767225600,"previousEventId":1`. They are
 * kept whole: from event to event only the digits of two numbers change, as a rule.
 */
export class Joint {
  /** What is between the last value of the event before and its end. */
  readonly ending: string;
  readonly #comma: ',' | '[';
  #bytes: Uint8Array = new Uint8Array(0);
  #instant: Instant | undefined;
  /** Where the digits of the id end. */
  #idEnd = 0;
  #idMin = 0;
  #idMax = -1;
  #previousMin = 0;
  #previousMax = -1;

  constructor(ending: string, comma: ',' | '[' = ',') {
    this.ending = ending;
    this.#comma = comma;
  }

  /** They are good until they are asked for again. */
  bytes(id: number, previousEventId: number, instant: Instant): Uint8Array {
    const fits =
      instant === this.#instant &&
      id >= this.#idMin &&
      id <= this.#idMax &&
      previousEventId >= this.#previousMin &&
      previousEventId <= this.#previousMax;
    if (!fits) return this.#begin(id, previousEventId, instant);
    const bytes = this.#bytes;
    writeDigits(bytes, this.#idEnd, id);
    writeDigits(bytes, bytes.length, previousEventId);
    return bytes;
  }

  #begin(id: number, previousEventId: number, instant: Instant): Uint8Array {
    const upToId = `${this.ending}${this.#comma}{"id":${id}`;
    const seconds = instant.timeMs / 1000;
    this.#bytes = utf8(`${upToId},"timestamp":${seconds},"previousEventId":${previousEventId}`);
    this.#instant = instant;
    this.#idEnd = upToId.length;
    [this.#idMin, this.#idMax] = withAsManyDigits(id);
    [this.#previousMin, this.#previousMax] = withAsManyDigits(previousEventId);
    return this.#bytes;
  }
}

/** The least and the greatest number that have as many digits. */
function withAsManyDigits(value: number): readonly [number, number] {
  let above = 10;
  while (value >= above) above *= 10;
  return [above === 10 ? 0 : above / 10, above - 1];
}
