import type { Fork, Input, Started } from '../core/input.ts';
import { readToken } from '../core/task-token.ts';
import { Activities } from './activities.ts';
import type { Place } from './arns.ts';
import { checkName, executionArn, expressArn } from './arns.ts';
import { describeRun, syncResult } from './describe.ts';
import type * as Api from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { EndWaiters } from './end-waiters.ts';
import { forkOf } from './fork.ts';
import type { Ids } from './ids.ts';
import { createIds } from './ids.ts';
import type { Inspection } from './inspection.ts';
import { recordedTurns } from './inspection.ts';
import { checkJsonText } from './json-text.ts';
import type { Target } from './machines.ts';
import { Machines } from './machines.ts';
import type { MapRunDescription, UpdateMapRunRequest } from './map-run-api.ts';
import { MapRuns } from './map-runs.ts';
import { pageOf } from './paging.ts';
import { historyPage } from './history-page.ts';
import { isRedriveAt, redriveRun } from './redrive.ts';
import type { RunHost } from './run.ts';
import { Run } from './run.ts';
import { Runs } from './runs.ts';
import { statusChangeEvent } from './status-change.ts';
import { Timers } from './timers.ts';
import { NO_MAP_RUN_IO } from '../tasks/map-run-io.ts';

type EventsListener = Parameters<Api.Engine['onEvents']>[0];
type WantsEvents = (machine: Api.StateMachineDescription) => boolean;

/** The engine: state machines, executions, activities and task tokens, over a clock, a journal and a task runner. */
export function createEngine(options: Api.EngineOptions): Api.Engine {
  return new EngineHost(options);
}

class EngineHost implements Api.Engine {
  readonly #options: Api.EngineOptions;
  readonly #place: Place;
  readonly #ids: Ids;
  readonly #machines: Machines;
  readonly #activities: Activities;
  readonly #runs = new Runs();
  readonly #timers: Timers;
  readonly #waiters = new EndWaiters();
  readonly #listeners = new Set<{ readonly listener: EventsListener; readonly isWanted: WantsEvents }>();
  readonly #changeListeners = new Set<(change: Api.ExecutionChange) => void>();
  readonly #runHost: RunHost;
  readonly #mapRuns: MapRuns;

