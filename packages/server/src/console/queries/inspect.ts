/** One execution: as it is, as it was, and the way of its data. */
import type { Engine, ExecutionDescription, HistoryEvent, Inspection, Look, Visit } from '@stepyard/engine';
import { dataFlowOf, lookAt } from '@stepyard/engine';
import type {
  ConsoleEvent,
  DataFlow,
  DataFlowStep,
  EventIndex,
  EventPage,
  ExecutionDetail,
  PendingWork,
  Snapshot,
  StateVisit,
  Visits,
} from '@stepyard/console';
import { clip, clipJson, orNull } from '../clip.ts';
import type { ConsoleContext } from '../context.ts';
import { nowOf } from '../context.ts';
import { costOf } from '../cost.ts';
import { notFound } from '../problem.ts';
import { newestOf, summaryOf } from './executions.ts';

const HISTORY_EVENTS_MAX = 25_000;
const PAYLOAD_BYTES_MAX = 262_144;
const PAGE_MAX = 1000;
const FORKS_MAX = 100;

export async function execution(context: ConsoleContext, arn: string): Promise<ExecutionDetail> {
  const { engine } = context;
  const inspection = await engine.inspection(arn);
  const { description, machine, started } = inspection;
  const look = lookAt(inspection);
  const endMs = description.stopDateMs ?? nowOf(context);
  const { bytes, eventId } = look.largestPayload;
  const { fork } = started;
  return {
    ...summaryOf(description),
    stateMachineName: started.stateMachineName,
    stateMachineVersionArn: orNull(description.stateMachineVersionArn),
    stateMachineAliasArn: orNull(description.stateMachineAliasArn),
    mapRunArn: orNull(description.mapRunArn),
    roleArn: started.roleArn,
    input: clip(description.input),
    output: description.output === undefined ? null : clip(description.output),
    cause: orNull(description.cause),
    redriveDateMs: orNull(description.redriveDateMs),
    redriveStatus: description.redriveStatus,
    redriveStatusReason: orNull(description.redriveStatusReason),
    definition: machine.definition,
    startingPoint:
      fork === undefined
        ? null
        : {
            stateName: fork.stateName,
            around: (fork.around ?? []).map(({ stateName, index }) => ({ stateName, index })),
            input: clipJson(fork.input),
            variables: clipJson(fork.variables),
            hasOwnDefinition: fork.definition !== undefined,
          },
    forks: await forksOf(engine, description),
    mapRuns: await mapRunsOf(engine, inspection, look),
    transitions: look.transitions,
    gauges: {
      events: {
        used: description.eventCount,
        max: description.type === 'STANDARD' ? HISTORY_EVENTS_MAX : null,
      },
      payloadBytes: { used: bytes, max: PAYLOAD_BYTES_MAX, atEvent: eventId === 0 ? null : eventId },
    },
    cost: costOf({ transitions: look.transitions, durationMs: Math.max(0, endMs - description.startDateMs) }),
  };
}

/** Forks are of the same machine, and younger: the newest executions are looked through. */
async function forksOf(
  engine: Engine,
  { executionArn, stateMachineArn, mapRunArn }: ExecutionDescription,
): Promise<string[]> {
  // A child is never forked, and its machine is none that could be listed.
  if (mapRunArn !== undefined) return [];
  const newest = await newestOf(engine, { stateMachineArn });
  return newest
    .filter(({ forkOf }) => forkOf === executionArn)
    .slice(0, FORKS_MAX)
    .map((fork) => fork.executionArn);
}

async function mapRunsOf(
  engine: Engine,
  { description }: Inspection,
  look: Look,
): Promise<ExecutionDetail['mapRuns']> {
  const started = look.visits.filter(({ mapRunEvent }) => mapRunEvent !== 0);
  if (started.length === 0) return [];
  const { items } = await engine.listMapRuns({
    executionArn: description.executionArn,
    maxResults: PAGE_MAX,
  });
  // Newest first there; in the order of their events here.
  const runs = items.toReversed();
  return started.flatMap(({ mapRunEvent, stateName }, index) => {
    const run = runs[index];
    if (run === undefined) return [];
    return [{ mapRunArn: run.mapRunArn, event: mapRunEvent, stateName, status: run.status }];
  });
}

export async function visits(context: ConsoleContext, arn: string): Promise<Visits> {
  const inspection = await context.engine.inspection(arn);
  const look = lookAt(inspection);
  return {
    status: inspection.description.status,
    eventCount: look.eventCount,
    nowMs: nowOf(context),
    visits: look.visits.map(wireVisit),
  };
}

function wireVisit(visit: Visit): StateVisit {
  const { failure, endedMs, children, attempts, ...same } = visit;
  return {
    ...same,
    endedMs: orNull(endedMs),
    children: orNull(children),
    error: orNull(failure?.error),
    cause: orNull(failure?.cause),
    attempts: attempts.map(({ failure: reason, endedMs: attemptEndMs, ...attempt }) => ({
      ...attempt,
      endedMs: orNull(attemptEndMs),
      error: orNull(reason?.error),
      cause: orNull(reason?.cause),
    })),
  };
}

