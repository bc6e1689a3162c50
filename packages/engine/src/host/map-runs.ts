import type { Program } from '@stepyard/asl';
import type { Effect } from '../core/effect.ts';
import type { MapRunInput } from '../core/input.ts';
import type { ChildRecord } from '../core/map-run/child-record.ts';
import type { MapRunIo, WriteRequest } from '../tasks/map-run-io.ts';
import { MapRunFailure } from '../tasks/map-run-io.ts';
import { checkArn, resourceType } from './arns.ts';
import { DatasetReader } from './dataset-reader.ts';
import type { EndWaiters } from './end-waiters.ts';
import type { ExecutionSummary, ListExecutionsRequest, Page } from './engine-api.ts';
import type { MapRunDescription, UpdateMapRunRequest } from './map-run-api.ts';
import { describeRun } from './describe.ts';
import { EngineError } from './engine-error.ts';
import type { Revision } from './machines.ts';
import { pageSize } from './paging.ts';
import { isHistoryFull } from './redrive.ts';
import type { RunHost } from './run.ts';
import { Run } from './run.ts';
import type { Runs } from './runs.ts';

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
  /** By their numbers. */
  readonly children: Run[];
  reader: DatasetReader | undefined;
  writesResults: boolean;
  /** The export of results that was asked for last; a redrive may ask for another one. */
  writing: Promise<unknown>;
}

/** The map runs of all executions: reads for them, starts and stops their children, tells how these ended. */
export class MapRuns {
  readonly #runs: Runs;
  readonly #waiters: EndWaiters;
  readonly #io: MapRunIo;
  readonly #host: () => RunHost;
  readonly #byArn = new Map<string, HostedMapRun>();
  readonly #byParent = new Map<Run, Map<number, HostedMapRun>>();
  readonly #numbers = new Map<Run, { readonly mapRun: HostedMapRun; readonly child: number }>();
  readonly #revisions = new WeakMap<Program, Revision>();

  constructor(parts: { runs: Runs; waiters: EndWaiters; io: MapRunIo; host: () => RunHost }) {
    this.#runs = parts.runs;
    this.#waiters = parts.waiters;
    this.#io = parts.io;
    this.#host = parts.host;
  }

