import type { JsonObject } from '@stepyard/asl';
import type { Allocate } from './byte-writer.ts';
import { ByteWriter, utf8 } from './byte-writer.ts';
import type { EventRecord, Instant } from './event-record.ts';
import { QuotedJson } from './quoted-json.ts';
import type { HistoryEvent } from './history-event.ts';
import { wireEvent } from './wire-event.ts';

/** Which events, by their ids, and whether input and output are in them. */
export interface HistoryRange {
  readonly first: number;
  readonly count: number;
  /** The last one first. */
  readonly reverse?: boolean;
  readonly includeExecutionData?: boolean;
}

/** A guess at the size of an event, for the first allocation. */
const EVENT_BYTES = 384;

const OPEN = utf8('[');
const CLOSE = utf8(']');
const ID = utf8(',{"id":');
const AFTER_INPUT = utf8(',"inputDetails":{"truncated":false}}}');
const AFTER_OUTPUT = utf8(',"outputDetails":{"truncated":false}}}');
const BEFORE_VARIABLES = utf8(',"outputDetails":{"truncated":false},"assignedVariables":{');
const AFTER_VARIABLES = utf8('},"assignedVariablesDetails":{"truncated":false}}}');
const AFTER_INDEX = utf8('}}');
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * The events as GetExecutionHistory gives them: a JSON array in UTF-8, in chunks to be sent one after the other. A long array
 * that occurs again in the values is the same chunk again.
 *
 * Nearly all of a history are StateEntered and StateExited. Their texts are put together from what is known beforehand: the
 * beginning that their site keeps, and the bytes of a value that was just written. Against building objects and stringifying
 * them it takes a tenth of the time (bench/core.ts). All other events go that general way. `allocate`: where memory comes from; to
 * clear it takes a tenth of the time again.
 */
export function historyBytes(
  events: readonly EventRecord[],
  range: HistoryRange,
  allocate?: Allocate,
): Uint8Array[] {
  const includeData = range.includeExecutionData !== false;
  const last = Math.min(events.length, range.first + range.count - 1);
  const writer = new HistoryWriter(Math.max(0, last - range.first + 1) * EVENT_BYTES + 2, allocate);
  for (let offset = 0; range.first + offset <= last; offset++) {
    const id = range.reverse === true ? last - offset : range.first + offset;
    const event = events[id - 1];
    if (event === undefined) throw new Error('the history has no such event');
    writer.write(event, id, includeData);
  }
  return writer.end();
}

/** The same of events that are kept as they were. */
export function keptHistoryBytes(events: readonly HistoryEvent[]): Uint8Array[] {
  const texts = events.map((event) => {
    const { id, timestampMs, previousEventId } = event;
    return `{"id":${id},"timestamp":${timestampMs / 1000},"previousEventId":${previousEventId}${restText(event)}`;
  });
  return [utf8(`[${texts.join(',')}]`)];
}

class HistoryWriter {
  readonly #writer: ByteWriter;
  readonly #values: QuotedJson;
  #isFirst = true;
  #instant: Instant | undefined;
  /** `,"timestamp":1767225600,"previousEventId":`, which all events of a turn have in common. */
  #afterId = OPEN;

  constructor(expectedBytes: number, allocate: Allocate | undefined) {
    this.#writer = new ByteWriter(expectedBytes, allocate);
    this.#values = new QuotedJson(this.#writer);
    this.#writer.copy(OPEN);
  }

  write(event: EventRecord, id: number, includeData: boolean): void {
    const writer = this.#writer;
    const { site, more } = event;
    this.#writeHead(event, id);
    if (site.kind === 'entered' && includeData) {
      writer.copy(site.beginning);
      this.#values.write(event.value ?? null);
      writer.copy(AFTER_INPUT);
    } else if (site.kind === 'exited' && includeData) {
      writer.copy(site.beginning);
      this.#values.write(event.value ?? null);
      if (more === undefined) writer.copy(AFTER_OUTPUT);
      else this.#writeVariables(more);
    } else if (site.kind === 'iteration') {
      writer.copy(site.beginning);
      writer.digits(Number(more?.['index']));
      writer.copy(AFTER_INDEX);
    } else writer.text(restText(wireEvent(event, id, includeData)));
  }

  end(): Uint8Array[] {
    this.#writer.copy(CLOSE);
    return this.#writer.end();
  }

  /** `,{"id":2,"timestamp":1767225600,"previousEventId":1`. */
  #writeHead({ previousEventId, instant }: EventRecord, id: number): void {
    const writer = this.#writer;
    if (instant !== this.#instant) {
      this.#instant = instant;
      this.#afterId = utf8(`,"timestamp":${instant.timeMs / 1000},"previousEventId":`);
    }
    writer.copy(this.#isFirst ? ID.subarray(1) : ID);
    this.#isFirst = false;
    writer.digits(id);
    writer.copy(this.#afterId);
    writer.digits(previousEventId);
  }

  #writeVariables(variables: JsonObject): void {
    const writer = this.#writer;
    writer.copy(BEFORE_VARIABLES);
    let isFirst = true;
    for (const name of Object.keys(variables)) {
      if (!isFirst) writer.byte(COMMA);
      isFirst = false;
      writer.quoted(name);
      writer.byte(COLON);
      this.#values.write(variables[name] ?? null);
    }
    writer.copy(AFTER_VARIABLES);
  }
}

/** What follows the head, by way of objects. */
function restText({ type, detailsName, details }: HistoryEvent): string {
  const rest = detailsName === undefined ? { type } : { type, [detailsName]: details ?? {} };
  return `,${JSON.stringify(rest).slice(1)}`;
}
