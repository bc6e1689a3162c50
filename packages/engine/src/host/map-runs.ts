import { assertNever } from '../core/assert-never.ts';
import type { Effect } from '../core/effect.ts';
import { newExecution } from '../core/execution.ts';
import type { MapRunInput } from '../core/input.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import type { ChildRecord } from '../core/map-run/child-record.ts';
import { openChildren, openMapRunWork } from '../core/outstanding.ts';
import type { ExecutionRow, Store } from '../journal/store.ts';
import type { MapRunIo, WriteRequest } from '../tasks/map-run-io.ts';
import { MapRunFailure } from '../tasks/map-run-io.ts';
import type { Archiver } from './archiver.ts';
import { DatasetReader } from './dataset-reader.ts';
import type { EndWaiters } from './end-waiters.ts';
import { isHistoryFull } from './redrive.ts';
import type { Revisions } from './revisions.ts';
import type { RunHost } from './run.ts';
import { Run } from './run.ts';
import type { Runs } from './runs.ts';
import type { Birth } from './turn-writes.ts';

export type MapRunEffect = Extract<
  Effect,
  { kind: 'readItems' | 'startChild' | 'redriveChild' | 'closeMapRun' | 'writeResults' }
>;

type StartEffect = Extract<Effect, { kind: 'startChild' }>;
type WriteEffect = Extract<Effect, { kind: 'writeResults' }>;

/** One map run as the host sees it. */
interface HostedMapRun {
  readonly arn: string;
  readonly id: number;
  readonly parent: Run;
  /** ARNs of the children that have not ended. */
  readonly open: Set<string>;
  reader: DatasetReader | undefined;
  readonly writesResults: boolean;
  /** The export of results that was asked for last; a redrive may ask for another one. */
  writing: Promise<unknown>;
}

export interface MapRunsParts {
  readonly store: Store;
  readonly runs: Runs;
  readonly revisions: Revisions;
  readonly archiver: Archiver;
  readonly waiters: EndWaiters;
  readonly io: MapRunIo;
  readonly host: () => RunHost;
}

/** The map runs of all executions: reads for them, starts and stops their children, tells how these ended. */
export class MapRuns {
  readonly #parts: MapRunsParts;
  readonly #byArn = new Map<string, HostedMapRun>();
  /** ARNs of children whose end is not told: their map run has counted them already. */
  readonly #silent = new Set<string>();

  constructor(parts: MapRunsParts) {
    this.#parts = parts;
  }

