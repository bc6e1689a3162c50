import type { Json } from '@stepyard/asl';
import { getOwn, isArray, isObject, parseJson } from '@stepyard/asl';
import type { ReadItem } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import type { ObjectPlace, Reading } from './source-object.ts';
import { readText, uriOf } from './source-object.ts';

/** A JSON array, or what ItemsPointer finds: an array, or an object whose members are items of `Key` and `Value`. */
export async function* readJson(reading: Reading, place: ObjectPlace): AsyncGenerator<ReadItem> {
  const document = parseJson(await readText(reading, place));
  if (document === undefined) throw new MapRunFailure(`${uriOf(place)} is not valid JSON.`);
  const pointer = reading.config['ItemsPointer'];
  const items = typeof pointer === 'string' ? pointed(document, pointer) : document;
  const source = uriOf(place);
  if (isArray(items)) {
    for (const value of items) yield { value, source };
  } else if (isObject(items) && typeof pointer === 'string' && pointer !== '') {
    for (const [key, value] of Object.entries(items)) yield { value, key, source };
  } else {
    // Recording scenarios/*item-reader-json-no-json-list-object*.
    throw new MapRunFailure('Attempting to map over non-iterable node.');
  }
}

/** RFC 6901. */
function pointed(document: Json, pointer: string): Json {
  if (pointer !== '' && !pointer.startsWith('/')) {
    throw new MapRunFailure(`ItemsPointer '${pointer}' is not a JSON pointer.`);
  }
  let value: Json | undefined = document;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isArray(value)) value = /^(?:0|[1-9]\d*)$/u.test(name) ? value[Number(name)] : undefined;
    else value = isObject(value) ? getOwn(value, name) : undefined;
    if (value === undefined) throw new MapRunFailure(`ItemsPointer '${pointer}' does not match the dataset.`);
  }
  return value;
}
