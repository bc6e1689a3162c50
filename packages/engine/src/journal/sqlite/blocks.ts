import type { SQLInputValue } from 'node:sqlite';
import type { Json } from '@stepyard/asl';
import type { BlockCommon, ChildBlock } from '../child-block.ts';
import { BlockIndex, parseChildArn, rowNamed, rowsIn } from '../child-block.ts';
import type { BlockHistory, ExecutionRow } from '../store.ts';
import { ReplayMismatch } from '../replay.ts';
import { Damage, blob, number, text, type SqlRow } from './rows.ts';
import { sumOf, sumOfBytes } from './sums.ts';

/** Reads rows; where one of them is damaged, says of which file. */
type Read = <Found>(
  convert: (row: SqlRow) => Found,
  sql: string,
  ...values: readonly SQLInputValue[]
) => readonly Found[];

/** Blocks that were read last, in memory: whoever reads one child reads the one beside it next. */
const CACHED_MAX = 4;
const COLUMNS = 'first, count, owner, executions, common, counts, ids, inputs, outputs, sum';

const firstOf = (row: SqlRow): number => number(row, 'first');
const rangeOf = (row: SqlRow): { readonly first: number; readonly end: number } => ({
  first: firstOf(row),
  end: firstOf(row) + number(row, 'count'),
});

/** Reads blocks of children. A block never changes, but that it is removed. */
export class SqliteBlocks {
  readonly #path: string;
  readonly #read: Read;
  readonly #cached = new Map<number, ChildBlock>();
  /** Of children asked for by ARN: the blocks with such ARNs, in the order in which they were written, up to the last that was looked at. */
  readonly #named = new Map<string, { readonly indexes: BlockIndex[]; last: number }>();

  constructor(path: string, read: Read) {
    this.#path = path;
    this.#read = read;
  }

  execution(key: number | string): ExecutionRow | undefined {
    if (typeof key === 'number') {
      const block = this.#at(key);
      return block === undefined ? undefined : rowsIn([block], key + 1, 1)[0];
    }
    const place = parseChildArn(key);
    if (place === undefined) return undefined;
    const indexes = this.#indexesOf(place.executions);
    return rowNamed(place, indexes, (first) => this.#block(first));
  }

  ofMapRun(mapRunArn: string, before: number, limit: number): ExecutionRow[] {
    return rowsIn(this.#blocksOf(mapRunArn, before), before, limit);
  }

  /** Newest first; read one by one. */
  *#blocksOf(mapRunArn: string, before: number): Generator<ChildBlock> {
    const sql = 'SELECT first FROM child_block WHERE owner = ? AND first < ? ORDER BY first DESC LIMIT 1';
    for (let below = before; ;) {
      const [first] = this.#read(firstOf, sql, mapRunArn, below);
      if (first === undefined) return;
      below = first;
      const block = this.#block(first);
      if (block !== undefined) yield block;
    }
  }

  history(execution: number): BlockHistory | undefined {
    const block = this.#at(execution);
    if (block === undefined) return undefined;
    const { first } = block;
    const sql = 'SELECT histories, sum FROM child_block_history WHERE first = ?';
    const read = (row: SqlRow): BlockHistory => {
      const histories = blob(row, 'histories');
      if (row['sum'] !== sumOfBytes(histories, first))
        throw new ReplayMismatch(`the journal ${this.#path} is damaged where its history is`);
      return { first, place: execution - first, histories };
    };
    return this.#read(read, sql, first)[0];
  }

  unarchived(after: number): ChildBlock | undefined {
    const sql = `SELECT ${COLUMNS} FROM child_block WHERE is_archived = 0 AND first > ? ORDER BY first LIMIT 1`;
    return this.#read(blockOf, sql, after)[0];
  }

  lastSequence(): number {
    const [last] = this.#read(rangeOf, 'SELECT first, count FROM child_block ORDER BY first DESC LIMIT 1');
    return last === undefined ? 0 : last.end - 1;
  }

  /** What is cached may be there no longer. */
  removed(): void {
    this.#cached.clear();
    this.#named.clear();
  }

  #at(sequence: number): ChildBlock | undefined {
    const isIn = ({ first, inputs }: ChildBlock): boolean =>
      sequence >= first && sequence < first + inputs.length;
    for (const block of this.#cached.values()) if (isIn(block)) return block;
    const sql = 'SELECT first, count FROM child_block WHERE first <= ? ORDER BY first DESC LIMIT 1';
    const [range] = this.#read(rangeOf, sql, sequence);
    return range === undefined || sequence >= range.end ? undefined : this.#block(range.first);
  }

  #block(first: number): ChildBlock | undefined {
    const cached = this.#cached.get(first);
    if (cached !== undefined) return cached;
    const [block] = this.#read(blockOf, `SELECT ${COLUMNS} FROM child_block WHERE first = ?`, first);
    if (block === undefined) return undefined;
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size < CACHED_MAX) break;
      this.#cached.delete(oldest);
    }
    this.#cached.set(first, block);
    return block;
  }

  #indexesOf(executions: string): readonly BlockIndex[] {
    let named = this.#named.get(executions);
    if (named === undefined) this.#named.set(executions, (named = { indexes: [], last: 0 }));
    const { indexes } = named;
    const sql =
      'SELECT position, first, count, ids FROM child_block WHERE executions = ? AND position > ? ORDER BY position';
    const read = (row: SqlRow): { readonly index: BlockIndex; readonly position: number } => ({
      index: new BlockIndex(firstOf(row), idsIn(row), number(row, 'count')),
      position: number(row, 'position'),
    });
    for (const { index, position } of this.#read(read, sql, executions, named.last)) {
      indexes.push(index);
      named.last = position;
    }
    return indexes;
  }
}

