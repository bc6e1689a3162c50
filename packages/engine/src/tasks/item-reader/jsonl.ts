import { createInterface } from 'node:readline';
import { parseJson } from '@stepyard/asl';
import type { ReadItem } from '../map-run-io.ts';
import { MapRunFailure } from '../map-run-io.ts';
import type { ObjectPlace, Reading } from './source-object.ts';
import { openObject, uriOf } from './source-object.ts';

/** JSON Lines: one item a line; blank lines are none. */
export async function* readJsonLines(reading: Reading, place: ObjectPlace): AsyncGenerator<ReadItem> {
  const source = uriOf(place);
  let number = 0;
  for await (const line of linesOf(reading, place)) {
    number++;
    if (line.trim() === '') continue;
    const value = parseJson(line);
    if (value === undefined) throw new MapRunFailure(`Line ${number} of ${source} is not valid JSON.`);
    yield { value, source };
  }
}

export async function* linesOf(reading: Reading, place: ObjectPlace): AsyncGenerator<string> {
  const input = await openObject(reading, place);
  // An error of the stream ends the lines silently: it is told at the end.
  let failure: Error | undefined;
  input.once('error', (error) => (failure = error));
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  if (failure !== undefined) throw new MapRunFailure(`${uriOf(place)} cannot be read: ${failure.message}`);
}
