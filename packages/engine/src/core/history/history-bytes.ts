import type { JsonObject } from '@stepyard/asl';
import type { Allocate } from './byte-writer.ts';
import { ByteWriter, utf8 } from './byte-writer.ts';
import type { EventRecord } from './event-record.ts';
import type { EventSite } from './event-site.ts';
import { Joint } from './joint.ts';
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

const BEFORE_ROLE = utf8(',"inputDetails":{"truncated":false},"roleArn":');
const BEFORE_VARIABLES = utf8(',"outputDetails":{"truncated":false},"assignedVariables":{');
const COMMA = 0x2c;
const COLON = 0x3a;

/** A guess at the size of an event, for the first allocation. */
const EVENT_BYTES = 384;

/**
 * The events as GetExecutionHistory gives them: a JSON array in UTF-8, in chunks to be sent one after the other. A long array
 * that occurs again in the values is the same chunk again.
 *
 * Nearly all of a history are StateEntered and StateExited, and of a short one the start and the end. Their texts are put together from
 * what is known beforehand: the beginning that their site keeps, and the bytes of a value that was just written. Against building objects and stringifying
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

/**
 * How an event may end, and the next begin. All histories share them: to make them takes as long as to write four events. Their bytes
 * are copied before another history asks for them, and digits that do not fit are written anew.
 */
const FIRST = new Joint('', '[');
const INPUT_ENDS = new Joint(',"inputDetails":{"truncated":false}}}');
const OUTPUT_ENDS = new Joint(',"outputDetails":{"truncated":false}}}');
const VARIABLES_END = new Joint('},"assignedVariablesDetails":{"truncated":false}}}');
const DETAILS_END = new Joint('}}');
const ALL_ENDS = new Joint('');

class HistoryWriter {
  readonly #writer: ByteWriter;
  readonly #values: QuotedJson;
  #joint = FIRST;

  constructor(expectedBytes: number, allocate: Allocate | undefined) {
    this.#writer = new ByteWriter(expectedBytes, allocate);
    this.#values = new QuotedJson(this.#writer);
  }

  write(event: EventRecord, id: number, includeData: boolean): void {
    const writer = this.#writer;
    const { site, more } = event;
    writer.copy(this.#joint.bytes(id, event.previousEventId, event.instant));
    if (site.kind === 'entered' && includeData) {
      writer.copy(site.beginning);
      this.#values.write(event.value ?? null);
      this.#joint = INPUT_ENDS;
    } else if (site.kind === 'exited' && includeData) {
      writer.copy(site.beginning);
      this.#values.write(event.value ?? null);
      if (more === undefined) this.#joint = OUTPUT_ENDS;
      else {
        this.#writeVariables(more);
        this.#joint = VARIABLES_END;
      }
    } else if (site.kind === 'iteration') {
      writer.copy(site.beginning);
      writer.digits(Number(more?.['index']));
      this.#joint = DETAILS_END;
    } else if (site.kind === 'succeeded' && includeData && event.value !== undefined && isEmpty(more)) {
      writer.copy(site.beginning);
      this.#values.write(event.value);
      this.#joint = OUTPUT_ENDS;
    } else if (site.kind === 'started' && includeData && this.#writeStarted(site, more)) {
      this.#joint = DETAILS_END;
    } else {
      writer.text(restText(wireEvent(event, id, includeData)));
      this.#joint = ALL_ENDS;
    }
  }

  end(): Uint8Array[] {
    this.#writer.text(this.#joint === FIRST ? '[]' : `${this.#joint.ending}]`);
    return this.#writer.end();
  }

  /** The input as it was given. False, and nothing is written, where there is none. */
  #writeStarted(site: EventSite, details: JsonObject | undefined): boolean {
    const input = details?.['input'];
    const roleArn = details?.['roleArn'];
    if (typeof input !== 'string' || typeof roleArn !== 'string') return false;
    const writer = this.#writer;
    writer.copy(site.beginning);
    writer.quoted(input);
    writer.copy(BEFORE_ROLE);
    writer.quoted(roleArn);
    return true;
  }

  #writeVariables(variables: JsonObject): void {
    const writer = this.#writer;
    writer.copy(BEFORE_VARIABLES);
    let isFirst = true;
    for (const name in variables) {
      if (!isFirst) writer.byte(COMMA);
      isFirst = false;
      writer.quoted(name);
      writer.byte(COLON);
      this.#values.write(variables[name] ?? null);
    }
  }
}

function isEmpty(members: JsonObject | undefined): boolean {
  return members === undefined || Object.keys(members).length === 0;
}

/** What follows the head, by way of objects. */
function restText({ type, detailsName, details }: HistoryEvent): string {
  const rest = detailsName === undefined ? { type } : { type, [detailsName]: details ?? {} };
  return `,${JSON.stringify(rest).slice(1)}`;
}
