/** One execution: as it is, as it was, and the way of its data. */
import type { Engine, ExecutionDescription, HistoryEvent, Look } from '@stepyard/engine';
import { ReplayMismatch } from '@stepyard/engine';
import type {
  ConsoleEvent,
  DataFlow,
  DataFlowStep,
  EventPage,
  ExecutionDetail,
  GraphAnswer,
  PendingWork,
  Snapshot,
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
  const { engine, inspections } = context;
  const { description, machine, started, look } = await inspections.of(arn);
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
    mapRuns: await mapRunsOf(engine, arn, look),
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
  executionArn: string,
  { mapRuns: started }: Look,
): Promise<ExecutionDetail['mapRuns']> {
  if (started.length === 0) return [];
  const { items } = await engine.listMapRuns({ executionArn, maxResults: PAGE_MAX });
  // Newest first there; in the order of their events here.
  const runs = items.toReversed();
  return started.flatMap(({ event, stateName }, index) => {
    const run = runs[index];
    if (run === undefined) return [];
    return [{ mapRunArn: run.mapRunArn, event, stateName, status: run.status }];
  });
}

export async function graph(
  { inspections }: ConsoleContext,
  arn: string,
  at: number | undefined,
): Promise<GraphAnswer> {
  const { status, eventCount, tally } = await inspections.look(arn, at);
  return {
    status,
    eventCount,
    states: tally.states.map(({ children, ...state }) => ({ ...state, children: orNull(children) })),
    ways: tally.ways.map(({ from, ...way }) => ({ ...way, from: orNull(from) })),
    failed: tally.failed === undefined ? null : { id: tally.failed.id, stateName: tally.failed.stateName },
    latest: orNull(tally.latest),
  };
}

export async function events(
  { engine, inspections }: ConsoleContext,
  arn: string,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<EventPage> {
  try {
    const watch = await inspections.of(arn);
    return { total: watch.look.eventCount, events: watch.events(from, count, true).map(wireEvent) };
  } catch (error) {
    if (!(error instanceof ReplayMismatch)) throw error;
    // It cannot be replayed any more, but its history is kept as it was.
    const { events: all } = await engine.inspect(arn);
    return { total: all.length, events: all.slice(from - 1, from - 1 + count).map(wireEvent) };
  }
}

function wireEvent({ id, previousEventId, type, timestampMs, details }: HistoryEvent): ConsoleEvent {
  return { id, previousEventId, type, timeMs: timestampMs, details: details ?? {} };
}

export async function snapshot(
  { inspections }: ConsoleContext,
  arn: string,
  event: number,
): Promise<Snapshot> {
  const watch = await inspections.of(arn);
  if (event > watch.look.eventCount) throw notFound(`event ${event} of this execution`);
  const look = watch.lookBack(event);
  const { lines, count } = look.open;
  return {
    eventId: event,
    eventCount: watch.look.eventCount,
    timeMs: look.timeMs,
    status: look.status,
    lines: lines.map(({ input, variables, ...line }) => ({
      ...line,
      input: clipJson(input),
      variables: clipJson(variables),
    })),
    lineCount: count,
    timers: look.timers.map(({ stateName, ...timer }) => ({ ...timer, stateName: orNull(stateName) })),
    visits: look.visits.filter(({ exitEvent }) => exitEvent === 0).map(({ id, status }) => ({ id, status })),
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

export async function dataFlow(
  { inspections }: ConsoleContext,
  arn: string,
  visit: number,
): Promise<DataFlow> {
  const flow = (await inspections.of(arn)).dataFlow(visit);
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

export async function pending({ inspections }: ConsoleContext, arn: string): Promise<readonly PendingWork[]> {
  return (await inspections.look(arn)).pending.map((work): PendingWork => {
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
