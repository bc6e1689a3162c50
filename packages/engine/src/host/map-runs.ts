import { assertNever } from '../core/assert-never.ts';
import type { Effect } from '../core/effect.ts';
import { newExecution } from '../core/execution.ts';
import type { MapRunInput } from '../core/input.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import type { ChildRecord } from '../core/map-run/child-record.ts';
import type { MapRun } from '../core/map-run/map-run.ts';
import { startIn, startOf } from '../core/map-run/start-child.ts';
import type { OpenChildExecution } from '../core/outstanding.ts';
import { batchesOf, openChildren, openMapRunWork } from '../core/outstanding.ts';
import type { ExecutionRow, Store } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';
import type { MapRunIo, WriteRequest } from '../tasks/map-run-io.ts';
import { MapRunFailure } from '../tasks/map-run-io.ts';
import type { Announcer } from './announcer.ts';
import type { Archiver } from './archiver.ts';
import { DatasetReader } from './dataset-reader.ts';
import type { EndWaiters } from './end-waiters.ts';
import { given } from './given.ts';
import type { InstantChildren, StartChildren } from './instant-children.ts';
import { runInstantChildren } from './instant-children.ts';
import { activitiesOf } from './named-activities.ts';
import { isHistoryFull } from './redrive.ts';
import type { Revision, Revisions } from './revisions.ts';
import type { RunHost } from './run.ts';
import { Run } from './run.ts';
import type { Runs } from './runs.ts';
import type { Birth } from './turn-writes.ts';

export type MapRunEffect = Extract<
  Effect,
  { kind: 'readItems' | 'startChildren' | 'startChild' | 'redriveChild' | 'closeMapRun' | 'writeResults' }
>;

type StartChild = Omit<Extract<Effect, { kind: 'startChild' }>, 'kind'>;
type WriteEffect = Extract<Effect, { kind: 'writeResults' }>;

/** Children that were run for nothing where they were started: a map run whose children go on as a rule is not tried further. */
const MISSES_MAX = 2;

/** One map run as the host sees it. */
interface HostedMapRun {
  readonly arn: string;
  readonly id: number;
  readonly parent: Run;
  /** ARNs of the children that run as executions of their own. */
  readonly open: Set<string>;
  /** Settles when all children that were to be started have been. */
  starting: Promise<unknown>;
  /** How often it was told to start and run nothing more. */
  closings: number;
  /** Of children that were run where they were started: how many ended there, and how many did not. */
  hits: number;
  misses: number;
  reader: DatasetReader | undefined;
  readonly writesResults: boolean;
  /** The export of results that was asked for last; a redrive may ask for another one. */
  writing: Promise<unknown>;
}

export interface MapRunsParts {
  readonly store: Store;
  readonly runs: Runs;
  readonly revisions: Revisions;
  readonly announcer: Announcer;
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
  #isClosed = false;

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
      case 'startChildren':
        this.#startAll(mapRun, effect);
        return;
      case 'startChild':
        this.#startAnew(mapRun, effect).catch(() => undefined);
        return;
      case 'redriveChild':
        this.#redrive(mapRun, effect.child).catch(() => undefined);
        return;
      case 'closeMapRun':
        mapRun.closings++;
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
   * After a restart, of an execution that is in memory again: its children go on by themselves; those whose end or whose stop got lost
   * are told of or stopped, and those that were never started begin. `started`: all starts that the turns asked for that were replayed.
   */
  recover(parent: Run, started: readonly StartChildren[]): void {
    const { store } = this.#parts;
    const open = new Map(openChildren(parent.execution).map((child) => [child.executionArn, child]));
    const lost: OpenChildExecution[] = [];
    for (const child of open.values()) {
      const { executionArn, redrivenMs = 0, start } = child;
      const mapRun = this.#hosted(parent, start.mapRun);
      const row = store.execution(executionArn);
      if (row === undefined) {
        lost.push(child);
        continue;
      }
      mapRun.open.add(executionArn);
      const isToRedrive = (row.redrive?.dateMs ?? row.startMs) < redrivenMs;
      if (!isToRedrive && row.stopMs !== undefined) this.#tellEnd(mapRun, start.child, row);
      else if (isToRedrive && start.started.type === 'EXPRESS')
        this.#startAnew(mapRun, start).catch(() => undefined);
      else if (isToRedrive) this.#redrive(mapRun, start.child).catch(() => undefined);
    }
    for (const effect of batchesOf(parent.execution, lost))
      this.#startAll(this.#hosted(parent, effect.mapRun), effect);
    for (const run of parent.execution.mapRuns.values()) this.#recoverStopped(parent, run);
    for (const effect of started) this.#recoverImplied(parent, effect);
    for (const { arn: mapRunArn } of store.mapRunsOf(parent.sequence)) {
      const running = { of: { mapRunArn }, status: 'RUNNING', limit: Number.MAX_SAFE_INTEGER } as const;
      for (const { started: child } of store.executions(running)) {
        if (!open.has(child.executionArn)) this.#stop(child.executionArn);
      }
    }
    for (const effect of openMapRunWork(parent.execution)) this.dispatch(parent, effect);
  }

