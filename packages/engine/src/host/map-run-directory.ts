/** What the API asks of map runs: as they are in memory while their execution is, else as the store has them. */
import type { Store } from '../journal/store.ts';
import { checkArn, resourceType } from './arns.ts';
import { describe } from './describe.ts';
import type { ExecutionSummary, ListChildrenRequest, Page } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import type { MapRunDescription, UpdateMapRunRequest } from './map-run-api.ts';
import { pageSize, sequenceOf } from './paging.ts';
import type { Run } from './run.ts';
import type { Runs } from './runs.ts';

export class MapRunDirectory {
  readonly #store: Store;
  readonly #runs: Runs;
  readonly #nowMs: () => number;

  constructor(parts: { store: Store; runs: Runs; nowMs: () => number }) {
    this.#store = parts.store;
    this.#runs = parts.runs;
    this.#nowMs = parts.nowMs;
  }

  /** The map runs of an execution, newest first. */
  list(executionArn: string): readonly MapRunDescription[] {
    const { sequence } = this.#runs.getRow(executionArn);
    const run = this.#runs.inMemoryBySequence(sequence);
    if (run !== undefined) return run.mapRuns.list().toReversed();
    return this.#store
      .mapRunsOf(sequence)
      .map(({ description }) => readDescription(description))
      .toReversed();
  }

  describe(arn: string): MapRunDescription {
    const { row, run } = this.#find(arn);
    return run?.mapRuns.get(row.id) ?? readDescription(row.description);
  }

  async update({ mapRunArn, ...changes }: UpdateMapRunRequest): Promise<void> {
    const { row, run } = this.#find(mapRunArn);
    if (run === undefined || this.describe(mapRunArn).status !== 'RUNNING') {
      throw new EngineError(
        'ValidationException',
        `Map Run is not running and cannot be updated: '${mapRunArn}'`,
      );
    }
    await run.submit({ kind: 'mapRunUpdated', mapRun: row.id, ...changes });
  }

  /** The child executions, newest first; `after` is the sequence number of the last one on the page before. */
  async listChildren(
    mapRunArn: string,
    request: Omit<ListChildrenRequest, 'mapRunArn'>,
  ): Promise<Page<ExecutionSummary>> {
    const { row: own, run } = this.#find(mapRunArn);
    const { statusFilter, isRedriven, isPendingRedrive, maxResults, after } = request;
    const size = pageSize(maxResults);
    const before = sequenceOf(after);
    // What the store cannot tell is found among all of them.
    const hasPending = (run?.execution.mapRuns.get(own.id)?.pendingRedrive.length ?? 0) > 0;
    const isSifted = isRedriven !== undefined || isPendingRedrive === true || hasPending;
    const rows = this.#store
      .executions({
        of: { mapRunArn },
        status: statusFilter,
        before,
        limit: isSifted ? Number.MAX_SAFE_INTEGER : size + 1,
      })
      .map((row) => this.#runs.current(row))
      .filter((row) => {
        if (isRedriven !== undefined && (row.redrive !== undefined) !== isRedriven) return false;
        const isPending = this.#runs.isPendingRedrive(row);
        return isPendingRedrive === true ? isPending : statusFilter === undefined || !isPending;
      });
    const items = rows.slice(0, size);
    return {
      items: items.map((row) => describe(row, this.#nowMs(), this.#runs.isPendingRedrive(row))),
      next: rows.length > size ? String(items.at(-1)?.sequence) : undefined,
    };
  }

  #find(arn: string): { row: NonNullable<ReturnType<Store['mapRun']>>; run: Run | undefined } {
    checkArn(arn);
    const row = this.#store.mapRun(arn);
    if (row !== undefined) return { row, run: this.#runs.inMemoryBySequence(row.execution) };
    if (resourceType(arn) !== 'mapRun') {
      throw new EngineError(
        'InvalidArn',
        `Invalid Arn: 'Resource type not valid in this context: ${resourceType(arn)}'`,
      );
    }
    throw new EngineError('ResourceNotFound', `Resource not found: '${arn}'`);
  }
}

/** Members that are undefined are not in the text. */
function readDescription(text: string): MapRunDescription {
  const description = JSON.parse(text) as MapRunDescription;
  const { stopDateMs, redriveDateMs } = description;
  return { ...description, stopDateMs, redriveDateMs };
}
