import type { Execution } from '../core/execution.ts';
import type { Input } from '../core/input.ts';
import { historyBytes, keptHistoryBytes } from '../core/history/history-bytes.ts';
import { INTERPRETER_VERSION } from '../core/interpreter-version.ts';
import { readToken } from '../core/task-token.ts';
import type { ExecutionRow } from '../journal/store.ts';
import { describe, syncResult } from './describe.ts';
import type * as Api from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { forkOf } from './fork.ts';
import { given } from './given.ts';
import { archiveOf, archivedEvents } from './history-archive.ts';
import type { HistorySource } from './history-page.ts';
import { eventsIn, historyBytesPage, historyPage } from './history-page.ts';
import type { Inspection, KeptState, Later, Seen } from './inspection.ts';
import { checkJsonText } from './json-text.ts';
import { listExecutions, tallyOf } from './list.ts';
import type { MapRunDescription, UpdateMapRunRequest } from './map-run-api.ts';
import { pageOf } from './paging.ts';
import type { Parts } from './parts.ts';
import { assemble } from './parts.ts';
import { prune } from './prune.ts';
import { recover } from './recover.ts';
import { redriveRun } from './redrive.ts';
import type { Run } from './run.ts';
import { checkStandard } from './runs.ts';
import { keptState } from './snapshots.ts';
import { startExecution } from './start.ts';

/**
 * Opens an engine over a store: state machines, executions, activities and task tokens. Resolves once everything that was under way has
 * been taken up again. The store is the engine's from now on; closing the engine closes it. Rejects with StoreError.
 */
export async function openEngine(options: Api.EngineOptions): Promise<Api.Engine> {
  try {
    const parts = assemble(options);
    await recover(parts);
    parts.timers.storeChanged();
    return new EngineHost(options, parts);
  } catch (error) {
    await options.store.close();
    throw error;
  }
}

class EngineHost implements Api.Engine {
  readonly #options: Api.EngineOptions;
  readonly #parts: Parts;

  constructor(options: Api.EngineOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
  }

