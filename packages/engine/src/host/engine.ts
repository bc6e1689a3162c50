import { readToken } from '../core/task-token.ts';
import type { Started } from '../core/input.ts';
import { Activities } from './activities.ts';
import type { Place } from './arns.ts';
import { checkName, executionArn, expressArn } from './arns.ts';
import { describeRun, syncResult } from './describe.ts';
import type { Engine, EngineOptions, ExecutionDescription, StartRequest } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import { createIds } from './ids.ts';
import { checkJsonText } from './json-text.ts';
import type { Revision } from './machines.ts';
import { Machines } from './machines.ts';
import { pageOf, pageSize } from './paging.ts';
import type { RunHost } from './run.ts';
import { Run } from './run.ts';
import { Runs } from './runs.ts';
import { statusChangeEvent } from './status-change.ts';
import { Timers } from './timers.ts';

type EventsListener = Parameters<Engine['onEvents']>[0];

/** The engine: state machines, executions, activities and task tokens, over a clock, a journal and a task runner. */
export function createEngine(options: EngineOptions): Engine {
  const { clock, journal } = options;
  const place: Place = { region: options.region ?? 'us-east-1', account: options.account ?? '000000000000' };
  const ids = createIds(options.seed);
  const machines = new Machines(place, ids);
  const activities = new Activities(place, clock);
  const runs = new Runs();
  const timers = new Timers(clock);
  const listeners = new Set<EventsListener>();
  const endWaiters = new Map<Run, (() => void)[]>();
  let idleWaiters: (() => void)[] = [];

  const statusChanged = (run: Run): void => {
    if (run.started.type !== 'STANDARD' || options.onStatusChange === undefined) return;
    options.onStatusChange(statusChangeEvent(place, describeRun(run), ids.uuid(), clock.now()));
  };

  const host: RunHost = {
    clock,
    journal,
    runner: options.runner,
    timers,
    activities,
    log: (entry) => options.onLog?.(entry),
    advanced(run, firstEventId) {
      if (listeners.size > 0) {
        const events = run.events(firstEventId);
        for (const listener of listeners) listener(run.arn, events);
      }
      if (firstEventId === 1) statusChanged(run);
    },
    ended(run) {
      runs.ended(run);
      statusChanged(run);
      for (const wake of endWaiters.get(run) ?? []) wake();
      endWaiters.delete(run);
      if (runs.running.size === 0) {
        for (const wake of idleWaiters) wake();
        idleWaiters = [];
      }
    },
  };

  const begin = async (revision: Revision, request: StartRequest, sync: boolean): Promise<Run> => {
    const input = request.input ?? '{}';
    checkJsonText(input, 'InvalidExecutionInput', 'input');
    const { description } = revision;
    const name = request.name ?? ids.uuid();
    checkName(name);
    const arn =
      description.type === 'STANDARD'
        ? executionArn(place, description.name, name)
        : expressArn(place, description.name, name, ids.uuid());
    const existing = runs.find(arn);
    if (existing !== undefined) {
      // The same start again is answered as the first one was, but only while it runs.
      if (existing.visible.status === 'RUNNING' && existing.started.input === input) return existing;
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
      seed: ids.executionSeed(arn),
      ...(description.revisionId === undefined ? {} : { revisionId: description.revisionId }),
      ...(sync ? { sync } : {}),
    };
    const run = new Run(host, revision, started, {
      sequence: runs.nextSequence(),
      traceHeader: request.traceHeader,
    });
    runs.add(run);
    try {
      await run.submit(started);
    } catch (error) {
      runs.remove(run);
      throw error;
    }
    return run;
  };

  const whenEnded = async (run: Run): Promise<ExecutionDescription> => {
    if (run.visible.stopDateMs === undefined) {
      await new Promise<void>((resolve) => {
        const waiters = endWaiters.get(run);
        if (waiters === undefined) endWaiters.set(run, [resolve]);
        else waiters.push(resolve);
      });
    }
    return describeRun(run);
  };

  /** The run and attempt that a token belongs to, while it waits for it. */
  const resolveToken = (token: string): { run: Run; task: number } => {
    const content = readToken(token);
    if (content === undefined) throw new EngineError('InvalidToken', "Invalid Token: 'Invalid token'");
    const run = runs.find(content.executionArn);
    if (run === undefined) throw new EngineError('TaskDoesNotExist', 'Task does not exist');
    if (run.isLive(content.task, token)) return { run, task: content.task };
    throw new EngineError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  };

  return {
    createStateMachine: async (request) => machines.create(request, clock.now()),
    updateStateMachine: async (request) => machines.update(request, clock.now()),
    describeStateMachine: async (arn) => machines.get(arn).description,
    describeStateMachineForExecution: async (arn) => runs.getStandard(arn).revision.description,
    deleteStateMachine: async (arn) => machines.delete(arn),
    listStateMachines: async (page) => pageOf(machines.list(), page ?? {}),

    async start(request) {
      const run = await begin(machines.get(request.stateMachineArn), request, false);
      return { executionArn: run.arn, startDateMs: run.startDateMs };
    },

    async startSync(request) {
      const revision = machines.get(request.stateMachineArn);
      if (revision.description.type !== 'EXPRESS') throw notForThisType();
      const run = await begin(revision, request, true);
      await whenEnded(run);
      return syncResult(run);
    },

    async stop(request) {
      const run = runs.getStandard(request.executionArn);
      if (run.visible.stopDateMs === undefined) {
        const { error, cause } = request;
        await run.submit({
          kind: 'stopped',
          ...(error === undefined ? {} : { error }),
          ...(cause === undefined ? {} : { cause }),
        });
      }
      return { stopDateMs: run.visible.stopDateMs ?? clock.now() };
    },

    describe: async (arn) => describeRun(runs.getStandard(arn)),

    async list(request) {
      const { description } = machines.get(request.stateMachineArn);
      if (description.type !== 'STANDARD') throw notForThisType();
      return runs.list(request);
    },

    async history(request) {
      const run = runs.getStandard(request.executionArn);
      const size = pageSize(request.maxResults);
      const skipped = request.after === undefined ? 0 : Number(request.after);
      if (!Number.isSafeInteger(skipped) || skipped < 0)
        throw new EngineError('InvalidToken', "Invalid Token: 'Invalid token'");
      const { eventCount } = run.visible;
      const includeData = request.includeExecutionData ?? true;
      const last = eventCount - skipped;
      const items =
        request.reverseOrder === true
          ? run.events(Math.max(1, last - size + 1), Math.min(size, last), includeData).toReversed()
          : run.events(skipped + 1, size, includeData);
      return { items, next: skipped + size < eventCount ? String(skipped + size) : undefined };
    },

    async inspect(arn) {
      const run = runs.get(arn);
      return { description: describeRun(run), events: run.events() };
    },

    listAll: async () => runs.newestFirst().map(describeRun),

    whenEnded: async (arn) => whenEnded(runs.get(arn)),

    async whenIdle() {
      if (runs.running.size > 0) await new Promise<void>((resolve) => idleWaiters.push(resolve));
    },

    createActivity: async (name) => activities.create(name),
    describeActivity: async (arn) => activities.describe(arn),
    deleteActivity: async (arn) => activities.delete(arn),
    listActivities: async (page) => pageOf(activities.list(), page ?? {}),
    getActivityTask: async (request, signal) =>
      activities.poll(request.activityArn, request.workerName, signal),

    async sendTaskSuccess({ taskToken, output }) {
      const value = checkJsonText(output, 'InvalidOutput', 'output');
      const { run, task } = resolveToken(taskToken);
      run.markAnswered(task);
      await run.submit({ kind: 'taskSucceeded', task, output: value, viaToken: true });
    },

    async sendTaskFailure({ taskToken, error, cause }) {
      const { run, task } = resolveToken(taskToken);
      run.markAnswered(task);
      await run.submit({
        kind: 'taskFailed',
        task,
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
        viaToken: true,
      });
    },

    async sendTaskHeartbeat(taskToken) {
      const { run, task } = resolveToken(taskToken);
      await run.submit({ kind: 'heartbeat', task });
    },

    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    async close() {
      timers.close();
      for (const run of runs.running) run.close();
      await journal.close();
    },
  };
}

function notForThisType(): EngineError {
  return new EngineError(
    'StateMachineTypeNotSupported',
    'This operation is not supported by this type of state machine',
  );
}
