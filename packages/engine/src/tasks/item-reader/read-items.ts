import type { Json } from '@stepyard/asl';
import type { ReadItem, ReadRequest } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import type { ServiceCaller } from '../service-caller.ts';
import { readCsv } from './csv.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './jsonl.ts';
import { listObjects, listPlaces } from './list-objects.ts';
import { manifestPlaces, readInventory } from './manifest.ts';
import type { ObjectPlace, Reading } from './source-object.ts';

type Reader = (reading: Reading, place: ObjectPlace) => AsyncGenerator<ReadItem>;

/** Its library is loaded by the first file: few have one. */
const readParquet: Reader = async function* (reading, place) {
  const parquet = await import('./parquet.ts');
  yield* parquet.readParquet(reading, place);
};

const READERS: Readonly<Record<string, Reader>> = {
  CSV: readCsv,
  JSON: readJson,
  JSONL: readJsonLines,
  PARQUET: readParquet,
};

/**
 * The items of a Distributed Map's ItemReader, read as they are asked for.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html
 */
export async function* readItems(
  caller: ServiceCaller,
  { source }: ReadRequest,
  signal: AbortSignal,
): AsyncGenerator<ReadItem> {
  const { resource, parameters, config } = source;
  const reading = {
    caller,
    config,
    owner: {
      ...(typeof parameters['VersionId'] === 'string' ? { versionId: parameters['VersionId'] } : {}),
      ...(typeof parameters['ExpectedBucketOwner'] === 'string'
        ? { expectedBucketOwner: parameters['ExpectedBucketOwner'] }
        : {}),
    },
    signal,
  };
  if (resource.endsWith(':s3:listObjectsV2')) {
    if (config['Transformation'] !== 'LOAD_AND_FLATTEN') {
      yield* listObjects(reading, parameters);
      return;
    }
    const reader = readerOf(config['InputType']);
    for await (const place of listPlaces(reading, parameters)) yield* reader(reading, place);
    return;
  }
  if (!resource.endsWith(':s3:getObject')) {
    throw new MapRunFailure(`The resource ${resource} is not one that an ItemReader can read.`);
  }
  const place = { bucket: required(parameters['Bucket'], 'Bucket'), key: required(parameters['Key'], 'Key') };
  yield* readObject(reading, place);
}

async function* readObject(reading: Reading, place: ObjectPlace): AsyncGenerator<ReadItem> {
  const { InputType: type, ManifestType: manifest } = reading.config;
  if (manifest === 'ATHENA_DATA') {
    const reader = readerOf(type);
    for await (const file of manifestPlaces(reading, place)) yield* reader({ ...reading, owner: {} }, file);
  } else if (type === 'MANIFEST') yield* readInventory(reading, place);
  else yield* readerOf(type)(reading, place);
}

function readerOf(type: Json | undefined): Reader {
  const name = type ?? 'JSON';
  const reader = typeof name === 'string' && Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (reader === undefined) throw new MapRunFailure(`InputType ${JSON.stringify(name)} cannot be read.`);
  return reader;
}

function required(value: Json | undefined, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new MapRunFailure(`The ItemReader has no ${name}.`);
}
