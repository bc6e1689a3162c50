import type { Queries } from '@stepyard/console';
import type { ConsoleContext, Given } from './context.ts';
import { invalid } from './problem.ts';
import { functions, job, jobs, logEvents, logGroups } from './queries/compute.ts';
import { bucket, buckets, object, table, tables } from './queries/data.ts';
import { activities, executions, mapRunChildren, overview, wholeNumber } from './queries/executions.ts';
import { eventIndex, visit, visits } from './queries/columns.ts';
import { dataFlow, events, execution, graph, pending, snapshot } from './queries/inspect.ts';
import { queue, queues, topic, topics } from './queries/messaging.ts';
import { samples } from './queries/samples.ts';
import { taskLogs } from './queries/task-logs.ts';
import { STEPYARD_VERSION } from './version.ts';

type Query<Q extends keyof Queries> = (
  context: ConsoleContext,
  given: Given,
) => Promise<Queries[Q]['answer']>;

const EVENTS_MAX = 1000;
const ID_MAX = 1_000_000;

/** Every query of the console's contract (packages/console/src/api/types.ts): one that is missing does not compile. */
export const QUERIES: { readonly [Q in keyof Queries]: Query<Q> } = {
  overview: (context) => overview(context, STEPYARD_VERSION),
  executions: (context, given) => executions(context, defined(given)),
  execution: (context, given) => execution(context, needed(given, 'arn')),
  eventIndex: (context, given) => eventIndex(context, needed(given, 'arn')),
  events: (context, given) =>
    events(context, needed(given, 'arn'), {
      from: wholeNumber(needed(given, 'from'), 'from', ID_MAX),
      count: wholeNumber(needed(given, 'count'), 'count', EVENTS_MAX),
    }),
  graph: (context, given) => graph(context, needed(given, 'arn'), eventOf(given)),
  visit: (context, given) => visit(context, needed(given, 'arn'), id(given, 'visit'), eventOf(given)),
  visits: (context, given) => visits(context, needed(given, 'arn')),
  snapshot: (context, given) => snapshot(context, needed(given, 'arn'), id(given, 'event')),
  dataFlow: (context, given) => dataFlow(context, needed(given, 'arn'), id(given, 'visit')),
  pending: (context, given) => pending(context, needed(given, 'arn')),
  taskLogs: (context, given) => taskLogs(context, needed(given, 'arn'), id(given, 'task')),
  mapRunChildren: (context, given) => mapRunChildren(context, needed(given, 'mapRun')),
  samples: (context, given) => samples(context, needed(given, 'machine')),
  queues,
  queue: (context, given) => queue(context, needed(given, 'url')),
  topics,
  topic: (context, given) => topic(context, needed(given, 'arn')),
  tables,
  table: (context, given) => table(context, needed(given, 'name'), given['after']),
  buckets,
  bucket: (context, given) =>
    bucket(context, needed(given, 'name'), { prefix: given['prefix'], after: given['after'] }),
  object: (context, given) => object(context, { bucket: needed(given, 'bucket'), key: needed(given, 'key') }),
  functions,
  jobs,
  job: (context, given) => {
    const service = needed(given, 'service');
    if (service !== 'batch' && service !== 'ecs') throw invalid('service is batch or ecs.');
    return job(context, service, needed(given, 'id'));
  },
  logGroups,
  logEvents: (context, given) =>
    logEvents(context, {
      group: needed(given, 'group'),
      stream: given['stream'],
      filter: given['filter'],
    }),
  activities,
};

function needed(given: Given, name: string): string {
  const value = given[name];
  if (value === undefined) throw invalid(`The query needs ${name}.`);
  return value;
}

function id(given: Given, name: string): number {
  return wholeNumber(needed(given, name), name, ID_MAX);
}

/** The event that is looked back to; undefined: now. */
function eventOf(given: Given): number | undefined {
  return given['at'] === undefined ? undefined : id(given, 'at');
}

/** Without the members that were not given. */
function defined(given: Given): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
