import type { Effect } from '../core/effect.ts';
import type { MapRunInput } from '../core/input.ts';
import type { MapRunIo, ReadItem } from '../tasks/map-run-io.ts';
import { MapRunFailure } from '../tasks/map-run-io.ts';

type ReadEffect = Extract<Effect, { kind: 'readItems' }>;

/** About as much text as one record of the journal should hold. */
const CHUNK_BYTES_MAX = 1_000_000;

/** Reads the dataset of one map run, as many items at a time as it asks for. */
export class DatasetReader {
  readonly #io: MapRunIo;
  readonly #executionArn: string;
  readonly #controller = new AbortController();
  #items: AsyncIterator<ReadItem> | undefined;
  /** Read, but of another source than the chunk before: the first of the next one. */
  #ahead: ReadItem | undefined;
  #position = 0;

  constructor(io: MapRunIo, executionArn: string) {
    this.#io = io;
    this.#executionArn = executionArn;
  }

  /** The input that answers the effect; undefined when the reader was closed meanwhile. */
  async read(effect: ReadEffect): Promise<MapRunInput | undefined> {
    const { mapRun } = effect;
    try {
      return await this.#chunk(effect);
    } catch (error) {
      if (this.#controller.signal.aborted) return undefined;
      if (error instanceof MapRunFailure) return { kind: 'itemsFailed', mapRun, cause: error.message };
      throw error;
    }
  }

  close(): void {
    this.#controller.abort();
    // Whoever reads is told; that nobody may still want its last item is no error.
    void this.#items?.return?.().catch(() => undefined);
  }

  async #chunk(effect: ReadEffect): Promise<MapRunInput | undefined> {
    await this.#moveTo(effect);
    const values: ReadItem['value'][] = [];
    const keys: string[] = [];
    let source: string | undefined;
    let bytes = 0;
    let isLast = false;
    while (values.length < effect.count && bytes < CHUNK_BYTES_MAX) {
      const item = await this.#next();
      isLast = item === undefined;
      if (item === undefined) break;
      if (source !== undefined && item.source !== source) {
        this.#ahead = item;
        break;
      }
      source = item.source;
      values.push(item.value);
      if (item.key !== undefined) keys.push(item.key);
      bytes += roughSize(item.value);
    }
    if (this.#controller.signal.aborted) return undefined;
    this.#position += values.length;
    return {
      kind: 'itemsRead',
      mapRun: effect.mapRun,
      values,
      ...(keys.length === 0 ? {} : { keys }),
      source: source ?? '',
      isLast,
    };
  }

  /** Opens the dataset, or goes on where the chunk before ended. */
  async #moveTo({ source, stateName, from }: ReadEffect): Promise<void> {
    if (this.#items === undefined || this.#position !== from) {
      const request = { executionArn: this.#executionArn, stateName, source };
      this.#items = this.#io.read(request, this.#controller.signal)[Symbol.asyncIterator]();
      this.#ahead = undefined;
      this.#position = 0;
    }
    for (; this.#position < from; this.#position++) await this.#next();
  }

  async #next(): Promise<ReadItem | undefined> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) return ahead;
    const result = await this.#items?.next();
    return result === undefined || result.done === true ? undefined : result.value;
  }
}

/** Bytes of the value's text, more or less: its members are not looked into. */
function roughSize(value: ReadItem['value']): number {
  if (typeof value === 'string') return value.length;
  return typeof value === 'object' && value !== null ? JSON.stringify(value).length : 8;
}