export async function eventIndex({ engine }: ConsoleContext, arn: string): Promise<EventIndex> {
  const { events: all } = await engine.inspect(arn);
  const look = lookAt(await engine.inspection(arn));
  const types = new Names();
  const names = new Names();
  const resources = new Names();
  const startMs = all[0]?.timestampMs ?? 0;
  return {
    startMs,
    type: all.map(({ type }) => types.index(type)),
    atMs: all.map(({ timestampMs }) => timestampMs - startMs),
    previous: all.map(({ previousEventId }) => previousEventId),
    name: all.map((event) => names.index(textOf(event, 'name'))),
    resource: all.map((event) => resources.index(resourceOf(event))),
    visit: all.map(({ id }) => look.visitOf(id)),
    types: types.all,
    names: names.all,
    resources: resources.all,
  };
}

function resourceOf(event: HistoryEvent): string | undefined {
  const resource = textOf(event, 'resource');
  const type = textOf(event, 'resourceType');
  return type === undefined || resource === undefined ? resource : `${type}:${resource}`;
}

function textOf({ details }: HistoryEvent, member: string): string | undefined {
  const value = details?.[member];
  return typeof value === 'string' ? value : undefined;
}

/** Each text once, in the order in which they came. */
class Names {
  readonly all: string[] = [];
  readonly #indexes = new Map<string, number>();

  index(text: string | undefined): number {
    if (text === undefined) return -1;
    const known = this.#indexes.get(text);
    if (known !== undefined) return known;
    this.#indexes.set(text, this.all.length);
    return this.all.push(text) - 1;
  }
}

export async function events(
  { engine }: ConsoleContext,
  arn: string,
  page: { readonly from: number; readonly count: number },
): Promise<EventPage> {
  const { events: all } = await engine.inspect(arn);
  const { from, count } = page;
  return { total: all.length, events: all.slice(from - 1, from - 1 + count).map(wireEvent) };
}

function wireEvent({ id, previousEventId, type, timestampMs, details }: HistoryEvent): ConsoleEvent {
  return { id, previousEventId, type, timeMs: timestampMs, details: details ?? {} };
}

export async function snapshot({ engine }: ConsoleContext, arn: string, event: number): Promise<Snapshot> {
  const inspection = await engine.inspection(arn);
  if (event > inspection.description.eventCount) throw notFound(`event ${event} of this execution`);
  const look = lookAt(inspection, event);
  const { lines, count } = look.open;
  return {
    eventId: event,
    eventCount: inspection.description.eventCount,
    timeMs: look.timeMs,
    status: look.status,
    lines: lines.map(({ input, variables, ...line }) => ({
      ...line,
      input: clipJson(input),
      variables: clipJson(variables),
    })),
    lineCount: count,
    timers: look.timers.map(({ stateName, ...timer }) => ({ ...timer, stateName: orNull(stateName) })),
    visits: look.visits.map(({ id, status }) => ({ id, status })),
  };
}

const STEPS: ReadonlySet<string> = new Set<DataFlowStep['station']>([
  'afterInputPath',
  'afterParameters',
  'afterItemsPath',
  'result',
  'afterResultSelector',
  'afterResultPath',
]);

export async function dataFlow({ engine }: ConsoleContext, arn: string, visit: number): Promise<DataFlow> {
  const flow = dataFlowOf(await engine.inspection(arn), visit);
  if (flow === undefined) throw notFound(`visit of a state that began with event ${visit}`);
  const { input, output, variables, assigned, context, steps, ...same } = flow;
  return {
    ...same,
    visit,
    input: clipJson(input),
    output: output === undefined ? null : clipJson(output),
    variables: clipJson(variables),
    assigned: assigned === undefined ? null : clipJson(assigned),
    context: clipJson(context),
    steps: steps.flatMap(({ station, afterEvent, value }) =>
      isStep(station) ? [{ station, afterEvent, value: clipJson(value) }] : [],
    ),
  };
}

function isStep(station: string): station is DataFlowStep['station'] {
  return STEPS.has(station);
}

export async function pending({ engine }: ConsoleContext, arn: string): Promise<readonly PendingWork[]> {
  return lookAt(await engine.inspection(arn)).pending.map((work): PendingWork => {
    if ('dueMs' in work) return { ...work, retry: orNull(work.retry) };
    const { token, timeoutDueMs, heartbeatDueMs, parameters, ...same } = work;
    return {
      ...same,
      taskToken: work.kind === 'task' ? null : orNull(token),
      timeoutDueMs: orNull(timeoutDueMs),
      heartbeatDueMs: orNull(heartbeatDueMs),
      parameters: clipJson(parameters),
    };
  });
}
