/** Functions, jobs and tasks, and what they wrote. */
import type { JsonObject } from '@stepyard/asl';
import type {
  FunctionSummary,
  JobDetail,
  JobSummary,
  LogEvents,
  LogGroupSummary,
  LogLine,
} from '@stepyard/console';
import { ServiceError, type ServiceCaller } from '@stepyard/engine';
import { clipJson } from '../clip.ts';
import type { ConsoleContext } from '../context.ts';
import { numberIn, objectIn, objectsIn, textIn, textsIn, timeIn } from '../members.ts';
import { notFound } from '../problem.ts';

const LINES_MAX = 1000;
const BATCH_LOG_GROUP = '/aws/batch/job';
const BATCH_STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING'];
const DESCRIBE_MAX = 100;

export async function functions({ caller }: ConsoleContext): Promise<readonly FunctionSummary[]> {
  const { output } = await caller.call({ service: 'lambda', operation: 'ListFunctions', input: {} });
  return objectsIn(output, 'Functions').map((found) => {
    const name = textIn(found, 'FunctionName') ?? '';
    return {
      name,
      arn: textIn(found, 'FunctionArn') ?? '',
      runtime: textIn(found, 'Runtime'),
      handler: textIn(found, 'Handler'),
      timeoutSeconds: numberIn(found, 'Timeout'),
      memoryMb: numberIn(found, 'MemorySize'),
      modified: textIn(found, 'LastModified'),
      logGroup: `/aws/lambda/${name}`,
    };
  });
}

/** Batch jobs of all queues and ECS tasks of all clusters, the newest first. */
export async function jobs({ caller }: ConsoleContext): Promise<readonly JobSummary[]> {
  const all = [
    ...(await batchJobs(caller)).map(batchSummary),
    ...(await ecsTasks(caller)).map((task) => ecsSummary(task)),
  ];
  return all.toSorted((one, other) => (other.createdMs ?? 0) - (one.createdMs ?? 0));
}

async function batchJobs(caller: ServiceCaller): Promise<readonly JsonObject[]> {
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> =>
    (await caller.call({ service: 'batch', operation, input })).output;
  const queues = objectsIn(await call('DescribeJobQueues', {}), 'jobQueues');
  const lists = await Promise.all(
    queues.flatMap((queue) =>
      BATCH_STATUSES.map((jobStatus) =>
        call('ListJobs', { jobQueue: textIn(queue, 'jobQueueName') ?? '', jobStatus }),
      ),
    ),
  );
  return lists.flatMap((list) => objectsIn(list, 'jobSummaryList'));
}

function batchSummary(found: JsonObject): JobSummary {
  const ms = (name: string): number | null => numberIn(found, name);
  return {
    service: 'batch',
    id: textIn(found, 'jobId') ?? '',
    name: textIn(found, 'jobName') ?? '',
    status: textIn(found, 'status') ?? '',
    statusReason: textIn(found, 'statusReason'),
    createdMs: ms('createdAt'),
    startedMs: ms('startedAt'),
    stoppedMs: ms('stoppedAt'),
  };
}

async function ecsTasks(caller: ServiceCaller): Promise<readonly JsonObject[]> {
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> =>
    (await caller.call({ service: 'ecs', operation, input })).output;
  const clusters = textsIn(await call('ListClusters', {}), 'clusterArns');
  const tasks = await Promise.all(
    clusters.map(async (cluster) => {
      const lists = await Promise.all(
        ['RUNNING', 'STOPPED'].map((desiredStatus) => call('ListTasks', { cluster, desiredStatus })),
      );
      const arns = lists.flatMap((list) => textsIn(list, 'taskArns')).slice(-DESCRIBE_MAX);
      return arns.length === 0
        ? []
        : objectsIn(await call('DescribeTasks', { cluster, tasks: arns }), 'tasks');
    }),
  );
  return tasks.flat();
}

function ecsSummary(task: JsonObject): JobSummary {
  const definition = textIn(task, 'taskDefinitionArn') ?? '';
  return {
    service: 'ecs',
    id: textIn(task, 'taskArn') ?? '',
    name: definition.slice(definition.lastIndexOf('/') + 1),
    status: textIn(task, 'lastStatus') ?? '',
    statusReason: textIn(task, 'stoppedReason'),
    createdMs: timeIn(task, 'createdAt'),
    startedMs: timeIn(task, 'startedAt'),
    stoppedMs: timeIn(task, 'stoppedAt'),
  };
}

export async function job(
  context: ConsoleContext,
  service: JobSummary['service'],
  id: string,
): Promise<JobDetail> {
  return service === 'batch' ? await batchJob(context, id) : await ecsTask(context, id);
}

async function batchJob({ caller }: ConsoleContext, id: string): Promise<JobDetail> {
  const { output } = await caller.call({
    service: 'batch',
    operation: 'DescribeJobs',
    input: { jobs: [id] },
  });
  const [found] = objectsIn(output, 'jobs');
  if (found === undefined) throw notFound(`Batch job ${id.slice(0, 200)}`);
  const container = objectIn(found, 'container');
  const logStream = textIn(container, 'logStreamName');
  const logs = await streamLines(caller, BATCH_LOG_GROUP, logStream);
  return {
    ...batchSummary(found),
    exitCode: numberIn(container, 'exitCode'),
    command: textsIn(container, 'command'),
    logGroup: BATCH_LOG_GROUP,
    logStream,
    ...logs,
    description: clipJson(found),
  };
}

