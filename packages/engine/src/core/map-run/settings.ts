/** Evaluates the fields of a Distributed Map, with AWS's texts for what they must not be. */
import type { DistributedMap, Json, JsonObject, MapState, NumberField } from '@stepyard/asl';
import { AslFailure, isObject } from '@stepyard/asl';
import { StateEnvironment } from '../evaluation.ts';
import type { Execution } from '../execution.ts';
import { RUNTIME } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { PAYLOAD_BYTES_MAX } from '../limits.ts';
import { numberOf } from '../number-field.ts';
import type { Allowed } from '../number-field.ts';
import type { BatchSettings, ItemSource, MapRunSettings, ResultTarget } from './map-run.ts';

/** Of these fields a text will do as well (recording assign/*reference-in-tolerated-failure*). */
const INTEGER: Allowed = { kind: 'integer', orText: true };

export interface Tolerance {
  readonly count: number | undefined;
  readonly percentage: number | undefined;
}

export function toleranceOf(execution: Execution, frame: Frame, state: MapState): Tolerance {
  const count = numberOf(execution, frame, state.toleratedFailureCount, 'ToleratedFailureCount', INTEGER);
  const percentage = numberOf(
    execution,
    frame,
    state.toleratedFailurePercentage,
    'ToleratedFailurePercentage',
    { ...INTEGER, kind: 'float' },
  );
  // Recordings scenarios/*tolerated-failure-percentage-path*.
  if (percentage !== undefined && (percentage < 0 || percentage > 100)) {
    throw new AslFailure(RUNTIME, 'ToleratedFailurePercentage must be between 0 and 100.');
  }
  if (count !== undefined && count < 0) {
    throw new AslFailure(RUNTIME, 'ToleratedFailureCount must be zero or greater.');
  }
  return { count, percentage };
}

export function settingsOf(
  execution: Execution,
  frame: Frame,
  state: MapState,
  document: Json,
): MapRunSettings {
  const distributed = state.distributed;
  if (distributed === undefined) throw new Error('an inline Map has no map run');
  const { reader } = distributed;
  const maxItems = numberOf(execution, frame, reader?.maxItems, 'MaxItems', INTEGER) ?? 0;
  return {
    distributed,
    document,
    source: sourceOf(execution, frame, distributed, document),
    // 0 means no limit ([46] of the recordings).
    maxItems: maxItems === 0 ? Number.POSITIVE_INFINITY : maxItems,
    batch: batchOf(execution, frame, distributed, document),
    target: targetOf(execution, frame, distributed, document),
  };
}

function sourceOf(
  execution: Execution,
  frame: Frame,
  { reader }: DistributedMap,
  document: Json,
): ItemSource | undefined {
  if (reader === undefined) return undefined;
  const environment = new StateEnvironment(execution, frame, document);
  return {
    resource: reader.resource,
    parameters: objectOf(reader.parameters?.(environment)),
    config: objectOf(reader.config(environment)),
  };
}

function batchOf(
  execution: Execution,
  frame: Frame,
  { batcher }: DistributedMap,
  document: Json,
): BatchSettings | undefined {
  if (batcher === undefined) return undefined;
  const limit = (field: NumberField, name: string): number | undefined => {
    const value = numberOf(execution, frame, field, name, INTEGER);
    if (value !== undefined && value <= 0) throw new AslFailure(RUNTIME, `${name} must be positive.`);
    return value;
  };
  return {
    itemsMax: limit(batcher.maxItemsPerBatch, 'MaxItemsPerBatch') ?? Number.POSITIVE_INFINITY,
    bytesMax: Math.min(
      limit(batcher.maxInputBytesPerBatch, 'MaxInputBytesPerBatch') ?? PAYLOAD_BYTES_MAX,
      PAYLOAD_BYTES_MAX,
    ),
    input: batcher.batchInput?.(new StateEnvironment(execution, frame, document)),
  };
}

function targetOf(
  execution: Execution,
  frame: Frame,
  { writer }: DistributedMap,
  document: Json,
): ResultTarget | undefined {
  if (writer?.resource === undefined) return undefined;
  const { resource, outputType, transformation } = writer;
  const parameters = objectOf(writer.parameters?.(new StateEnvironment(execution, frame, document)));
  return { resource, parameters, outputType, transformation };
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
