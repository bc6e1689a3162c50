import type { Json } from '@stepyard/asl';
import type { ChildRecord } from '../core/map-run/child-record.ts';
import type { ItemSource, ResultTarget } from '../core/map-run/map-run.ts';

/** One item of a dataset. */
export interface ReadItem {
  readonly value: Json;
  /** Of a member of a JSON object: its name. */
  readonly key?: string;
  /** The S3 URI that it was read from. */
  readonly source: string;
}

export interface ReadRequest {
  readonly executionArn: string;
  /** Name of the Map state. */
  readonly stateName: string;
  readonly source: ItemSource;
}

export interface WriteRequest {
  readonly executionArn: string;
  readonly stateName: string;
  readonly mapRunArn: string;
  readonly target: ResultTarget;
  /** In the order of their starts. */
  readonly children: readonly ChildRecord[];
  /** Inputs, as JSON text, that were never given to a child. */
  readonly pending: readonly string[];
}

/**
 * What a map run needs of the outside besides its children. Both reject with {@link MapRunFailure} for what is wrong with the
 * data or the bucket, and with nothing else.
 */
export interface MapRunIo {
  /** The items in order, read as they are asked for: the dataset need not fit into memory. Ends early when `signal` aborts. */
  read(request: ReadRequest, signal: AbortSignal): AsyncIterable<ReadItem>;
  /** Writes the files; gives where the manifest is. */
  write(request: WriteRequest): Promise<{ readonly bucket: string; readonly key: string }>;
}

/** The cause of a States.ItemReaderFailed or States.ResultWriterFailed. */
export class MapRunFailure extends Error {
  override readonly name = 'MapRunFailure';
}

/** Of an engine that was given no way to read and write: it says so. */
export const NO_MAP_RUN_IO: MapRunIo = {
  // eslint-disable-next-line require-yield -- there is nothing to give
  async *read() {
    throw new MapRunFailure('This engine has no ItemReader: it was created without `mapRunIo`.');
  },
  // eslint-disable-next-line typescript/require-await -- what it throws must become a rejection
  async write() {
    throw new MapRunFailure('This engine has no ResultWriter: it was created without `mapRunIo`.');
  },
};
