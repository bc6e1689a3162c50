import { assertNever } from '../core/assert-never.ts';
import { mayBeInBlocks, merged } from './child-block.ts';
import { MemoryBlocks } from './memory-blocks.ts';
import type {
  BlockHistory,
  ExecutionFilter,
  ExecutionRow,
  MapRunRow,
  ResourceKind,
  SnapshotRow,
  Store,
  Tally,
  TimerRow,
  TurnRecord,
  Write,
} from './store.ts';

/** What changes an execution that there is. */
type ExecutionWrite = Exclude<Extract<Write, { readonly execution: number }>, { readonly kind: 'removed' }>;

/** All that is kept of one execution. */
interface Kept {
  row: ExecutionRow;
  turns: TurnRecord[];
  snapshots: SnapshotRow[];
  history: Uint8Array | undefined;
  isAwake: boolean;
}

/** Keeps everything as long as it is held: engines may come and go over it. */
export function createMemoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly #resources = new Map<ResourceKind, Map<string, string>>();
  readonly #executions = new Map<number, Kept>();
  readonly #sequences = new Map<string, number>();
  readonly #byOwner = new Map<string, number[]>();
  readonly #blocks = new MemoryBlocks();
  readonly #mapRuns = new Map<string, MapRunRow>();
  /** In the order (dueMs, execution, timer). */
  readonly #timers: TimerRow[] = [];
  #running = 0;
  #lastSequence = 0;

  commit(writes: readonly Write[]): Promise<void> {
    for (const write of writes) this.#apply(write);
    return DONE;
  }

  resources(kind: ResourceKind): readonly { key: string; value: string }[] {
    return Array.from(this.#resources.get(kind) ?? [], ([key, value]) => ({ key, value }));
  }

  resource(kind: ResourceKind, key: string): string | undefined {
    return this.#resources.get(kind)?.get(key);
  }

  execution(key: number | string): ExecutionRow | undefined {
    const sequence = typeof key === 'number' ? key : this.#sequences.get(key);
    const kept = sequence === undefined ? undefined : this.#executions.get(sequence);
    return kept?.row ?? this.#blocks.execution(key);
  }

  executions(filter: ExecutionFilter): readonly ExecutionRow[] {
    const before = filter.before ?? Number.POSITIVE_INFINITY;
    const found: ExecutionRow[] = [];
    const sequences =
      filter.of === 'all' ? [...this.#executions.keys()] : (this.#byOwner.get(ownerOf(filter.of)) ?? []);
    for (let index = sequences.length - 1; index >= 0 && found.length < filter.limit; index--) {
      const row = this.#executions.get(sequences[index] ?? 0)?.row;
      if (row !== undefined && row.sequence < before && fits(row, filter)) found.push(row);
    }
    if (filter.of === 'all' || !('mapRunArn' in filter.of) || !mayBeInBlocks(filter)) return found;
    return merged(found, this.#blocks.ofMapRun(filter.of.mapRunArn, before, filter.limit), filter.limit);
  }

  runningCount(): number {
    return this.#running;
  }

  awake(): readonly ExecutionRow[] {
    const kept = [...this.#executions.values()];
    return kept.filter(({ row, isAwake }) => isAwake && row.stopMs === undefined).map(({ row }) => row);
  }

  mark(execution: number): number {
    return this.#executions.get(execution)?.turns.length ?? 0;
  }

  turns(execution: number, mark = 0): readonly TurnRecord[] {
    return this.#executions.get(execution)?.turns.slice(mark) ?? [];
  }

  snapshots(execution: number): readonly SnapshotRow[] {
    return this.#executions.get(execution)?.snapshots ?? [];
  }

  history(execution: number): Uint8Array | undefined {
    return this.#executions.get(execution)?.history;
  }

  blockHistory(execution: number): BlockHistory | undefined {
    return this.#blocks.history(execution);
  }

  /** See `unarchived`. */
  unarchivedBlock(): undefined {
    return undefined;
  }

  /** Only those with map runs, whose children may be implied: compressing the others would make nothing safer here. */
  unarchived(limit: number): readonly ExecutionRow[] {
    const found = new Map<number, ExecutionRow>();
    for (const { execution } of this.#mapRuns.values()) {
      const kept = this.#executions.get(execution);
      if (kept?.row.stopMs !== undefined && kept.history === undefined) found.set(execution, kept.row);
      if (found.size === limit) break;
    }
    return [...found.values()];
  }

  endedBefore(timeMs: number, limit: number): readonly ExecutionRow[] {
    const found: ExecutionRow[] = [];
    for (const { row } of this.#executions.values()) {
      if (row.child === undefined && row.stopMs !== undefined && row.stopMs < timeMs) found.push(row);
      if (found.length === limit) break;
    }
    return found;
  }

  mapRun(arn: string): MapRunRow | undefined {
    return this.#mapRuns.get(arn);
  }

  mapRunsOf(execution: number): readonly MapRunRow[] {
    return [...this.#mapRuns.values()].filter((row) => row.execution === execution);
  }

  dueTimers(untilMs: number, limit: number): readonly TimerRow[] {
    const after = this.#timers.findIndex(({ dueMs }) => dueMs > untilMs);
    return this.#timers.slice(0, Math.min(after === -1 ? this.#timers.length : after, limit));
  }

  nextTimerMs(): number | undefined {
    return this.#timers[0]?.dueMs;
  }

  lastSequence(): number {
    return Math.max(this.#lastSequence, this.#blocks.lastSequence);
  }

  lastRevision(): number {
    return Math.max(0, ...this.resources('revision').map(({ key }) => Number(key)));
  }

  tally(): readonly Tally[] {
    const counts = new Map<string, Map<Tally['status'], number>>();
    for (const { row } of this.#executions.values()) {
      if (row.child !== undefined) continue;
      const { stateMachineArn } = row.started;
      let own = counts.get(stateMachineArn);
      if (own === undefined) counts.set(stateMachineArn, (own = new Map()));
      own.set(row.status, (own.get(row.status) ?? 0) + 1);
    }
    return [...counts].flatMap(([machineArn, own]) =>
      Array.from(own, ([status, count]) => ({ machineArn, status, count })),
    );
  }

  revisionsInUse(): ReadonlySet<number> {
    return new Set(Array.from(this.#executions.values(), ({ row }) => row.revision));
  }

  compact(): void {
    // Nothing is kept of what has been removed.
  }

  async close(): Promise<void> {
    // Nothing is open.
  }

  #apply(write: Write): void {
    switch (write.kind) {
      case 'resource':
        this.#putResource(write);
        return;
      case 'started':
        this.#start(write.row);
        return;
      case 'children':
        this.#blocks.add(write.block);
        return;
      case 'childrenArchived':
        this.#blocks.archive(write.first, write.histories);
        return;
      case 'mapRun':
        this.#mapRuns.set(write.row.arn, write.row);
        return;
      case 'removed':
        this.#remove(write.execution);
        return;
      case 'turn':
        this.#get(write.record.execution).turns.push(write.record);
        return;
      case 'changed':
      case 'asleep':
      case 'awake':
      case 'snapshot':
      case 'archived':
        this.#change(this.#get(write.execution), write);
        return;
      default:
        assertNever('a write', write);
    }
  }

  #change(kept: Kept, write: ExecutionWrite): void {
    switch (write.kind) {
      case 'changed': {
        this.#running += Number(write.state.status === 'RUNNING') - Number(kept.row.status === 'RUNNING');
        kept.row = { ...kept.row, ...write.state };
        kept.isAwake = true;
        kept.history = undefined;
        return;
      }
      case 'asleep':
        kept.isAwake = false;
        kept.row = { ...kept.row, eventCount: write.eventCount };
        for (const timer of write.timers) this.#addTimer({ execution: write.execution, ...timer });
        return;
      case 'awake':
        kept.isAwake = true;
        for (const timer of write.timers) {
          const index = this.#placeOf(timer);
          const found = this.#timers[index];
          if (found !== undefined && compare(found, timer) === 0) this.#timers.splice(index, 1);
        }
        return;
      case 'archived':
        if (kept.row.stopMs !== write.stopMs || kept.history !== undefined) return;
        kept.history = write.history;
        if (write.keepsTurns) return;
        kept.turns = [];
        kept.snapshots = [];
        return;
      case 'snapshot': {
        const { interpreter, bytes } = write;
        const before = write.replaces ? [] : kept.snapshots;
        kept.snapshots = [...before, { interpreter, bytes, mark: kept.turns.length }];
        return;
      }
      default:
        assertNever('a write', write);
    }
  }

  #get(execution: number): Kept {
    const kept = this.#executions.get(execution);
    if (kept === undefined) throw new Error(`the store has no execution ${execution}`);
    return kept;
  }

  #start(row: ExecutionRow): void {
    const { started, sequence } = row;
    if (this.#sequences.has(started.executionArn)) throw new Error('an execution starts once');
    this.#executions.set(sequence, {
      row,
      turns: [],
      snapshots: [],
      history: undefined,
      isAwake: true,
    });
    this.#sequences.set(started.executionArn, sequence);
    const owner = started.mapRunArn ?? started.stateMachineArn;
    const own = this.#byOwner.get(owner);
    if (own === undefined) this.#byOwner.set(owner, [sequence]);
    else own.splice(placeIn(own, sequence), 0, sequence);
    if (row.status === 'RUNNING') this.#running++;
    this.#lastSequence = Math.max(this.#lastSequence, sequence);
  }

  #remove(execution: number): void {
    const kept = this.#executions.get(execution);
    if (kept === undefined) return;
    for (const { arn } of this.mapRunsOf(execution)) {
      for (const sequence of this.#byOwner.get(arn)?.slice() ?? []) this.#remove(sequence);
      this.#byOwner.delete(arn);
      this.#blocks.remove(arn);
      this.#mapRuns.delete(arn);
    }
    const { started, status } = kept.row;
    const own = this.#byOwner.get(started.mapRunArn ?? started.stateMachineArn);
    const place = own?.indexOf(execution) ?? -1;
    if (place >= 0) own?.splice(place, 1);
    this.#executions.delete(execution);
    this.#sequences.delete(started.executionArn);
    if (status === 'RUNNING') this.#running--;
  }

  #putResource({ of, key, value }: Extract<Write, { kind: 'resource' }>): void {
    let kept = this.#resources.get(of);
    if (kept === undefined) this.#resources.set(of, (kept = new Map()));
    if (value === undefined) kept.delete(key);
    else kept.set(key, value);
  }

  #addTimer(timer: TimerRow): void {
    this.#timers.splice(this.#placeOf(timer), 0, timer);
  }

  /** Where the timer is, or would be. */
  #placeOf(timer: TimerRow): number {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = this.#timers[middle];
      if (found !== undefined && compare(found, timer) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const DONE = Promise.resolve();

function compare(one: TimerRow, other: TimerRow): number {
  return one.dueMs - other.dueMs || one.execution - other.execution || one.timer - other.timer;
}

/** Rows of child executions may be written later than those of younger ones. */
function placeIn(ascending: readonly number[], sequence: number): number {
  const after = ascending.findLastIndex((other) => other < sequence);
  return after + 1;
}

function ownerOf(of: Exclude<ExecutionFilter['of'], 'all'>): string {
  return 'machineArn' in of ? of.machineArn : of.mapRunArn;
}

function fits({ started, status, redrive }: ExecutionRow, filter: ExecutionFilter): boolean {
  if (filter.of === 'all' && started.mapRunArn !== undefined) return false;
  return (
    (filter.status === undefined || status === filter.status) &&
    (filter.isRedriven === undefined || (redrive !== undefined) === filter.isRedriven) &&
    (filter.startedBy === undefined ||
      started.stateMachineVersionArn === filter.startedBy ||
      started.stateMachineAliasArn === filter.startedBy)
  );
}
