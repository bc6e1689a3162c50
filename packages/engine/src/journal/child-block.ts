/** Child executions that came to a good end in their first turns: kept together, as nothing ever happens to one alone. */
import type { Json } from '@stepyard/asl';
import { seedOf } from '../core/map-run/start-child.ts';
import type { ChildOrigin } from '../core/map-run/start-child.ts';
import { childArn } from '../core/map-run/open-child.ts';
import { parseUuid, uuidText } from '../core/uuid.ts';
import type { Uuid } from '../core/uuid.ts';
import type { ChildPlace, ExecutionFilter, ExecutionRow } from './store.ts';

/**
 * Children of one map run that were started in one turn, and succeeded in their own first turns. Their numbers follow each other, and
 * so do their sequence numbers.
 */
export interface ChildBlock {
  /** Sequence number of the first. */
  readonly first: number;
  readonly common: BlockCommon;
  /** The words of their uuids, one uuid for each, of Express executions two. */
  readonly ids: Int32Array;
  /** JSON texts. */
  readonly inputs: readonly string[];
  readonly outputs: readonly Json[];
  readonly itemCounts: readonly number[];
  readonly eventCounts: readonly number[];
}

/** What they have in common. */
export interface BlockCommon {
  readonly started: ChildOrigin['started'];
  /** What their ARNs begin with. */
  readonly executions: string;
  readonly seed: string;
  readonly redrives: number;
  /** Epoch milliseconds of their start, and of their end. */
  readonly timeMs: number;
  readonly revision: number;
  readonly interpreter: number;
  readonly traceHeader?: string;
  readonly place: Omit<ChildPlace, 'number' | 'itemCount'>;
  /** Number of the first in its map run. */
  readonly firstNumber: number;
}

/** The row of the child at that place of the block; `arn`: its ARN, where that is known. */
export function rowIn(block: ChildBlock, index: number, arn?: string): ExecutionRow {
  const { common, inputs, outputs } = block;
  const [id, expressId] = idsIn(block, index);
  const name = uuidText(id);
  const executionArn = arn ?? childArn(common.executions, id, expressId);
  const input = inputs[index] ?? '';
  return {
    sequence: block.first + index,
    started: { ...common.started, executionArn, name, input, seed: seedOf(common, name) },
    startMs: common.timeMs,
    revision: common.revision,
    interpreter: common.interpreter,
    child: {
      ...common.place,
      number: common.firstNumber + index,
      itemCount: block.itemCounts[index] ?? 0,
    },
    traceHeader: common.traceHeader,
    status: 'SUCCEEDED',
    outcome: { status: 'SUCCEEDED', output: outputs[index] ?? null },
    stopMs: common.timeMs,
    eventCount: block.eventCounts[index] ?? 0,
    redrive: undefined,
  };
}

function idsIn({ ids, inputs }: ChildBlock, index: number): [id: Uuid, expressId: Uuid | undefined] {
  const words = ids.length / inputs.length;
  const at = index * words;
  return [uuidAt(ids, at), words === 4 ? undefined : uuidAt(ids, at + 4)];
}

function uuidAt(ids: Int32Array, at: number): Uuid {
  return { a: ids[at] ?? 0, b: ids[at + 1] ?? 0, c: ids[at + 2] ?? 0, d: ids[at + 3] ?? 0 };
}

/** What an ARN that a child may have begins with, and its uuids: two of an Express execution. undefined: no child has it. */
export interface ParsedChildArn {
  readonly arn: string;
  readonly executions: string;
  readonly id: Uuid;
  readonly expressId: Uuid | undefined;
}

