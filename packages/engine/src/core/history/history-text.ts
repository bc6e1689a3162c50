import type { Json } from '@stepyard/asl';
import type { EventRecord, Instant } from './event-record.ts';
import { SharedTexts } from './shared-texts.ts';
import { wireEvent } from './wire-event.ts';

/** Which events, by their ids, and whether input and output are in them. */
export interface HistoryRange {
  readonly first: number;
  readonly count: number;
  /** The last one first. */
  readonly reverse?: boolean;
  readonly includeExecutionData?: boolean;
}

/**
 * The events as GetExecutionHistory gives them: a JSON array as text, in pieces to be written one after the other. A large
 * value is a piece of its own, and one that occurs again is the same string again, so that nobody has to encode it twice.
 *
 * Nearly all of a history are StateEntered and StateExited. Their texts are put together from what is known beforehand: the
 * beginning that their site keeps, and the text of a value, which as a rule leaves one state and enters the next. Against
 * building objects and stringifying them it takes a tenth of the time (bench/core.ts). All other events go that general way.
 */
export function historyText(events: readonly EventRecord[], range: HistoryRange): string[] {
  const includeData = range.includeExecutionData !== false;
  const last = Math.min(events.length, range.first + range.count - 1);
  const writer = new HistoryWriter();
  for (let offset = 0; range.first + offset <= last; offset++) {
    const id = range.reverse === true ? last - offset : range.first + offset;
    const event = events[id - 1];
    if (event === undefined) throw new Error('the history has no such event');
    if (offset > 0) writer.write(',');
    if (includeData && isAtState(event)) writer.writeAtState(event, id);
    else writer.write(generalText(event, id, includeData));
  }
  return writer.end();
}

function isAtState({ site, value }: EventRecord): boolean {
  const { details } = site.shape;
  return (
    value !== undefined && (details === 'stateEnteredEventDetails' || details === 'stateExitedEventDetails')
  );
}

class HistoryWriter {
  readonly #texts = new SharedTexts();
  readonly #pieces: string[] = [];
  #piece = '[';
  #instant: Instant | undefined;
  #timestamp = '';

  write(text: string): void {
    this.#piece += text;
  }

  writeAtState(event: EventRecord, id: number): void {
    const { site, previousEventId, more, instant } = event;
    if (instant !== this.#instant) {
      this.#instant = instant;
      this.#timestamp = `,"timestamp":${instant.timeMs / 1000}`;
    }
    const isInput = site.shape.value === 'input';
    this.#piece += `{"id":${id},"previousEventId":${previousEventId}${this.#timestamp}${site.beginning}`;
    this.#piece += isInput ? ',"input":' : ',"output":';
    this.#writeValue(event.value ?? null);
    this.#piece += isInput ? ',"inputDetails":{"truncated":false}' : ',"outputDetails":{"truncated":false}';
    if (more !== undefined) this.#writeVariables(more);
    this.#piece += '}}';
  }

  end(): string[] {
    this.#pieces.push(`${this.#piece}]`);
    return this.#pieces;
  }

  #writeValue(value: Json): void {
    const text = this.#texts.of(value);
    if (typeof text === 'string') {
      this.#piece += text;
      return;
    }
    this.#piece += '"';
    for (const part of text) {
      if (part.isLarge) {
        this.#pieces.push(this.#piece, part.text);
        this.#piece = '';
      } else this.#piece += part.text;
    }
    this.#piece += '"';
  }

  #writeVariables(variables: { readonly [name: string]: Json }): void {
    let separator = ',"assignedVariables":{';
    for (const name of Object.keys(variables)) {
      this.#piece += `${separator}${JSON.stringify(name)}:`;
      this.#writeValue(variables[name] ?? null);
      separator = ',';
    }
    this.#piece += `${separator === ',' ? '' : separator}},"assignedVariablesDetails":{"truncated":false}`;
  }
}

function generalText(event: EventRecord, id: number, includeData: boolean): string {
  const { previousEventId, timestampMs, type, detailsName, details } = wireEvent(event, id, includeData);
  const head = { id, previousEventId, timestamp: timestampMs / 1000, type };
  return JSON.stringify(detailsName === undefined ? head : { ...head, [detailsName]: details ?? {} });
}