  dispatch(parent: Run, effect: MapRunEffect): void {
    const mapRun = this.#hosted(parent, effect.mapRun);
    switch (effect.kind) {
      case 'readItems':
        mapRun.reader ??= new DatasetReader(this.#parts.io, parent.arn);
        this.#work(mapRun, mapRun.reader.read(effect));
        return;
      case 'startChild':
        this.#start(mapRun, effect);
        return;
      case 'redriveChild':
        this.#redrive(mapRun, effect.child).catch(() => undefined);
        return;
      case 'closeMapRun':
        mapRun.reader?.close();
        mapRun.reader = undefined;
        for (const arn of mapRun.open) this.#stop(arn);
        return;
      case 'writeResults':
        this.#work(mapRun, this.#write(mapRun, effect));
        return;
      default:
        assertNever('an effect', effect);
    }
  }

  /** An execution has ended: if it is a child, its map run is told; if it had map runs, they are done with. */
  ended(run: Run): void {
    for (const description of run.mapRuns.list()) {
      const own = this.#byArn.get(description.mapRunArn);
      void own?.writing.finally(() => {
        if (run.hasEnded) this.#byArn.delete(own.arn);
      });
    }
    const { mapRunArn } = run.started;
    const { child } = run.birth;
    if (mapRunArn === undefined || child === undefined) return;
    const mapRun = this.#byArn.get(mapRunArn);
    mapRun?.open.delete(run.arn);
    const isSilent = this.#silent.delete(run.arn);
    if (mapRun !== undefined && !isSilent) this.#tellEnd(mapRun, child.number, run.row);
  }

  /**
   * After a restart, of an execution that was replayed: its children go on by themselves; those whose end or whose stop got lost are
   * told of or stopped, and those that were never started, or only implied, begin. `started`: all starts that its turns asked for.
   */
  recover(parent: Run, started: readonly StartEffect[]): void {
    const { store, runs } = this.#parts;
    const open = new Map(openChildren(parent.execution).map((child) => [child.executionArn, child]));
    for (const { executionArn, redrivenMs = 0, start } of open.values()) {
      const mapRun = this.#hosted(parent, start.mapRun);
      const row = store.execution(executionArn);
      if (row === undefined) {
        this.#start(mapRun, start);
        continue;
      }
      mapRun.open.add(executionArn);
      const isToRedrive = (row.redrive?.dateMs ?? row.startMs) < redrivenMs;
      if (!isToRedrive && row.stopMs !== undefined) this.#tellEnd(mapRun, start.child, row);
      else if (isToRedrive && start.started.type === 'EXPRESS') this.#start(mapRun, start);
      else if (isToRedrive) this.#redrive(mapRun, start.child).catch(() => undefined);
    }
    for (const effect of started) {
      const { executionArn } = effect.started;
      if (open.has(executionArn) || runs.row(executionArn) !== undefined) continue;
      this.#silent.add(executionArn);
      this.#start(this.#hosted(parent, effect.mapRun), effect);
    }
    for (const { arn: mapRunArn } of store.mapRunsOf(parent.sequence)) {
      const running = { of: { mapRunArn }, status: 'RUNNING', limit: Number.MAX_SAFE_INTEGER } as const;
      for (const { started: child } of store.executions(running)) {
        if (!open.has(child.executionArn)) this.#stop(child.executionArn);
      }
    }
    for (const effect of openMapRunWork(parent.execution)) this.dispatch(parent, effect);
  }

  close(): void {
    for (const { reader } of this.#byArn.values()) reader?.close();
  }

  #hosted(parent: Run, id: number): HostedMapRun {
    const arn = parent.mapRuns.get(id)?.mapRunArn;
    if (arn === undefined) throw new Error('an effect of a map run that its execution does not know');
    let mapRun = this.#byArn.get(arn);
    if (mapRun === undefined) {
      mapRun = {
        arn,
        id,
        parent,
        open: new Set(),
        reader: undefined,
        writesResults: parent.writesResults(id),
        writing: Promise.resolve(),
      };
      this.#byArn.set(arn, mapRun);
    }
    return mapRun;
  }

  #start(mapRun: HostedMapRun, effect: StartEffect): void {
    const { runs } = this.#parts;
    const { executionArn } = effect.started;
    mapRun.open.add(executionArn);
    const isRedriven = mapRun.parent.mapRuns.get(mapRun.id)?.redriveDateMs !== undefined;
    const former = isRedriven ? runs.row(executionArn) : undefined;
    if (former === undefined) this.#begin(mapRun, effect, runs.nextSequence(), false);
    else {
      // An Express child that is redriven takes the place of what it was, whose row must be there.
      const again = (): void => this.#begin(mapRun, effect, former.sequence, true);
      this.#parts.archiver.written().then(again, () => undefined);
    }
  }