  constructor(options: Api.EngineOptions) {
    const { clock, journal, runner } = options;
    this.#options = options;
    this.#place = { region: options.region ?? 'us-east-1', account: options.account ?? '000000000000' };
    this.#ids = createIds(options.seed);
    this.#machines = new Machines(this.#place, this.#ids);
    this.#activities = new Activities(this.#place, clock);
    this.#timers = new Timers(clock);
    this.#mapRuns = new MapRuns({
      runs: this.#runs,
      waiters: this.#waiters,
      io: options.mapRunIo ?? NO_MAP_RUN_IO,
      host: () => this.#runHost,
    });
    this.#runHost = {
      clock,
      journal,
      runner,
      timers: this.#timers,
      activities: this.#activities,
      mapRuns: this.#mapRuns,
      log: (entry) => options.onLog?.(entry),
      advanced: (run, firstEventId) => this.#advanced(run, firstEventId),
      ended: (run) => this.#ended(run),
    };
  }

  // ---------------------------------------------------------------- state machines

  async createStateMachine(request: Api.CreateStateMachineRequest): Promise<Api.StateMachineDescription> {
    return this.#machines.create(request, this.#options.clock.now());
  }

  async updateStateMachine(request: Api.UpdateStateMachineRequest): Promise<Api.StateMachineDescription> {
    return this.#machines.update(request, this.#options.clock.now());
  }

  async describeStateMachine(arn: string): Promise<Api.StateMachineDescription> {
    return this.#machines.describe(arn);
  }

  async describeStateMachineForExecution(arn: string): Promise<Api.StateMachineDescription> {
    return this.#runs.getStandard(arn).revision.description;
  }

  async deleteStateMachine(arn: string): Promise<void> {
    this.#machines.delete(arn);
  }

  async publishVersion(request: {
    stateMachineArn: string;
    revisionId?: string;
    description?: string;
  }): Promise<Api.VersionDescription> {
    return this.#machines.publish(request, this.#options.clock.now());
  }

  async describeVersion(arn: string): Promise<Api.VersionDescription> {
    return this.#machines.version(arn);
  }

  async listVersions(
    arn: string,
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.VersionDescription>> {
    return pageOf(this.#machines.versions(arn), page);
  }

  async deleteVersion(arn: string): Promise<void> {
    this.#machines.deleteVersion(arn);
  }

  async createAlias(request: Parameters<Api.Engine['createAlias']>[0]): Promise<Api.AliasDescription> {
    return this.#machines.createAlias(request, this.#options.clock.now());
  }

  async updateAlias(request: Parameters<Api.Engine['updateAlias']>[0]): Promise<Api.AliasDescription> {
    return this.#machines.updateAlias(request, this.#options.clock.now());
  }

  async describeAlias(arn: string): Promise<Api.AliasDescription> {
    return this.#machines.alias(arn);
  }

  async listAliases(
    arn: string,
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.AliasDescription>> {
    return pageOf(this.#machines.aliases(arn), page);
  }

  async deleteAlias(arn: string): Promise<void> {
    this.#machines.deleteAlias(arn);
  }

  async listStateMachines(
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.StateMachineDescription>> {
    return pageOf(this.#machines.list(), page);
  }

  // ---------------------------------------------------------------- executions

  async start(request: Api.StartRequest): Promise<{ executionArn: string; startDateMs: number }> {
    const run = await this.#begin(this.#machines.target(request.stateMachineArn), request, false);
    return { executionArn: run.arn, startDateMs: run.startDateMs };
  }

  async startSync(request: Api.StartRequest): Promise<Api.SyncExecutionResult> {
    const target = this.#machines.target(request.stateMachineArn);
    if (target.revision.description.type !== 'EXPRESS') throw notForThisType();
    const run = await this.#begin(target, request, true);
    await this.#waiters.whenEnded(run);
    return syncResult(run);
  }

  async stop(request: {
    executionArn: string;
    error?: string;
    cause?: string;
  }): Promise<{ stopDateMs: number }> {
    const run = this.#runs.getStandard(request.executionArn);
    if (run.visible.stopDateMs === undefined) {
      const { error, cause } = request;
      await run.submit({ kind: 'stopped', ...given('error', error), ...given('cause', cause) });
    }
    return { stopDateMs: run.visible.stopDateMs ?? this.#options.clock.now() };
  }

  async redrive(request: { executionArn: string; clientToken?: string }): Promise<{ redriveDateMs: number }> {
    const run = this.#runs.getStandard(request.executionArn);
    return { redriveDateMs: await redriveRun(run, request.clientToken) };
  }

  async describe(arn: string): Promise<Api.ExecutionDescription> {
    return describeRun(this.#runs.getStandard(arn));
  }

  async list(
    request: Api.ListExecutionsRequest | Api.ListChildrenRequest,
  ): Promise<Api.Page<Api.ExecutionSummary>> {
    if ('mapRunArn' in request) return this.#mapRuns.listChildren(request.mapRunArn, request);
    const { description } = this.#machines.owner(request.stateMachineArn);
    if (description.type !== 'STANDARD' && request.includesExpress !== true) throw notForThisType();
    return this.#runs.list(request, description.stateMachineArn);
  }

  async listMapRuns(request: {
    executionArn: string;
    maxResults?: number;
    after?: string;
  }): Promise<Api.Page<MapRunDescription>> {
    return pageOf(this.#mapRuns.list(this.#runs.getStandard(request.executionArn)), request);
  }

  async describeMapRun(arn: string): Promise<MapRunDescription> {
    return this.#mapRuns.describe(arn);
  }

  async updateMapRun(request: UpdateMapRunRequest): Promise<void> {
    await this.#mapRuns.update(request);
  }

  async history(request: Api.HistoryRequest): ReturnType<Api.Engine['history']> {
    return historyPage(this.#runs.getStandard(request.executionArn), request);
  }

  async inspect(arn: string): ReturnType<Api.Engine['inspect']> {
    const run = this.#runs.get(arn);
    return { description: describeRun(run), events: run.events() };
  }

  async inspection(arn: string): Promise<Inspection> {
    const run = this.#runs.get(arn);
    const turns = recordedTurns(await this.#options.journal.read(arn), run.started, run.startDateMs);
    const { description: machine, program } = run.revision;
    return { description: describeRun(run), machine, program, started: run.started, turns };
  }

  async fork(request: Api.ForkRequest): Promise<{ executionArn: string; startDateMs: number }> {
    const original = this.#runs.get(request.executionArn);
    const { fork, revision } = forkOf(original, request);
    const target = { revision, versionArn: undefined, aliasArn: undefined };
    const start = {
      stateMachineArn: original.started.stateMachineArn,
      input: original.started.input,
      ...given('name', request.name),
    };
    const run = await this.#begin(target, start, false, fork);
    return { executionArn: run.arn, startDateMs: run.startDateMs };
  }

  async tally(): Promise<ReadonlyMap<string, Api.MachineTally>> {
    return this.#runs.tally();
  }

  async listAll(): Promise<readonly Api.ExecutionDescription[]> {
    return this.#runs
      .newestFirst()
      .filter(({ started }) => started.mapRunArn === undefined)
      .map(describeRun);
  }

  async whenEnded(arn: string): Promise<Api.ExecutionDescription> {
    const run = this.#runs.get(arn);
    await this.#waiters.whenEnded(run);
    return describeRun(run);
  }

  async whenIdle(): Promise<void> {
    if (this.#runs.running.size > 0) await this.#waiters.whenIdle();
  }

  onEvents(listener: EventsListener, isWanted?: WantsEvents): () => void {
    const subscription = { listener, isWanted: isWanted ?? ((): boolean => true) };
    this.#listeners.add(subscription);
    return () => this.#listeners.delete(subscription);
  }

  onChange(listener: (change: Api.ExecutionChange) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#timers.close();
    this.#mapRuns.close();
    for (const run of this.#runs.running) run.close();
    await this.#options.journal.close();
  }

  // ---------------------------------------------------------------- activities and tokens

  async createActivity(name: string): Promise<Api.ActivityDescription> {
    return this.#activities.create(name);
  }

  async describeActivity(arn: string): Promise<Api.ActivityDescription> {
    return this.#activities.describe(arn);
  }

  async deleteActivity(arn: string): Promise<void> {
    this.#activities.delete(arn);
  }

  async listActivities(
    page: { maxResults?: number; after?: string } = {},
  ): Promise<Api.Page<Api.ActivityDescription>> {
    return pageOf(this.#activities.list(), page);
  }

  async getActivityTask(
    request: { activityArn: string; workerName?: string },
    signal?: AbortSignal,
  ): Promise<Api.ActivityTask | undefined> {
    return this.#activities.poll(request.activityArn, request.workerName, signal);
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

  // ---------------------------------------------------------------- inside

  async #begin(target: Target, request: Api.StartRequest, sync: boolean, fork?: Fork): Promise<Run> {
    const { revision } = target;
    const input = request.input ?? '{}';
    checkJsonText(input, 'InvalidExecutionInput', 'input');
    const { description } = revision;
    const name = request.name ?? this.#ids.uuid();
    checkName(name);
    const arn =
      description.type === 'STANDARD'
        ? executionArn(this.#place, description.name, name)
        : expressArn(this.#place, description.name, name, this.#ids.uuid());
    const existing = this.#runs.find(arn);
    if (existing !== undefined) {
      // The same start again is answered as the first one was, but only while it runs.
      const isSame = existing.started.input === input && fork === undefined;
      if (existing.visible.status === 'RUNNING' && isSame) {
        await existing.begin();
        return existing;
      }
      throw new EngineError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const started: Started = {
      kind: 'started',
      executionArn: arn,
      name,
      stateMachineArn: description.stateMachineArn,
      stateMachineName: description.name,
      roleArn: description.roleArn,
      type: description.type,
      input,
      seed: this.#ids.executionSeed(arn),
      ...given('revisionId', description.revisionId),
      ...given('stateMachineVersionArn', target.versionArn),
      ...given('stateMachineAliasArn', target.aliasArn),
      ...(sync ? { sync } : {}),
      ...(fork === undefined ? {} : { fork }),
    };
    const run = new Run(this.#runHost, revision, started, {
      sequence: this.#runs.nextSequence(),
      traceHeader: request.traceHeader,
    });
    this.#runs.add(run);
    try {
      await run.begin();
    } catch (error) {
      this.#runs.remove(run);
      throw error;
    }
    return run;
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
    const run = this.#runs.find(content.executionArn);
    if (run === undefined) throw new EngineError('TaskDoesNotExist', 'Task does not exist');
    if (run.isLive(content.task, token)) return { run, task: content.task };
    throw new EngineError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }

  #advanced(run: Run, firstEventId: number): void {
    const machine = run.revision.description;
    const wanted = [...this.#listeners].filter(({ isWanted }) => isWanted(machine));
    if (wanted.length > 0) {
      const events = run.events(firstEventId);
      for (const { listener } of wanted) listener(run.arn, events, machine);
    }
    this.#tellChange(run);
    const isRedrive = isRedriveAt(run, firstEventId);
    if (isRedrive) this.#runs.redriven(run);
    if (isRedrive || firstEventId === 1) this.#statusChanged(run, true);
  }

  #tellChange(run: Run): void {
    if (this.#changeListeners.size === 0) return;
    const { stateMachineArn, mapRunArn } = run.started;
    const { status, eventCount } = run.visible;
    const change = { executionArn: run.arn, stateMachineArn, mapRunArn, status, eventCount };
    for (const listener of this.#changeListeners) listener(change);
  }

  #ended(run: Run): void {
    this.#runs.ended(run);
    this.#statusChanged(run, false);
    this.#mapRuns.ended(run);
    this.#waiters.ended(run, this.#runs.running.size === 0);
  }

  /** An execution may end in its first turn: what it tells first is that it runs, all the same. */
  #statusChanged(run: Run, isStart: boolean): void {
    const { onStatusChange, clock } = this.#options;
    if (run.started.type !== 'STANDARD' || onStatusChange === undefined) return;
    const now = describeRun(run);
    const running = {
      status: 'RUNNING',
      stopDateMs: undefined,
      output: undefined,
      error: undefined,
      cause: undefined,
    } as const;
    const told = isStart ? { ...now, ...running } : now;
    onStatusChange(statusChangeEvent(this.#place, told, this.#ids.uuid(), clock.now()));
  }
}

/** `{ name: value }`, or nothing where there is no value. */
function given<Name extends string>(
  name: Name,
  value: string | undefined,
): { readonly [N in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]?: string });
}

function notForThisType(): EngineError {
  return new EngineError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}