/** In the order of the writer's statement. */
export function blockValues(block: ChildBlock): SQLInputValue[] {
  const { first, common, ids, inputs, outputs, itemCounts, eventCounts } = block;
  const head = [first, inputs.length, common.started.mapRunArn, common.executions];
  const texts = [JSON.stringify(common), JSON.stringify([itemCounts, eventCounts].map(shortened))];
  const words = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
  // The texts are made by JSON.stringify: no line break is in them.
  const lines = [inputs.join('\n'), JSON.stringify(outputs)];
  return [...head, ...texts, words, ...lines, sumOfBytes(words, sumOf([...head, ...texts, ...lines]))];
}

function blockOf(row: SqlRow): ChildBlock {
  const names = ['owner', 'executions', 'common', 'counts', 'inputs', 'outputs'];
  const sum = sumOf([number(row, 'first'), number(row, 'count'), ...names.map((name) => text(row, name))]);
  if (row['sum'] !== sumOfBytes(blob(row, 'ids'), sum)) throw damaged(row);
  const inputs = text(row, 'inputs').split('\n');
  const [itemCounts, eventCounts] = parsed(row, 'counts') as [Counts, Counts];
  const outputs = parsed(row, 'outputs') as readonly Json[];
  const count = number(row, 'count');
  if (inputs.length !== count || outputs.length !== count) throw damaged(row);
  return {
    first: number(row, 'first'),
    // Written by this store alone, as these types have them.
    common: parsed(row, 'common') as BlockCommon,
    ids: idsIn(row),
    inputs,
    outputs,
    itemCounts: lengthened(itemCounts, count),
    eventCounts: lengthened(eventCounts, count),
  };
}

/** As a rule all are the same. */
type Counts = number | readonly number[];

function shortened(counts: readonly number[]): Counts {
  const [first = 0] = counts;
  return counts.every((count) => count === first) ? first : counts;
}

function lengthened(counts: Counts, length: number): readonly number[] {
  return typeof counts === 'number' ? Array.from({ length }, () => counts) : counts;
}

/** In memory of its own: words are to be at multiples of four. */
function idsIn(row: SqlRow): Int32Array {
  return new Int32Array(blob(row, 'ids').slice().buffer);
}

function damaged(row: SqlRow): Damage {
  return new Damage(`the row of children from ${String(row['first'])} on is not as it was written`);
}

function parsed(row: SqlRow, name: string): unknown {
  try {
    return JSON.parse(text(row, name));
  } catch {
    throw damaged(row);
  }
}
