/** Which items the next child execution gets, and what its input is. */
import type { Json } from '@stepyard/asl';
import { StateEnvironment, evaluated } from '../evaluation.ts';
import type { Execution } from '../execution.ts';
import { dataLimitExceeded } from '../failure.ts';
import { PAYLOAD_BYTES_MAX, utf8Bytes } from '../limits.ts';
import { StateFailed } from '../lines.ts';
import type { BatchSettings, MapRun } from './map-run.ts';
import { waitingCount } from './map-run.ts';

export interface ChildInput {
  /** JSON text. */
  readonly text: string;
  readonly itemCount: number;
}

/** Takes the input of the next child from the buffer; undefined: there is nothing, or not yet enough, to take. */
export function takeChildInput(execution: Execution, run: MapRun): ChildInput | undefined {
  const { batch } = run.settings;
  return batch === undefined ? takeItem(execution, run) : takeBatch(execution, run, batch);
}

function takeItem(execution: Execution, run: MapRun): ChildInput | undefined {
  const { items } = run;
  if (waitingCount(items) === 0) return undefined;
  const text = textOfItem(execution, run, 0);
  drop(run, 1);
  return { text, itemCount: 1 };
}

/** A batch is full by its number of items or by the bytes of the whole input; only the last one may be smaller. */
function takeBatch(execution: Execution, run: MapRun, batch: BatchSettings): ChildInput | undefined {
  const { items } = run;
  if (waitingCount(items) === 0) return undefined;
  const head = batch.input === undefined ? '{' : `{"BatchInput":${JSON.stringify(batch.input)},`;
  const texts: string[] = [];
  let bytes = utf8Bytes(head) + '"Items":[]}'.length;
  let isFull = false;
  while (texts.length < batch.itemsMax && texts.length < waitingCount(items)) {
    const text = textOfItem(execution, run, texts.length);
    const added = utf8Bytes(text) + (texts.length === 0 ? 0 : 1);
    isFull = texts.length > 0 && bytes + added > batch.bytesMax;
    if (isFull) break;
    texts.push(text);
    bytes += added;
  }
  if (!isFull && texts.length < batch.itemsMax && !items.isExhausted) return undefined;
  drop(run, texts.length);
  const text = `${head}"Items":[${texts.join(',')}]}`;
  if (bytes > PAYLOAD_BYTES_MAX) throw new StateFailed(dataLimitExceeded(run.state.name));
  return { text, itemCount: texts.length };
}

function textOfItem(execution: Execution, run: MapRun, position: number): string {
  const item = run.items.waiting[run.items.head + position];
  if (item === undefined) throw new Error('an item is taken that is not there');
  const index = run.items.nextIndex + position;
  const environment = new StateEnvironment(execution, run.owner, run.settings.document, undefined, {
    item: { index, ...item },
  });
  const input: Json = evaluated(run.state.itemSelector, environment, item.value);
  const text = JSON.stringify(input);
  if (utf8Bytes(text) > PAYLOAD_BYTES_MAX) throw new StateFailed(dataLimitExceeded(run.state.name));
  return text;
}

function drop(run: MapRun, count: number): void {
  const { items } = run;
  items.head += count;
  items.nextIndex += count;
  // Not at every item: a long array would be copied as often as it is long.
  if (items.head < 1024 && waitingCount(items) > 0) return;
  items.waiting = items.waiting.slice(items.head);
  items.head = 0;
}
