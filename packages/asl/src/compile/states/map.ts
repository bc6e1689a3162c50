import type { Json, JsonObject } from '../../json.ts';
import { getOwn, isObject, setOwn } from '../../json.ts';
import type { MapState } from '../../program.ts';
import { compileBase, compileNumber, jsonata, path, template } from '../dataflow.ts';
import { compileCatch, compileRetry } from '../errors.ts';
import { field, objectField, refuse, transition } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

/** What a Distributed Map has besides the fields of an inline one. */
const DISTRIBUTED_FIELDS = ['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'] as const;

export function compileMap(source: StateSource): MapState {
  const processorField = field(source, 'ItemProcessor') === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = objectField(source, processorField) ?? refuse(source, 'a Map has no ItemProcessor');
  const config = getOwn(processor, 'ProcessorConfig');
  const isDistributed = isObject(config) && getOwn(config, 'Mode') === 'DISTRIBUTED';
  const isJsonata = source.language === 'JSONata';
  return {
    ...compileBase(source),
    type: 'Map',
    mode: isDistributed ? 'DISTRIBUTED' : 'INLINE',
    processor: source.nested(processor, processorField),
    items: isJsonata ? jsonata(source, 'Items') : path(source, 'ItemsPath'),
    itemSelector: isJsonata
      ? jsonata(source, 'ItemSelector')
      : (template(source, 'ItemSelector') ?? template(source, 'Parameters')),
    maxConcurrency: compileNumber(source, 'MaxConcurrency'),
    distributed: isDistributed ? distributedFields(source, config) : undefined,
    toleratedFailureCount: compileNumber(source, 'ToleratedFailureCount'),
    toleratedFailurePercentage: compileNumber(source, 'ToleratedFailurePercentage'),
    retry: compileRetry(source),
    catch: compileCatch(source),
    next: transition(source),
  };
}

/** As written, with the processor's `ProcessorConfig` (its ExecutionType). */
function distributedFields(source: StateSource, config: JsonObject): JsonObject {
  const fields: Record<string, Json> = { ProcessorConfig: config };
  for (const name of DISTRIBUTED_FIELDS) {
    const value = field(source, name);
    if (value !== undefined) setOwn(fields, name, value);
  }
  return fields;
}