export function parseChildArn(arn: string): ParsedChildArn | undefined {
  const slash = arn.indexOf('/');
  const end = slash === -1 ? -1 : arn.indexOf(':', slash);
  const id = end === -1 ? undefined : parseUuid(arn, end + 1);
  if (id === undefined) return undefined;
  const executions = arn.slice(0, end);
  const after = end + 1 + UUID_LENGTH;
  if (arn.length === after) return { arn, executions, id, expressId: undefined };
  const expressId = parseUuid(arn, after + 1);
  const isWhole = arn[after] === ':' && arn.length === after + 1 + UUID_LENGTH;
  return expressId === undefined || !isWhole ? undefined : { arn, executions, id, expressId };
}

const UUID_LENGTH = 36;

/** Finds children by their uuids: the first words in order, each with its place in the block. */
export class BlockIndex {
  readonly first: number;
  /** `(word + 2^31) * 2^16 + place`: exact in a double, and sorted by a typed array's own sort. */
  readonly #keys: Float64Array;

  constructor(first: number, ids: Int32Array, count: number) {
    this.first = first;
    const words = ids.length / count;
    this.#keys = new Float64Array(count);
    for (let index = 0; index < count; index++) this.#keys[index] = keyOf(ids[index * words] ?? 0) + index;
    this.#keys.sort();
  }

  /** Where those begin that may be the one. */
  find({ a }: Uuid): number {
    const key = keyOf(a);
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#keys[middle] ?? 0) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The place in the block of the one there; -1: no more may be the one. */
  place(at: number, { a }: Uuid): number {
    const place = (this.#keys[at] ?? Number.POSITIVE_INFINITY) - keyOf(a);
    return place < PLACES ? place : -1;
  }
}

/** So many children fit in a block, and no more. */
const PLACES = 65_536;

function keyOf(word: number): number {
  return (word + 0x80000000) * PLACES;
}

/** The row of the child with this ARN, among blocks whose children's ARNs begin alike. */
export function rowNamed(
  name: ParsedChildArn,
  indexes: readonly BlockIndex[],
  blockOf: (first: number) => ChildBlock | undefined,
): ExecutionRow | undefined {
  for (const index of indexes) {
    for (
      let at = index.find(name.id), place = index.place(at, name.id);
      place !== -1;
      place = index.place(++at, name.id)
    ) {
      const block = blockOf(index.first);
      if (block !== undefined && isNamed(block, place, name)) return rowIn(block, place, name.arn);
    }
  }
  return undefined;
}

function isNamed(block: ChildBlock, place: number, name: ParsedChildArn): boolean {
  const [id, expressId] = idsIn(block, place);
  if (!isSame(id, name.id) || block.common.executions !== name.executions) return false;
  return expressId === undefined || name.expressId === undefined
    ? expressId === name.expressId
    : isSame(expressId, name.expressId);
}

function isSame(one: Uuid, other: Uuid): boolean {
  return one.a === other.a && one.b === other.b && one.c === other.c && one.d === other.d;
}

/** Rows of blocks, newest first, given the blocks so; only sequence numbers lower than `before`, at most `limit`. */
export function rowsIn(blocks: Iterable<ChildBlock>, before: number, limit: number): ExecutionRow[] {
  const rows: ExecutionRow[] = [];
  for (const block of blocks) {
    const last = Math.min(block.inputs.length, before - block.first) - 1;
    for (let index = last; index >= 0; index--) {
      if (rows.length >= limit) return rows;
      rows.push(rowIn(block, index));
    }
    if (rows.length >= limit) return rows;
  }
  return rows;
}

/** Both newest first; so is what comes of them. */
export function merged(
  one: readonly ExecutionRow[],
  other: readonly ExecutionRow[],
  limit: number,
): readonly ExecutionRow[] {
  if (other.length === 0) return one.slice(0, limit);
  if (one.length === 0) return other.slice(0, limit);
  return [...one, ...other].toSorted((a, b) => b.sequence - a.sequence).slice(0, limit);
}

/** False: no child in a block is asked for. */
export function mayBeInBlocks({ status, isRedriven, startedBy }: ExecutionFilter): boolean {
  return (status ?? 'SUCCEEDED') === 'SUCCEEDED' && isRedriven !== true && startedBy === undefined;
}