  close(): void {
    this.#isClosed = true;
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
        starting: Promise.resolve(),
        closings: 0,
        hits: 0,
        misses: 0,
        reader: undefined,
        writesResults: parent.writesResults(id),
        writing: Promise.resolve(),
      };
      this.#byArn.set(arn, mapRun);
    }
    return mapRun;
  }

  /** Children that were stopped before they had a row: they are there, with how they ended. */
  #recoverStopped(parent: Run, run: MapRun): void {
    for (const [number, { child, hasResult }] of [...run.unsuccessful, ...run.pendingRedrive]) {
      if (hasResult || this.#parts.runs.row(child.executionArn) !== undefined) continue;
      this.#start(this.#hosted(parent, run.id), startOf(parent.execution, run, number, child));
      this.#stop(child.executionArn);
    }
  }

  /** Any other child without a row had ended where it started, which journals of the first format do not tell: it is run again. */
  #recoverImplied(parent: Run, effect: StartChildren): void {
    const { runs } = this.#parts;
    const open = parent.execution.mapRuns.get(effect.mapRun)?.open;
    for (const [index, child] of effect.children.entries()) {
      const number = effect.first + index;
      if (open?.has(number) === true || runs.row(child.executionArn) !== undefined) continue;
      this.#silent.add(child.executionArn);
      this.#start(this.#hosted(parent, effect.mapRun), startIn(effect.origin, effect.mapRun, number, child));
    }
  }

  #startAll(mapRun: HostedMapRun, effect: StartChildren): void {
    const starting = this.#startInChunks(mapRun, effect).catch((error: unknown) => {
      // The parent tells of a journal that has failed.
      if (!(error instanceof StoreError)) this.#logFault(mapRun, error);
    });
    mapRun.starting = Promise.all([mapRun.starting, starting]);
  }

  /**
   * Children that end in their first turns are run here, so many at once, and are durable with the turn that tells their parent. All
   * others begin as any execution does.
   */
  async #startInChunks(mapRun: HostedMapRun, effect: StartChildren): Promise<void> {
    const { closings, parent } = mapRun;
    const { children } = effect;
    const revision = this.#childRevision(mapRun, effect);
    // The turn that starts them may end their map run as well: its other effects come first.
    await Promise.resolve();
    const start = (place: number): string => {
      const child = children[place];
      if (child === undefined) throw new Error('a child is started that is not there');
      this.#start(mapRun, startIn(effect.origin, mapRun.id, effect.first + place, child));
      return child.executionArn;
    };
    const hasActivities = activitiesOf(revision.program.states).length > 0;
    for (let place = 0; place < children.length && !this.#isClosed;) {
      if (parent.hasEnded || mapRun.closings > closings) {
        this.#stop(start(place++));
        continue;
      }
      if (hasActivities || mapRun.misses > mapRun.hits + MISSES_MAX) {
        start(place++);
        continue;
      }
      const chunk = this.#runChunk(mapRun, effect, place, revision);
      chunk.begin.forEach(start);
      place = chunk.next;
      if (chunk.ended.length === 0) continue;
      // One chunk is durable before the next one runs: so many are in memory, and a map run that fails starts no more.
      // oxlint-disable-next-line no-await-in-loop
      const isDurable = await this.#tellEnds(mapRun, chunk);
      // The parent has ended before it could hear of them: they have been counted as stopped.
      if (!isDurable && !this.#isClosed) for (const ended of chunk.ended) this.#stop(start(ended));
    }
  }

  #runChunk(mapRun: HostedMapRun, effect: StartChildren, place: number, revision: Revision): InstantChildren {
    const { runs, announcer } = this.#parts;
    const chunk = runInstantChildren(mapRun.parent, effect, place, {
      nextSequence: () => runs.nextSequence(),
      revision,
      tellsOutputs: !mapRun.writesResults,
      isHeard: announcer.hears(revision.description),
    });
    mapRun.hits += chunk.ended.length;
    mapRun.misses += chunk.begin.length;
    return chunk;
  }

  /** False: the parent had ended before. */
  async #tellEnds(mapRun: HostedMapRun, { inputs, writes, told }: InstantChildren): Promise<boolean> {
    const { announcer, archiver } = this.#parts;
    let isDurable = false;
    const durable = (): void => {
      isDurable = true;
      for (const child of told) {
        announcer.advanced(child, 1, false);
        announcer.ended(child);
      }
      archiver.ended();
    };
    await mapRun.parent.submitAlong(inputs, { writes, durable });
    return isDurable;
  }

  #childRevision({ parent, id }: HostedMapRun, { origin }: StartChildren): Revision {
    const { started, processor } = origin;
    const child = { parent: parent.sequence, mapRun: id, processor, number: 0, itemCount: 0 };
    const definition = parent.revision.forkDefinition;
    return this.#parts.revisions.of({
      revision: parent.revision.number,
      started: { ...started, executionArn: '', name: '', input: '', seed: '' },
      child: { ...child, ...given('definition', definition) },
    });
  }

  #start(mapRun: HostedMapRun, effect: StartChild): void {
    mapRun.open.add(effect.started.executionArn);
    this.#begin(mapRun, effect, this.#parts.runs.nextSequence(), false);
  }

  /** An Express child that is redriven takes the place of what it was, once that has ended; or begins, if it never came to be. */
  async #startAnew(mapRun: HostedMapRun, effect: StartChild): Promise<void> {
    const { runs, waiters } = this.#parts;
    const { executionArn } = effect.started;
    mapRun.open.add(executionArn);
    await mapRun.starting;
    const former = runs.row(executionArn);
    const stopping = former === undefined ? undefined : runs.inMemoryBySequence(former.sequence);
    if (stopping !== undefined) await waiters.whenEnded(stopping);
    if (former === undefined) this.#start(mapRun, effect);
    else this.#begin(mapRun, effect, former.sequence, true);
  }

  #begin(mapRun: HostedMapRun, effect: StartChild, sequence: number, replaces: boolean): void {
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
    const { runs, waiters } = this.#parts;
    await mapRun.starting;
    const arn = mapRun.parent.execution.mapRuns.get(mapRun.id)?.open.get(number)?.executionArn ?? '';
    const stopping = runs.find(arn);
    if (stopping === undefined) throw new Error('a child is redriven that was never started');
    await waiters.whenEnded(stopping);
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
    const { runs, waiters, store, io } = this.#parts;
    await mapRun.starting;
    const open = [...mapRun.open].flatMap((arn) => runs.find(arn) ?? []);
    await Promise.all(open.map((child) => waiters.whenEnded(child)));
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
        const message = this.#logFault(mapRun, error);
        this.#tell(mapRun, { kind: 'itemsFailed', mapRun: mapRun.id, cause: message });
        this.#tell(mapRun, { kind: 'resultsFailed', mapRun: mapRun.id, cause: message });
      },
    );
  }

  #logFault(mapRun: HostedMapRun, error: unknown): string {
    const message = `a map run is at fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
    this.#parts.host().log({ level: 'error', message, executionArn: mapRun.parent.arn });
    return message;
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
