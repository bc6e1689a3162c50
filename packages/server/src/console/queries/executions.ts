/** The lists: machines, their executions, the children of a map run, activities, inputs to start with. */
import type { ExecutionDescription, ExecutionSummary as Summary } from '@stepyard/engine';
import type {
  ActivitySummary,
  ExecutionPage,
  ExecutionStatus,
  ExecutionSummary,
  MapRunChildren,
  Overview,
} from '@stepyard/console';
import { EngineError, lookAt } from '@stepyard/engine';
import { orNull } from '../clip.ts';
import type { ConsoleContext } from '../context.ts';
import { nowOf } from '../context.ts';
import { invalid } from '../problem.ts';
import { Names } from '../names.ts';
import { lasted } from './columns.ts';

const PAGE = 100;
const PAGE_MAX = 1000;
/** Children of a map run that the grid shows. */
export const CHILDREN_MAX = 10_000;
/** Tasks that the page of activities shows; executions that are looked at for them. */
const WAITING_MAX = 1000;
const STATUSES: readonly string[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];
const NONE = { RUNNING: 0, SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 } as const;

export async function overview(context: ConsoleContext, version: string): Promise<Overview> {
  const { engine, clock, region, account } = context;
  const tally = await engine.tally();
  const { items } = await engine.listStateMachines({ maxResults: PAGE_MAX });
  return {
    nowMs: nowOf(context),
    isVirtualTime: clock !== undefined,
    region,
    account,
    version,
    machines: items.map(({ stateMachineArn, name, type, creationDateMs }) => {
      const known = tally.get(stateMachineArn);
      const last = known?.last;
      return {
        stateMachineArn,
        name,
        type,
        creationDateMs,
        counts: known?.counts ?? NONE,
        lastExecution: last === undefined ? null : summaryOf(last),
      };
    }),
  };
}

export function summaryOf(execution: Summary | ExecutionDescription): ExecutionSummary {
  const { executionArn, stateMachineArn, name, type, status, startDateMs, eventCount, redriveCount } =
    execution;
  return {
    executionArn,
    stateMachineArn,
    name,
    type,
    status,
    startDateMs,
    stopDateMs: orNull(execution.stopDateMs),
    eventCount,
    redriveCount,
    error: orNull(execution.error),
    forkOf: orNull(execution.forkOf),
  };
}

export async function executions(
  { engine }: ConsoleContext,
  given: { machine?: string; status?: string; after?: string; limit?: string },
): Promise<ExecutionPage> {
  const { machine, status, after } = given;
  if (machine === undefined) throw invalid('The query needs machine, the ARN of a state machine.');
  if (status !== undefined && !isStatus(status)) throw invalid(`${status.slice(0, 50)} is no status.`);
  const page = await engine.list({
    stateMachineArn: machine,
    includesExpress: true,
    maxResults: wholeNumber(given.limit ?? String(PAGE), 'limit', PAGE_MAX),
    ...(status === undefined ? {} : { statusFilter: status }),
    ...(after === undefined ? {} : { after }),
  });
  return { items: page.items.map(summaryOf), next: orNull(page.next) };
}

function isStatus(text: string): text is ExecutionStatus {
  return STATUSES.includes(text);
}

/** A whole number from 1 to `max` in a query. */
export function wholeNumber(text: string, name: string, max: number): number {
  const value = /^\d{1,9}$/u.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw invalid(`${name} is a whole number from 1 to ${max}.`);
}

export async function mapRunChildren({ engine }: ConsoleContext, mapRunArn: string): Promise<MapRunChildren> {
  const children: Summary[] = [];
  let after: string | undefined;
  do {
    const page = await engine.list({
      mapRunArn,
      maxResults: PAGE_MAX,
      ...(after === undefined ? {} : { after }),
    });
    children.push(...page.items);
    after = page.next;
  } while (after !== undefined && children.length < CHILDREN_MAX);
  return childColumns(children.toReversed());
}

/** Children of one map run: their ARNs differ in the name only. */
function childColumns(children: readonly Summary[]): MapRunChildren {
  const statuses = new Names<ExecutionStatus>();
  const errors = new Names();
  // `arn:aws:states:<region>:<account>:execution:<machine>:`; what follows is the name, and of an Express one its id.
  const prefix = `${children[0]?.executionArn.split(':', 7).join(':') ?? ''}:`;
  const startMs = children[0]?.startDateMs ?? 0;
  return {
    arnPrefix: prefix,
    names: children.map(({ executionArn }) => executionArn.slice(prefix.length)),
    status: children.map(({ status }) => statuses.index(status)),
    statuses: statuses.all,
    startMs,
    startedMs: children.map(({ startDateMs }) => startDateMs - startMs),
    lastedMs: children.map(({ startDateMs, stopDateMs }) => lasted(startDateMs, stopDateMs)),
    itemCounts: children.map(({ itemCount }) => itemCount ?? 0),
    error: children.map(({ error }) => errors.index(error)),
    errors: errors.all,
  };
}

export async function activities({ engine }: ConsoleContext): Promise<readonly ActivitySummary[]> {
  const { items } = await engine.listActivities({ maxResults: PAGE_MAX });
  const waiting = items.length === 0 ? [] : await waitingTasks(engine);
  return items.map(({ activityArn, name, creationDateMs }) => ({
    activityArn,
    name,
    creationDateMs,
    waiting: waiting.filter(({ resource }) => resource === activityArn),
  }));
}

/** The newest executions of a machine; none of one that has been deleted, whose executions may go on all the same. */
export async function newestOf(
  engine: ConsoleContext['engine'],
  request: { readonly stateMachineArn: string; readonly statusFilter?: ExecutionStatus },
): Promise<readonly Summary[]> {
  try {
    return (await engine.list({ ...request, includesExpress: true, maxResults: PAGE_MAX })).items;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'StateMachineDoesNotExist') return [];
    throw error;
  }
}

interface WaitingTask {
  readonly executionArn: string;
  readonly resource: string;
  readonly visit: number;
  readonly stateName: string;
  readonly taskToken: string;
  readonly scheduledMs: number;
  readonly isTaken: boolean;
}

async function waitingTasks(engine: ConsoleContext['engine']): Promise<WaitingTask[]> {
  const running: Summary[] = [];
  for (const [stateMachineArn, { counts }] of await engine.tally()) {
    if (counts.RUNNING === 0 || running.length >= WAITING_MAX) continue;
    running.push(...(await newestOf(engine, { stateMachineArn, statusFilter: 'RUNNING' })));
  }
  const tasks: WaitingTask[] = [];
  for (const { executionArn } of running) {
    const { pending } = lookAt(await engine.inspection(executionArn));
    for (const work of pending) {
      if (work.kind !== 'activity' || work.token === undefined) continue;
      const { resource, visit, stateName, scheduledMs, isTaken, token: taskToken } = work;
      tasks.push({ executionArn, resource, visit, stateName, scheduledMs, isTaken, taskToken });
    }
    if (tasks.length >= WAITING_MAX) break;
  }
  return tasks.slice(0, WAITING_MAX);
}
