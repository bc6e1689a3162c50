import { readItems } from './item-reader/read-items.ts';
import type { MapRunIo } from './map-run-io.ts';
import { writeResults } from './result-writer/write-results.ts';
import type { ServiceCaller } from './service-caller.ts';

/** Reads datasets from S3 and writes results to it. */
export function createMapRunIo(caller: ServiceCaller): MapRunIo {
  return {
    read: (request, signal) => readItems(caller, request, signal),
    write: async (request) => writeResults(caller, request),
  };
}