  dispatch(parent: Run, effect: MapRunEffect): void {
    const mapRun = this.#hosted(parent, effect.mapRun);
    switch (effect.kind) {
      case 'readItems':
        mapRun.reader ??= new DatasetReader(this.#io, parent.arn);
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
        for (const child of mapRun.children) this.#stop(child);
        return;
      case 'writeResults':
        this.#work(mapRun, this.#write(mapRun, effect));
        return;
      default:
        assertNever(effect);
    }
  }

  /** A child execution has ended: its map run is told. */
  ended(run: Run): void {
    const place = this.#numbers.get(run);
    if (place === undefined) return;
    this.#numbers.delete(run);
    this.#tellEnd(place.mapRun, place.child, run);
  }

  #tellEnd(mapRun: HostedMapRun, child: number, run: Run): void {
    const { outcome } = run.visible;
    if (outcome === undefined) return;
    const { status, output, error, cause } = outcome;
    this.#tell(mapRun, {
      kind: 'childEnded',
      mapRun: mapRun.id,
      child,
      status,
      ...(output === undefined || mapRun.writesResults ? {} : { output }),
      ...(error === undefined ? {} : { error }),
      ...(cause === undefined ? {} : { cause }),
      ...(isHistoryFull(run) ? { isFull: true } : {}),
    });
  }

  close(): void {
    for (const { reader } of this.#byArn.values()) reader?.close();
  }

  // ---------------------------------------------------------------- what the API asks

  /** The map runs of an execution, newest first. */
  list(parent: Run): readonly MapRunDescription[] {
    return parent.mapRuns.list().toReversed();
  }

  describe(arn: string): MapRunDescription {
    const mapRun = this.#find(arn);
    const description = mapRun.parent.mapRuns.get(mapRun.id);
    if (description === undefined) throw notFound(arn);
    return description;
  }

  async update({ mapRunArn, ...changes }: UpdateMapRunRequest): Promise<void> {
    const mapRun = this.#find(mapRunArn);
    if (this.describe(mapRunArn).status !== 'RUNNING') {
      throw new EngineError(
        'ValidationException',
        `Map Run is not running and cannot be updated: '${mapRunArn}'`,
      );
    }
    await mapRun.parent.submit({ kind: 'mapRunUpdated', mapRun: mapRun.id, ...changes });
  }

  /** The child executions, newest first; `after` is the sequence number of the last one on the page before. */
  listChildren(
    mapRunArn: string,
    request: Pick<ListExecutionsRequest, 'statusFilter' | 'maxResults' | 'after'>,
  ): Page<ExecutionSummary> {
    const { children } = this.#find(mapRunArn);
    const before = request.after === undefined ? Number.POSITIVE_INFINITY : Number(request.after);
    if (Number.isNaN(before)) throw new EngineError('InvalidToken', "Invalid Token: 'Invalid token'");
    const size = pageSize(request.maxResults);
    const found: Run[] = [];
    for (let index = children.length - 1; index >= 0 && found.length <= size; index--) {
      const run = children[index];
      if (run === undefined || run.sequence >= before) continue;
      if (request.statusFilter === undefined || run.visible.status === request.statusFilter) found.push(run);
    }
    const page = found.slice(0, size);
    return {
      items: page.map(describeRun),
      next: found.length > size ? String(page.at(-1)?.sequence) : undefined,
    };
  }

  // ---------------------------------------------------------------- inside

  #find(arn: string): HostedMapRun {
    checkArn(arn);
    const mapRun = this.#byArn.get(arn);
    if (mapRun !== undefined) return mapRun;
    if (resourceType(arn) !== 'mapRun') {
      throw new EngineError(
        'InvalidArn',
        `Invalid Arn: 'Resource type not valid in this context: ${resourceType(arn)}'`,
      );
    }
    throw notFound(arn);
  }

  #hosted(parent: Run, id: number): HostedMapRun {
    let own = this.#byParent.get(parent);
    if (own === undefined) this.#byParent.set(parent, (own = new Map()));
    let mapRun = own.get(id);
    if (mapRun === undefined) {
      const arn = parent.mapRuns.get(id)?.mapRunArn;
      if (arn === undefined) throw new Error('an effect of a map run that its execution does not know');
      mapRun = {
        arn,
        id,
        parent,
        children: [],
        reader: undefined,
        writesResults: parent.writesResults(id),
        writing: Promise.resolve(),
      };
      own.set(id, mapRun);
      this.#byArn.set(arn, mapRun);
    }
    return mapRun;
  }

  #start(mapRun: HostedMapRun, effect: StartEffect): void {
    // An Express child that is redriven takes the place of what it was.
    const former = mapRun.children[effect.child];
    if (former !== undefined) this.#runs.remove(former);
    const run = new Run(this.#host(), this.#revisionOf(mapRun.parent, effect), effect.started, {
      sequence: former?.sequence ?? this.#runs.nextSequence(),
      traceHeader: mapRun.parent.traceHeader,
      child: { itemCount: effect.itemCount, startMs: effect.timeMs },
    });
    mapRun.children[effect.child] = run;
    this.#numbers.set(run, { mapRun, child: effect.child });
    this.#runs.add(run);
    // A failure has been logged by the run itself.
    run.begin().catch(() => undefined);
  }

  /** What it comes to is not told: its map run has counted it as aborted. */
  #stop(child: Run): void {
    if (child.visible.stopDateMs !== undefined) return;
    this.#numbers.delete(child);
    child.submit({ kind: 'stopped' }).catch(() => undefined);
  }

  /** One that is still being stopped ends first; it may even have succeeded before it was told to stop. */
  async #redrive(mapRun: HostedMapRun, number: number): Promise<void> {
    const child = mapRun.children[number];
    if (child === undefined) throw new Error('a child is redriven that was never started');
    await this.#waiters.whenEnded(child);
    if (child.visible.status === 'SUCCEEDED') {
      this.#tellEnd(mapRun, number, child);
      return;
    }
    this.#numbers.set(child, { mapRun, child: number });
    await child.submit({ kind: 'redriven' });
  }

  /** The processor as a state machine: what DescribeStateMachineForExecution tells of a child. */
  #revisionOf(parent: Run, { program, processorText, started }: StartEffect): Revision {
    let revision = this.#revisions.get(program);
    if (revision === undefined || revision.description.stateMachineArn !== started.stateMachineArn) {
      revision = {
        ...parent.revision,
        program,
        description: {
          ...parent.revision.description,
          stateMachineArn: started.stateMachineArn,
          name: started.stateMachineName,
          type: started.type,
          definition: processorText,
        },
      };
      this.#revisions.set(program, revision);
    }
    return revision;
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
    await Promise.all(mapRun.children.map((child) => this.#waiters.whenEnded(child)));
    const request: WriteRequest = {
      executionArn: mapRun.parent.arn,
      stateName: effect.stateName,
      mapRunArn: effect.mapRunArn,
      target: effect.target,
      children: mapRun.children.flatMap(recordOf),
      pending: effect.pending,
    };
    try {
      return { kind: 'resultsWritten', mapRun: mapRun.id, ...(await this.#io.write(request)) };
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
        this.#host().log({ level: 'error', message, executionArn: mapRun.parent.arn });
        this.#tell(mapRun, { kind: 'itemsFailed', mapRun: mapRun.id, cause: message });
        this.#tell(mapRun, { kind: 'resultsFailed', mapRun: mapRun.id, cause: message });
      },
    );
  }

  #tell({ parent }: HostedMapRun, input: MapRunInput): void {
    // One that has ended learns nothing more.
    if (parent.visible.stopDateMs === undefined) parent.submit(input).catch(() => undefined);
  }
}

function recordOf(run: Run): ChildRecord[] {
  const { outcome, stopDateMs } = run.visible;
  if (outcome === undefined || stopDateMs === undefined) return [];
  const { executionArn, name, stateMachineArn, input } = run.started;
  return [
    {
      executionArn,
      name,
      stateMachineArn,
      input,
      startedMs: run.startDateMs,
      stoppedMs: stopDateMs,
      redriveCount: run.visible.redrive?.count ?? 0,
      redrivenMs: run.visible.redrive?.dateMs,
      outcome,
    },
  ];
}

function notFound(arn: string): EngineError {
  return new EngineError('ResourceNotFound', `Resource not found: '${arn}'`);
}

function assertNever(value: never): never {
  throw new Error(`an effect of no known kind: ${JSON.stringify(value)}`);
}