  get #nowMs(): number {
    return this.#options.clock.now();
  }

  /** Resolves with the result once all that has changed is durable. */
  async #saved<Result>(result: Result): Promise<Result> {
    await this.#parts.resources.saved();
    return result;
  }

  // ---------------------------------------------------------------- state machines

  async createStateMachine(request: Api.CreateStateMachineRequest): Promise<Api.StateMachineDescription> {
    return this.#saved(this.#parts.machines.create(request, this.#nowMs));
  }

  async updateStateMachine(request: Api.UpdateStateMachineRequest): Promise<Api.StateMachineDescription> {
    return this.#saved(this.#parts.machines.update(request, this.#nowMs));
  }

  async describeStateMachine(arn: string): Promise<Api.StateMachineDescription> {
    return this.#parts.machines.describe(arn);
  }

  async describeStateMachineForExecution(arn: string): Promise<Api.StateMachineDescription> {
    return this.#parts.revisions.of(this.#standard(arn)).description;
  }

  async deleteStateMachine(arn: string): Promise<void> {
    this.#parts.machines.delete(arn);
    await this.#saved(undefined);
  }

  async publishVersion(request: {
    stateMachineArn: string;
    revisionId?: string;
    description?: string;
  }): Promise<Api.VersionDescription> {
    return this.#saved(this.#parts.machines.publish(request, this.#nowMs));
  }

  async describeVersion(arn: string): Promise<Api.VersionDescription> {
    return this.#parts.machines.version(arn);
  }

  async listVersions(
    arn: string,
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.VersionDescription>> {
    return pageOf(this.#parts.machines.versions(arn), page);
  }

  async deleteVersion(arn: string): Promise<void> {
    this.#parts.machines.deleteVersion(arn);
    await this.#saved(undefined);
  }

  async createAlias(request: Parameters<Api.Engine['createAlias']>[0]): Promise<Api.AliasDescription> {
    return this.#saved(this.#parts.machines.createAlias(request, this.#nowMs));
  }

  async updateAlias(request: Parameters<Api.Engine['updateAlias']>[0]): Promise<Api.AliasDescription> {
    return this.#saved(this.#parts.machines.updateAlias(request, this.#nowMs));
  }

  async describeAlias(arn: string): Promise<Api.AliasDescription> {
    return this.#parts.machines.alias(arn);
  }

  async listAliases(
    arn: string,
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.AliasDescription>> {
    return pageOf(this.#parts.machines.aliases(arn), page);
  }

  async deleteAlias(arn: string): Promise<void> {
    this.#parts.machines.deleteAlias(arn);
    await this.#saved(undefined);
  }

  async listStateMachines(
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.StateMachineDescription>> {
    return pageOf(this.#parts.machines.list(), page);
  }

  // ---------------------------------------------------------------- executions

  async start(request: Api.StartRequest): Promise<{ executionArn: string; startDateMs: number }> {
    return startExecution(this.#parts, this.#parts.machines.target(request.stateMachineArn), request);
  }

  async startSync(request: Api.StartRequest): Promise<Api.SyncExecutionResult> {
    const target = this.#parts.machines.target(request.stateMachineArn);
    if (target.revision.description.type !== 'EXPRESS') throw notForThisType();
    const { executionArn } = await startExecution(this.#parts, target, request, { sync: true });
    return syncResult(await this.#whenEnded(executionArn), this.#nowMs);
  }

  async stop(request: {
    executionArn: string;
    error?: string;
    cause?: string;
  }): Promise<{ stopDateMs: number }> {
    const { stopMs } = this.#standard(request.executionArn);
    if (stopMs !== undefined) return { stopDateMs: stopMs };
    const run = this.#parts.runs.get(request.executionArn);
    const { error, cause } = request;
    await run.submit({ kind: 'stopped', ...given('error', error), ...given('cause', cause) });
    return { stopDateMs: run.visible.stopMs ?? this.#nowMs };
  }

  async redrive(request: { executionArn: string; clientToken?: string }): Promise<{ redriveDateMs: number }> {
    this.#standard(request.executionArn);
    const run = this.#parts.runs.get(request.executionArn);
    return { redriveDateMs: await redriveRun(run, request.clientToken) };
  }

  async describe(arn: string): Promise<Api.ExecutionDescription> {
    const row = this.#standard(arn);
    return describe(row, this.#nowMs, this.#parts.runs.isPendingRedrive(row));
  }

  async list(
    request: Api.ListExecutionsRequest | Api.ListChildrenRequest,
  ): Promise<Api.Page<Api.ExecutionSummary>> {
    if ('mapRunArn' in request) return this.#parts.directory.listChildren(request.mapRunArn, request);
    const { description } = this.#parts.machines.owner(request.stateMachineArn);
    if (description.type !== 'STANDARD' && request.includesExpress !== true) throw notForThisType();
    return listExecutions(this.#parts, request, description.stateMachineArn);
  }

  async listMapRuns(request: {
    executionArn: string;
    maxResults?: number;
    after?: string;
  }): Promise<Api.Page<MapRunDescription>> {
    checkStandard(request.executionArn);
    return pageOf(this.#parts.directory.list(request.executionArn), request);
  }

  async describeMapRun(arn: string): Promise<MapRunDescription> {
    return this.#parts.directory.describe(arn);
  }

  async updateMapRun(request: UpdateMapRunRequest): Promise<void> {
    await this.#parts.directory.update(request);
  }

  async history(request: Api.HistoryRequest): ReturnType<Api.Engine['history']> {
    return historyPage(this.#historyOf(this.#standard(request.executionArn)), request);
  }

  async historyBytes(request: Api.HistoryRequest): ReturnType<Api.Engine['historyBytes']> {
    return historyBytesPage(this.#historyOf(this.#standard(request.executionArn)), request);
  }

  async inspect(arn: string): ReturnType<Api.Engine['inspect']> {
    const row = this.#parts.runs.getRow(arn);
    const source = this.#historyOf(row);
    const events = source.events(1, Number.POSITIVE_INFINITY, true);
    return { description: describe(row, this.#nowMs), events };
  }

  async inspection(arn: string): Promise<Inspection> {
    const row = this.#parts.runs.getRow(arn);
    const { description: machine, program } = this.#parts.revisions.of(row);
    const turns = this.#parts.runs.turns(row);
    const description = describe(row, this.#nowMs);
    const kept = (): KeptState | undefined => keptState(this.#parts.store, row, program);
    const mark = this.#parts.runs.mark(row);
    return { description, machine, program, started: row.started, turns, mark, kept };
  }

  async inspectionSince(arn: string, seen: Seen): Promise<Later> {
    const { runs } = this.#parts;
    const row = runs.getRow(arn);
    const description = describe(row, this.#nowMs);
    // One that has ended says nothing more: that it is redriven is an event.
    const isOver = description.status !== 'RUNNING' && description.eventCount === seen.eventCount;
    const turns = isOver ? [] : runs.turnsAfter(row, seen);
    return { description, turns, mark: isOver ? seen.mark : runs.mark(row) };
  }

  async fork(request: Api.ForkRequest): Promise<{ executionArn: string; startDateMs: number }> {
    const { runs, revisions } = this.#parts;
    const row = runs.getRow(request.executionArn);
    const { started } = row;
    const original = { arn: started.executionArn, revision: revisions.of(row), started };
    const forked = forkOf({ ...original, turns: () => runs.turns(row) }, request);
    const target = { revision: forked.revision, versionArn: undefined, aliasArn: undefined };
    const { stateMachineArn, input } = started;
    const start = { stateMachineArn, input, ...given('name', request.name) };
    return startExecution(this.#parts, target, start, { fork: forked.fork });
  }

  async tally(): Promise<ReadonlyMap<string, Api.MachineTally>> {
    return tallyOf(this.#parts, this.#nowMs);
  }

  async listAll(): Promise<readonly Api.ExecutionDescription[]> {
    const { store, runs } = this.#parts;
    const rows = store.executions({ of: 'all', limit: Number.MAX_SAFE_INTEGER });
    return rows.map((row) => describe(runs.current(row), this.#nowMs));
  }

  async whenEnded(arn: string): Promise<Api.ExecutionDescription> {
    return describe(await this.#whenEnded(arn), this.#nowMs);
  }

  async whenIdle(): Promise<void> {
    if (this.#parts.runs.runningCount > 0) await this.#parts.waiters.whenIdle();
  }

  async prune(request: { endedBeforeMs: number }): Promise<{ executions: number }> {
    const { store, journal, runs } = this.#parts;
    return prune(
      store,
      request.endedBeforeMs,
      (writes) => journal.commit(writes),
      (sequence) => runs.drop(sequence),
      (sequence) => runs.inMemoryBySequence(sequence)?.isIdle !== false,
    );
  }

  onEvents(...subscription: Parameters<Api.Engine['onEvents']>): () => void {
    return this.#parts.announcer.onEvents(...subscription);
  }

  onChange(listener: (change: Api.ExecutionChange) => void): () => void {
    return this.#parts.announcer.onChange(listener);
  }

  async close(): Promise<void> {
    const { timers, mapRuns, runs, archiver, store } = this.#parts;
    timers.close();
    mapRuns.close();
    await runs.sleepAll();
    // The journal has told of a failure.
    await runs.keepStates().catch(() => undefined);
    for (const run of runs.inMemory) run.close();
    await archiver.close();
    await store.close();
  }

  // ---------------------------------------------------------------- activities and tokens

  async createActivity(name: string): Promise<Api.ActivityDescription> {
    return this.#saved(this.#parts.activities.create(name));
  }

  async describeActivity(arn: string): Promise<Api.ActivityDescription> {
    return this.#parts.activities.describe(arn);
  }

  async deleteActivity(arn: string): Promise<void> {
    this.#parts.activities.delete(arn);
    await this.#saved(undefined);
  }

  async listActivities(
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.ActivityDescription>> {
    return pageOf(this.#parts.activities.list(), page);
  }

  async getActivityTask(
    request: { activityArn: string; workerName?: string },
    signal?: AbortSignal,
  ): Promise<Api.ActivityTask | undefined> {
    return this.#parts.activities.poll(request.activityArn, request.workerName, signal);
  }

  async sendTaskSuccess(request: { taskToken: string; output: string }): Promise<void> {
    const output = checkJsonText(request.output, 'InvalidOutput', 'output');
    await this.#answer(request.taskToken, (task) => ({
      kind: 'taskSucceeded',
      task,
      output,
      viaToken: true,
    }));
  }

  async sendTaskFailure(request: { taskToken: string; error?: string; cause?: string }): Promise<void> {
    const details = { ...given('error', request.error), ...given('cause', request.cause) };
    await this.#answer(request.taskToken, (task) => ({
      kind: 'taskFailed',
      task,
      ...details,
      viaToken: true,
    }));
  }

  async sendTaskHeartbeat(taskToken: string): Promise<void> {
    const { run, task } = this.#resolveToken(taskToken);
    await run.submit({ kind: 'heartbeat', task });
  }

  async tags(arn: string): Promise<ReadonlyMap<string, string> | undefined> {
    const text = this.#parts.store.resource('tags', arn);
    return text === undefined ? undefined : new Map(JSON.parse(text) as [string, string][]);
  }

  async setTags(arn: string, tags: ReadonlyMap<string, string> | undefined): Promise<void> {
    if (tags === undefined) this.#parts.resources.remove('tags', arn);
    else this.#parts.resources.put('tags', arn, [...tags]);
    await this.#saved(undefined);
  }

  // ---------------------------------------------------------------- inside

  /** Throws what AWS says of an ARN that names no Standard execution. */
  #standard(arn: string): ExecutionRow {
    checkStandard(arn);
    return this.#parts.runs.getRow(arn);
  }

  #historyOf(row: ExecutionRow): HistorySource {
    const { runs, store } = this.#parts;
    const run = runs.inMemoryBySequence(row.sequence);
    const archive = run === undefined ? archiveOf(store, row.sequence) : undefined;
    if (archive === undefined) {
      const isOurs = row.interpreter === INTERPRETER_VERSION;
      const past = run === undefined && isOurs ? runs.past(row) : undefined;
      if (past !== undefined) return sourceOf(past, past.events.length);
      const found = run ?? runs.get(row.started.executionArn);
      return sourceOf(found.execution, found.visible.eventCount);
    }
    return {
      eventCount: archive.events.length,
      events: (...range) => archivedEvents(archive, ...range),
      bytes: ({ first, count, reverse, includeExecutionData }) => {
        const events = archivedEvents(archive, first, count, includeExecutionData);
        return keptHistoryBytes(reverse ? events.toReversed() : events);
      },
    };
  }

  async #whenEnded(arn: string): Promise<ExecutionRow> {
    const row = this.#parts.runs.getRow(arn);
    if (row.stopMs !== undefined) return row;
    return this.#parts.waiters.whenEnded(this.#parts.runs.get(arn));
  }

  /** Gives the token's task its end. The token is used up at once, durable when this resolves. */
  async #answer(taskToken: string, input: (task: number) => Input): Promise<void> {
    const { run, task } = this.#resolveToken(taskToken);
    run.markAnswered(task);
    await run.submit(input(task));
  }

  /** The run and attempt that a token belongs to, while the attempt waits for it. */
  #resolveToken(token: string): { run: Run; task: number } {
    const content = readToken(token);
    if (content === undefined) throw new EngineError('InvalidToken', "Invalid Token: 'Invalid token'");
    const { runs } = this.#parts;
    const row = runs.row(content.executionArn);
    if (row === undefined) throw new EngineError('TaskDoesNotExist', 'Task does not exist');
    const run = row.stopMs === undefined ? runs.find(content.executionArn) : undefined;
    if (run?.isLive(content.task, token) === true) return { run, task: content.task };
    throw new EngineError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
}

function sourceOf({ events }: Execution, eventCount: number): HistorySource {
  return {
    eventCount,
    events: (...range) => eventsIn(events, eventCount, ...range),
    bytes: (range) => historyBytes(events, range, allocate),
  };
}

/** Node's pool has room for a short history; a long one is not to hold on to what others share. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  return bytes < Buffer.poolSize >>> 1 ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(bytes);
}

function notForThisType(): EngineError {
  return new EngineError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}
