import type { ChildBlock } from './child-block.ts';
import { BlockIndex, parseChildArn, rowNamed, rowsIn } from './child-block.ts';
import type { BlockHistory, ExecutionRow } from './store.ts';

/** The blocks of children of a memory store. */
export class MemoryBlocks {
  /** In the order of their sequence numbers, as those of each map run are. */
  #all: ChildBlock[] = [];
  readonly #byMapRun = new Map<string, ChildBlock[]>();
  /** By what the ARNs of their children begin with. */
  readonly #byName = new Map<string, Set<ChildBlock>>();
  /** Made when a child is first asked for by its ARN. */
  readonly #indexes = new WeakMap<ChildBlock, BlockIndex>();
  readonly #histories = new Map<number, Uint8Array>();

  get lastSequence(): number {
    const last = this.#all.at(-1);
    return last === undefined ? 0 : last.first + last.inputs.length - 1;
  }

  add(block: ChildBlock): void {
    const { started, executions } = block.common;
    insert(this.#all, block);
    insert(listIn(this.#byMapRun, started.mapRunArn), block);
    const named = this.#byName.get(executions);
    if (named === undefined) this.#byName.set(executions, new Set([block]));
    else named.add(block);
  }

  archive(first: number, histories: Uint8Array): void {
    if (this.#at(first) !== undefined) this.#histories.set(first, histories);
  }

  remove(mapRunArn: string): void {
    const removed = new Set(this.#byMapRun.get(mapRunArn));
    if (removed.size === 0) return;
    this.#byMapRun.delete(mapRunArn);
    this.#all = this.#all.filter((block) => !removed.has(block));
    for (const block of removed) {
      this.#byName.get(block.common.executions)?.delete(block);
      this.#histories.delete(block.first);
    }
  }

  execution(key: number | string): ExecutionRow | undefined {
    if (typeof key === 'number') {
      const block = this.#at(key);
      return block === undefined ? undefined : rowsIn([block], key + 1, 1)[0];
    }
    const place = parseChildArn(key);
    const blocks = place === undefined ? undefined : this.#byName.get(place.executions);
    if (place === undefined || blocks === undefined) return undefined;
    for (const block of blocks) {
      const row = rowNamed(place, [this.#indexOf(block)], () => block);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  ofMapRun(mapRunArn: string, before: number, limit: number): ExecutionRow[] {
    return rowsIn((this.#byMapRun.get(mapRunArn) ?? []).toReversed(), before, limit);
  }

  history(execution: number): BlockHistory | undefined {
    const block = this.#at(execution);
    const histories = block === undefined ? undefined : this.#histories.get(block.first);
    if (block === undefined || histories === undefined) return undefined;
    return { first: block.first, place: execution - block.first, histories };
  }

  #at(sequence: number): ChildBlock | undefined {
    const block = this.#all[placeIn(this.#all, sequence + 1) - 1];
    return block !== undefined && sequence < block.first + block.inputs.length ? block : undefined;
  }

  #indexOf(block: ChildBlock): BlockIndex {
    let index = this.#indexes.get(block);
    if (index === undefined) {
      index = new BlockIndex(block.first, block.ids, block.inputs.length);
      this.#indexes.set(block, index);
    }
    return index;
  }
}

/** How many begin before that sequence number. */
function placeIn(blocks: readonly ChildBlock[], sequence: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.first ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(blocks: ChildBlock[], block: ChildBlock): void {
  blocks.splice(placeIn(blocks, block.first), 0, block);
}

function listIn(map: Map<string, ChildBlock[]>, key: string): ChildBlock[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}