async function ecsTask({ caller }: ConsoleContext, arn: string): Promise<JobDetail> {
  const cluster = /:task\/([^/]+)\//u.exec(arn)?.[1] ?? 'default';
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> =>
    (await caller.call({ service: 'ecs', operation, input })).output;
  const [found] = objectsIn(await call('DescribeTasks', { cluster, tasks: [arn] }), 'tasks');
  if (found === undefined) throw notFound(`ECS task ${arn.slice(0, 200)}`);
  const definition = objectIn(
    await call('DescribeTaskDefinition', { taskDefinition: textIn(found, 'taskDefinitionArn') ?? '' }),
    'taskDefinition',
  );
  const [container = {}] = objectsIn(definition, 'containerDefinitions');
  const options = objectIn(objectIn(container, 'logConfiguration'), 'options');
  const logGroup = textIn(options, 'awslogs-group') ?? `/ecs/${textIn(definition, 'family') ?? ''}`;
  const prefix = `${textIn(options, 'awslogs-stream-prefix') ?? 'ecs'}/${textIn(container, 'name') ?? ''}`;
  const logStream = `${prefix}/${arn.slice(arn.lastIndexOf('/') + 1)}`;
  const [running = {}] = objectsIn(found, 'containers');
  const [override = {}] = objectsIn(objectIn(found, 'overrides'), 'containerOverrides');
  const command = textsIn(override, 'command');
  return {
    ...ecsSummary(found),
    exitCode: numberIn(running, 'exitCode'),
    command: command.length > 0 ? command : textsIn(container, 'command'),
    logGroup,
    logStream,
    ...(await streamLines(caller, logGroup, logStream)),
    description: clipJson(found),
  };
}

interface Lines {
  readonly lines: readonly LogLine[];
  readonly isCut: boolean;
}

const NO_LINES: Lines = { lines: [], isCut: false };

/** The newest lines of one stream, oldest first; none where it was never written to. */
async function streamLines(caller: ServiceCaller, group: string, stream: string | null): Promise<Lines> {
  if (stream === null) return NO_LINES;
  return await orNothing(NO_LINES, async () => {
    const { output } = await caller.call({
      service: 'logs',
      operation: 'GetLogEvents',
      input: { logGroupName: group, logStreamName: stream, limit: LINES_MAX },
    });
    const lines = objectsIn(output, 'events').map(lineOf);
    return { lines, isCut: lines.length >= LINES_MAX };
  });
}

function lineOf(event: JsonObject): LogLine {
  return { timeMs: numberIn(event, 'timestamp') ?? 0, message: textIn(event, 'message') ?? '' };
}

/** What is asked for need not be there yet. */
export async function orNothing<T>(nothing: T, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return nothing;
    throw error;
  }
}

export async function logGroups({ caller }: ConsoleContext): Promise<readonly LogGroupSummary[]> {
  const groups: LogGroupSummary[] = [];
  let nextToken: string | null = null;
  do {
    const { output }: { readonly output: JsonObject } = await caller.call({
      service: 'logs',
      operation: 'DescribeLogGroups',
      input: nextToken === null ? {} : { nextToken },
    });
    for (const group of objectsIn(output, 'logGroups')) {
      const name = textIn(group, 'logGroupName') ?? '';
      const streams = await caller.call({
        service: 'logs',
        operation: 'DescribeLogStreams',
        input: { logGroupName: name },
      });
      groups.push({
        name,
        storedBytes: numberIn(group, 'storedBytes') ?? 0,
        streams: objectsIn(streams.output, 'logStreams').length,
      });
    }
    nextToken = textIn(output, 'nextToken');
  } while (nextToken !== null);
  return groups;
}

export async function logEvents(
  { caller }: ConsoleContext,
  given: {
    readonly group: string;
    readonly stream: string | undefined;
    readonly filter: string | undefined;
    readonly fromMs?: number;
    readonly untilMs?: number;
  },
): Promise<LogEvents> {
  const { group, stream, filter, fromMs, untilMs } = given;
  const call = async (operation: string, input: JsonObject): Promise<JsonObject> =>
    (await caller.call({ service: 'logs', operation, input: { logGroupName: group, ...input } })).output;
  const streams = objectsIn(
    await call('DescribeLogStreams', { orderBy: 'LastEventTime', descending: true }),
    'logStreams',
  );
  const found: JsonObject[] = [];
  let nextToken: string | null = null;
  do {
    const output: JsonObject = await call('FilterLogEvents', {
      ...(stream === undefined ? {} : { logStreamNames: [stream] }),
      ...(filter === undefined || filter === '' ? {} : { filterPattern: filter }),
      ...(fromMs === undefined ? {} : { startTime: fromMs }),
      ...(untilMs === undefined ? {} : { endTime: untilMs }),
      ...(nextToken === null ? {} : { nextToken }),
    });
    found.push(...objectsIn(output, 'events'));
    // The newest are wanted, and come last.
    if (found.length > 2 * LINES_MAX) found.splice(0, found.length - LINES_MAX - 1);
    nextToken = textIn(output, 'nextToken');
  } while (nextToken !== null);
  return {
    streams: streams.map((one) => ({
      name: textIn(one, 'logStreamName') ?? '',
      lastEventMs: numberIn(one, 'lastEventTimestamp'),
    })),
    lines: found
      .slice(-LINES_MAX)
      .map((event) => ({ ...lineOf(event), stream: textIn(event, 'logStreamName') ?? '' })),
    isCut: found.length > LINES_MAX,
  };
}