  #begin(mapRun: HostedMapRun, effect: StartEffect, sequence: number, replaces: boolean): void {
    const { runs, revisions, host } = this.#parts;
    const { parent } = mapRun;
    const { forkDefinition } = parent.revision;
    const birth: Birth = {
      sequence,
      started: effect.started,
      startMs: effect.timeMs,
      revision: parent.revision.number,
      interpreter: INTERPRETER_VERSION,
      traceHeader: parent.birth.traceHeader,
      child: {
        parent: parent.sequence,
        mapRun: mapRun.id,
        number: effect.child,
        processor: effect.processor,
        itemCount: effect.itemCount,
        ...(forkDefinition === undefined ? {} : { definition: forkDefinition }),
      },
    };
    const revision = revisions.of(birth);
    const run = new Run(host(), { revision, birth, execution: newExecution(effect.program), replaces });
    runs.add(run);
    // A failure has been logged by the run itself.
    run.begin().catch(() => undefined);
  }

  /** What it comes to is not told: its map run has counted it as aborted. */
  #stop(arn: string): void {
    const child = this.#parts.runs.find(arn);
    if (child === undefined || child.hasEnded) return;
    this.#silent.add(arn);
    child.tell({ kind: 'stopped' });
  }

  /** One that is still being stopped ends first; it may even have succeeded before it was told to stop. */
  async #redrive(mapRun: HostedMapRun, number: number): Promise<void> {
    const { runs, waiters, archiver } = this.#parts;
    const arn = mapRun.parent.execution.mapRuns.get(mapRun.id)?.open.get(number)?.executionArn ?? '';
    const stopping = runs.find(arn);
    if (stopping === undefined) throw new Error('a child is redriven that was never started');
    await waiters.whenEnded(stopping);
    await archiver.written();
    const child = runs.get(arn);
    if (child.visible.status === 'SUCCEEDED') {
      this.#tellEnd(mapRun, number, child.row);
      return;
    }
    mapRun.open.add(arn);
    await child.submit({ kind: 'redriven' });
  }

  #tellEnd(mapRun: HostedMapRun, child: number, row: ExecutionRow): void {
    if (row.outcome === undefined) return;
    const { status, output, error, cause } = row.outcome;
    this.#tell(mapRun, {
      kind: 'childEnded',
      mapRun: mapRun.id,
      child,
      status,
      ...(output === undefined || mapRun.writesResults ? {} : { output }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(isHistoryFull(row) ? { isFull: true } : {}),
    });
  }

  /** One export at a time, and only of the last one it is told what came of it. */
  async #write(mapRun: HostedMapRun, effect: WriteEffect): Promise<MapRunInput | undefined> {
    const before = mapRun.writing;
    const writing = before.then(() => this.#export(mapRun, effect));
    mapRun.writing = writing;
    const input = await writing;
    return mapRun.writing === writing ? input : undefined;
  }

  async #export(mapRun: HostedMapRun, effect: WriteEffect): Promise<MapRunInput> {
    const { runs, waiters, archiver, store, io } = this.#parts;
    const open = [...mapRun.open].flatMap((arn) => runs.find(arn) ?? []);
    await Promise.all(open.map((child) => waiters.whenEnded(child)));
    await archiver.written();
    const children = store.executions({
      of: { mapRunArn: mapRun.arn },
      limit: Number.MAX_SAFE_INTEGER,
    });
    const request: WriteRequest = {
      executionArn: mapRun.parent.arn,
      stateName: effect.stateName,
      mapRunArn: effect.mapRunArn,
      target: effect.target,
      children: children
        .toSorted((one, other) => (one.child?.number ?? 0) - (other.child?.number ?? 0))
        .flatMap(recordOf),
      pending: effect.pending,
    };
    try {
      return { kind: 'resultsWritten', mapRun: mapRun.id, ...(await io.write(request)) };
    } catch (error) {
      if (!(error instanceof MapRunFailure)) throw error;
      return { kind: 'resultsFailed', mapRun: mapRun.id, cause: error.message };
    }
  }

  #work(mapRun: HostedMapRun, work: Promise<MapRunInput | undefined>): void {
    work.then(
      (input) => {
        if (input !== undefined) this.#tell(mapRun, input);
      },
      (error: unknown) => {
        const message = `a map run is at fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
        this.#parts.host().log({ level: 'error', message, executionArn: mapRun.parent.arn });
        this.#tell(mapRun, { kind: 'itemsFailed', mapRun: mapRun.id, cause: message });
        this.#tell(mapRun, { kind: 'resultsFailed', mapRun: mapRun.id, cause: message });
      },
    );
  }

  #tell({ parent }: HostedMapRun, input: MapRunInput): void {
    // One that has ended learns nothing more.
    if (!parent.hasEnded) parent.tell(input);
  }
}

function recordOf({ started, startMs, stopMs, outcome, redrive }: ExecutionRow): ChildRecord[] {
  if (outcome === undefined || stopMs === undefined) return [];
  const { executionArn, name, stateMachineArn, input } = started;
  const times = { startedMs: startMs, stoppedMs: stopMs };
  const redriven = { redriveCount: redrive?.count ?? 0, redrivenMs: redrive?.dateMs };
  return [{ executionArn, name, stateMachineArn, input, ...times, ...redriven, outcome }];
}
