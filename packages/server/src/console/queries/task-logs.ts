import { isObject, parseJson, type JsonObject } from '@stepyard/asl';
import type { TaskLogs } from '@stepyard/console';
import type { HistoryEvent } from '@stepyard/engine';
import type { ConsoleContext } from '../context.ts';
import { objectIn, objectsIn, textIn } from '../members.ts';
import { notFound } from '../problem.ts';
import { job, logEvents, orNothing } from './compute.ts';

const NONE: TaskLogs = { sources: [] };
/** A function's last lines may be written a moment after it has answered. */
const MARGIN_MS = 1000;
const EVENTS_OF_A_TASK = /^(?:Task|LambdaFunction|Activity)(?:Submitted|Succeeded|Failed|TimedOut)$/u;

/** What the function or the job of one attempt wrote; `task` is the id of the event that scheduled the attempt. */
export async function taskLogs(context: ConsoleContext, arn: string, task: number): Promise<TaskLogs> {
  const { events } = await context.engine.inspect(arn);
  const scheduled = events[task - 1];
  if (scheduled?.type.endsWith('Scheduled') !== true) throw notFound(`task scheduled by event ${task}`);
  const own = eventsOf(events, task);
  const parameters = jsonIn(scheduled.details ?? {}, 'parameters');
  const resource = textIn(scheduled.details ?? {}, 'resource') ?? '';
  const type = textIn(scheduled.details ?? {}, 'resourceType');
  if (scheduled.type === 'LambdaFunctionScheduled')
    return await lambdaLogs(context, resource, scheduled, own);
  if (type === 'lambda') {
    const name = textIn(parameters, 'FunctionName') ?? '';
    return await lambdaLogs(context, name, scheduled, own);
  }
  const submitted = own.find((event) => event.type === 'TaskSubmitted');
  const output = jsonIn(submitted?.details ?? {}, 'output');
  if (type === 'batch') return await jobLogs(context, 'batch', textIn(output, 'JobId'));
  if (type !== 'ecs') return NONE;
  const [first = {}] = objectsIn(output, 'Tasks');
  return await jobLogs(context, 'ecs', textIn(first, 'TaskArn'));
}

/** The events that follow from the attempt, each pointing at the one before. */
function eventsOf(events: readonly HistoryEvent[], task: number): readonly HistoryEvent[] {
  const own: HistoryEvent[] = [];
  let last = task;
  for (const event of events.slice(task)) {
    if (event.previousEventId !== last) continue;
    if (!EVENTS_OF_A_TASK.test(event.type) && !event.type.endsWith('Started')) break;
    own.push(event);
    last = event.id;
  }
  return own;
}

async function lambdaLogs(
  context: ConsoleContext,
  functionName: string,
  scheduled: HistoryEvent,
  own: readonly HistoryEvent[],
): Promise<TaskLogs> {
  // `name`, `name:alias`, or an ARN of either.
  const name = functionName.includes(':function:') ? functionName.split(':')[6] : functionName.split(':')[0];
  if (name === undefined || name === '') return NONE;
  const ended = own.find(({ type }) => !type.endsWith('Started'));
  const metadata = objectIn(jsonIn(ended?.details ?? {}, 'output'), 'SdkResponseMetadata');
  const requestId = textIn(metadata, 'RequestId');
  // Logs are written at the system's time, which virtual time has nothing to do with.
  const isTimeKnown = context.clock === undefined;
  const group = `/aws/lambda/${name}`;
  const found = await orNothing(undefined, () =>
    logEvents(context, {
      group,
      stream: undefined,
      filter: undefined,
      ...(isTimeKnown ? { fromMs: scheduled.timestampMs } : {}),
      ...(isTimeKnown && ended !== undefined ? { untilMs: ended.timestampMs + MARGIN_MS } : {}),
    }),
  );
  if (found === undefined) return NONE;
  const named = requestId === null ? [] : found.lines.filter(({ message }) => message.includes(requestId));
  // Where the function's lines name their request, one stream holds them all: an environment does one thing at a time.
  const stream = named[0]?.stream ?? null;
  const lines = stream === null ? found.lines : between(found.lines, stream, requestId ?? '');
  return { sources: [{ group, stream, lines, isCut: found.isCut }] };
}

function between<L extends { readonly stream: string; readonly message: string }>(
  lines: readonly L[],
  stream: string,
  requestId: string,
): readonly L[] {
  const own = lines.filter((line) => line.stream === stream);
  const first = own.findIndex(({ message }) => message.includes(requestId));
  const last = own.findLastIndex(({ message }) => message.includes(requestId));
  return own.slice(first, last + 1);
}

async function jobLogs(
  context: ConsoleContext,
  service: 'batch' | 'ecs',
  id: string | null,
): Promise<TaskLogs> {
  if (id === null) return NONE;
  const { logGroup, logStream, lines, isCut } = await job(context, service, id);
  return logGroup === null ? NONE : { sources: [{ group: logGroup, stream: logStream, lines, isCut }] };
}

function jsonIn(details: JsonObject, member: string): JsonObject {
  const text = textIn(details, member);
  const value = text === null ? undefined : parseJson(text);
  return isObject(value) ? value : {};
}
