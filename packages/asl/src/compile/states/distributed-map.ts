import type { Json, JsonObject } from '../../json.ts';
import { getOwn, isObject } from '../../json.ts';
import type { DistributedMap, ItemBatcher, ItemReader, ResultWriter } from '../../program.ts';
import { compileJsonataTemplate } from '../../template/jsonata-template.ts';
import { compileJsonPathTemplate } from '../../template/jsonpath-template.ts';
import { compileNumber } from '../dataflow.ts';
import { objectField, refuse, stringField } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

/** The fields of a Map in DISTRIBUTED mode; `config` is its ProcessorConfig. */
export function compileDistributedMap(
  source: StateSource,
  processor: JsonObject,
  config: JsonObject,
): DistributedMap {
  return {
    label: stringField(source, 'Label'),
    executionType: getOwn(config, 'ExecutionType') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD',
    processorText: JSON.stringify(processor),
    reader: compileReader(source),
    batcher: compileBatcher(source),
    writer: compileWriter(source),
  };
}

function compileReader(source: StateSource): ItemReader | undefined {
  const reader = objectField(source, 'ItemReader');
  if (reader === undefined) return undefined;
  const config = getOwn(reader, 'ReaderConfig') ?? {};
  if (!isObject(config)) return refuse(source, 'ReaderConfig is no object');
  const { MaxItems: _literal, MaxItemsPath: _path, ...rest } = config;
  return {
    resource: textOf(source, reader, 'Resource'),
    parameters: parametersIn(source, reader, 'ItemReader'),
    config: source.language === 'JSONata' ? compileJsonataTemplate(rest, 'ReaderConfig') : () => rest,
    maxItems: compileNumber(source, 'MaxItems', config),
  };
}

function compileBatcher(source: StateSource): ItemBatcher | undefined {
  const batcher = objectField(source, 'ItemBatcher');
  if (batcher === undefined) return undefined;
  const batchInput = getOwn(batcher, 'BatchInput');
  return {
    maxItemsPerBatch: compileNumber(source, 'MaxItemsPerBatch', batcher),
    maxInputBytesPerBatch: compileNumber(source, 'MaxInputBytesPerBatch', batcher),
    batchInput:
      batchInput === undefined ? undefined : templateOf(source, batchInput, 'ItemBatcher/BatchInput'),
  };
}

function compileWriter(source: StateSource): ResultWriter | undefined {
  const writer = objectField(source, 'ResultWriter');
  if (writer === undefined) return undefined;
  const config = getOwn(writer, 'WriterConfig');
  const configured = isObject(config) ? config : {};
  const transformation = getOwn(configured, 'Transformation');
  return {
    resource: Object.hasOwn(writer, 'Resource') ? textOf(source, writer, 'Resource') : undefined,
    parameters: parametersIn(source, writer, 'ResultWriter'),
    outputType: getOwn(configured, 'OutputType') === 'JSONL' ? 'JSONL' : 'JSON',
    transformation: transformation === 'COMPACT' || transformation === 'FLATTEN' ? transformation : 'NONE',
  };
}

/** `Parameters` of JSONPath, `Arguments` of JSONata. */
function parametersIn(source: StateSource, holder: JsonObject, place: string): ItemReader['parameters'] {
  const name = source.language === 'JSONata' ? 'Arguments' : 'Parameters';
  const value = getOwn(holder, name);
  return value === undefined ? undefined : templateOf(source, value, `${place}/${name}`);
}

function templateOf(source: StateSource, value: Json, place: string): NonNullable<ItemReader['parameters']> {
  return source.language === 'JSONata'
    ? compileJsonataTemplate(value, place)
    : compileJsonPathTemplate(value, place);
}

function textOf(source: StateSource, holder: JsonObject, name: string): string {
  const value = getOwn(holder, name);
  return typeof value === 'string' ? value : refuse(source, `${name} is no string`);
}
