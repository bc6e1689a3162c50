import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@stepyard/asl';
import { ServiceError, type ServiceAnswer } from '@stepyard/engine';
import type { JobPool } from '../jobs/job-pool.ts';
import type { LogLine } from '../jobs/log-buffer.ts';
import type { Members } from '../jobs/members.ts';
import { Retention } from '../jobs/retention.ts';
import { Waiters } from '../jobs/waiters.ts';
import { answer, apiError, refuseOperation, type HostedService, type LogSink } from '../service.ts';
import { parseJsonBody, readBody, sendAwsJson, sendAwsJsonError, targetOperation } from '../wire/http.ts';
import { clusterArn, describeTask } from './describe-task.ts';
import { clientException, describeTaskDefinition, ecsMembers, TaskDefinitions } from './task-definitions.ts';
import { containersOf } from './task-spec.ts';
import { EcsTask, type TaskFields } from './task.ts';
import { messageOf } from '../message-of.ts';

export interface EcsOptions {
  readonly pool: JobPool;
  readonly log?: LogSink;
  /** Stopped tasks that stay readable. */
  readonly finishedMax?: number;
}

/** ECS's own limits. */
export const COUNT_MAX = 10;
export const DESCRIBE_MAX = 100;
export const CLUSTERS_MAX = 10_000;
const BODY_BYTES_MAX = 1_048_576;
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const CLUSTER_NAME = /^[A-Za-z0-9_-]{1,255}$/u;
/** What LATEST means; the version in the recording. */
const PLATFORM_VERSION = '1.4.0';
const UNSUPPORTED_RUN = ['enableExecuteCommand', 'volumeConfigurations'];

type Operation = (input: JsonObject) => JsonObject;

/**
 * Amazon ECS: clusters and task definitions as records, and tasks whose containers really run, in a container engine or in
 * process groups (see JobRunner). Everything is kept in memory.
 */
export class EcsService implements HostedService {
  readonly name = 'ecs';
  readonly operations: ReadonlySet<string>;
  readonly #pool: JobPool;
  readonly #log: LogSink;
  readonly #definitions = new TaskDefinitions();
  readonly #clusters = new Set<string>();
  readonly #tasks: Retention<EcsTask>;
  readonly #waiters = new Waiters();
  readonly #runs = new Set<Promise<void>>();
  readonly #table: ReadonlyMap<string, Operation>;

  constructor(options: EcsOptions) {
    this.#pool = options.pool;
    this.#log = options.log ?? (() => undefined);
    this.#tasks = new Retention(options.finishedMax);
    this.#table = new Map<string, Operation>([
      ['CreateCluster', (input) => this.#createCluster(input)],
      ['ListClusters', (input) => this.#listClusters(input)],
      ['DescribeClusters', (input) => this.#describeClusters(input)],
      ['RegisterTaskDefinition', (input) => this.#registerDefinition(input)],
      ['DescribeTaskDefinition', (input) => this.#describeDefinition(input)],
      ['RunTask', (input) => this.#runTask(input)],
      ['StopTask', (input) => this.#stopTask(input)],
      ['DescribeTasks', (input) => this.#describeTasks(input)],
      ['ListTasks', (input) => this.#listTasks(input)],
    ]);
    this.operations = new Set(this.#table.keys());
  }

  call(operation: string, input: JsonObject): Promise<ServiceAnswer> {
    const run = this.#table.get(operation);
    if (run === undefined) return Promise.reject(refuseOperation('ecs', operation));
    return Promise.resolve().then(() => answer(run(input)));
  }

  /** AWS JSON 1.1, target `AmazonEC2ContainerServiceV20141113`. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody('ecs', request, BODY_BYTES_MAX);
      const input = parseJsonBody('ecs', body.toString('utf8'));
      const result = await this.call(targetOperation(request), input);
      sendAwsJson(response, CONTENT_TYPE, 200, result.requestId, result.output);
    } catch (error) {
      const known =
        error instanceof ServiceError ? error : apiError('ecs', 'ServerException', messageOf(error), 500);
      sendAwsJsonError(response, CONTENT_TYPE, known);
    }
  }

  whenJobChanged(id: string, signal: AbortSignal): Promise<void> {
    const task = this.#tasks.get(lastPart(id));
    if (task === undefined || task.hasStopped) return Promise.resolve();
    return this.#waiters.wait(task.id, signal);
  }

  /** What a task's containers printed; undefined when there is no such task (any more). */
  logs(id: string): readonly LogLine[] | undefined {
    return this.#tasks.get(lastPart(id))?.logs();
  }

  async close(): Promise<void> {
    for (const task of this.#tasks.values()) task.stop('UserInitiated', 'The yard is closing');
    await this.#pool.close();
    await Promise.all(this.#runs);
    this.#waiters.wakeAll();
  }

  #createCluster(input: JsonObject): JsonObject {
    const members = ecsMembers(input);
    const name = members.text('clusterName') ?? 'default';
    if (!CLUSTER_NAME.test(name)) members.fail(`Invalid clusterName: ${name.slice(0, 300)}`);
    if (!this.#clusters.has(name) && this.#clusters.size >= CLUSTERS_MAX) {
      members.fail(`More than ${CLUSTERS_MAX} clusters.`);
    }
    this.#clusters.add(name);
    return { cluster: this.#describeCluster(name) };
  }

  #listClusters(input: JsonObject): JsonObject {
    ecsMembers(input).refuse('ListClusters', ['maxResults', 'nextToken']);
    return { clusterArns: Array.from(this.#clusters, clusterArn) };
  }

  #describeClusters(input: JsonObject): JsonObject {
    const wanted = (ecsMembers(input).texts('clusters') ?? ['default']).map((reference) =>
      lastPart(reference),
    );
    return {
      clusters: wanted.filter((name) => this.#clusters.has(name)).map((name) => this.#describeCluster(name)),
      failures: wanted
        .filter((name) => !this.#clusters.has(name))
        .map((name) => ({ arn: clusterArn(name), reason: 'MISSING' })),
    };
  }

  #describeCluster(name: string): JsonObject {
    const tasks = this.#tasks.values().filter((task) => task.fields.clusterName === name);
    return {
      clusterArn: clusterArn(name),
      clusterName: name,
      status: 'ACTIVE',
      registeredContainerInstancesCount: 0,
      runningTasksCount: tasks.filter((task) => task.status === 'RUNNING').length,
      pendingTasksCount: tasks.filter((task) => task.status === 'PENDING').length,
      activeServicesCount: 0,
      statistics: [],
      tags: [],
      settings: [],
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    };
  }

  #registerDefinition(input: JsonObject): JsonObject {
    return { taskDefinition: describeTaskDefinition(this.#definitions.register(input)) };
  }

  #describeDefinition(input: JsonObject): JsonObject {
    const found = this.#definitions.find(ecsMembers(input).requiredText('taskDefinition'));
    if (found === undefined) throw clientException('Unable to describe task definition.');
    return { taskDefinition: describeTaskDefinition(found), tags: [] };
  }

  /** The cluster that a request names; `default` when it names none. */
  #clusterOf(members: Members): string {
    const name = lastPart(members.text('cluster') ?? 'default');
    if (!this.#clusters.has(name)) {
      throw apiError('ecs', 'ClusterNotFoundException', 'Cluster not found.');
    }
    return name;
  }

  #runTask(input: JsonObject): JsonObject {
    const members = ecsMembers(input);
    members.refuse('RunTask', UNSUPPORTED_RUN);
    const clusterName = this.#clusterOf(members);
    const definition = this.#definitions.find(members.requiredText('taskDefinition'));
    if (definition?.active !== true) throw clientException('TaskDefinition not found.');
    const count = members.integer('count') ?? 1;
    if (count < 1 || count > COUNT_MAX) members.fail(`count must be between 1 and ${COUNT_MAX}.`);
    const network = members.of(members.object('networkConfiguration') ?? {});
    const vpc = network.object('awsvpcConfiguration');
    if (definition.input['networkMode'] === 'awsvpc' && vpc === undefined) {
      members.fail("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
    }
    const platformVersion = members.text('platformVersion');
    const fields: TaskFields = {
      clusterName,
      definition,
      containers: containersOf(definition, members.of(members.object('overrides') ?? {})),
      launchType: members.text('launchType') ?? 'FARGATE',
      platformVersion:
        platformVersion === undefined || platformVersion === 'LATEST' ? PLATFORM_VERSION : platformVersion,
      startedBy: members.text('startedBy'),
      group: members.text('group') ?? `family:${definition.family}`,
      subnet: vpc === undefined ? undefined : members.of(vpc).texts('subnets')?.[0],
      tags: members.objects('tags').map((tag) => ({
        key: tag.requiredText('key'),
        value: tag.text('value') ?? '',
      })),
    };
    const tasks = Array.from({ length: count }, () => this.#start(fields));
    return { failures: [], tasks };
  }

  /** Starts one task; describes it as it is before anything has run, as RunTask answers. */
  #start(fields: TaskFields): JsonObject {
    const task = new EcsTask(
      fields,
      (changed) => this.#onStatus(changed),
      ({ logGroup, logStreamPrefix }, { message }) =>
        this.#log({ source: 'ecs', logGroup, logStream: `${logStreamPrefix}/${task.id}`, message }),
    );
    this.#tasks.add(task.id, task);
    const described = describeTask(task);
    const run = task.run(this.#pool);
    this.#runs.add(run);
    void run.then(() => this.#runs.delete(run));
    return described;
  }

  #onStatus(task: EcsTask): void {
    if (task.hasStopped) this.#tasks.finish(task.id);
    this.#waiters.wake(task.id);
  }

  #stopTask(input: JsonObject): JsonObject {
    const members = ecsMembers(input);
    this.#clusterOf(members);
    const task = this.#tasks.get(lastPart(members.requiredText('task')));
    if (task === undefined) return members.fail('The referenced task was not found.');
    task.stop('UserInitiated', members.text('reason') ?? 'Task stopped by user');
    return { task: describeTask(task) };
  }

  #describeTasks(input: JsonObject): JsonObject {
    const members = ecsMembers(input);
    const clusterName = this.#clusterOf(members);
    const references = members.texts('tasks') ?? members.fail('Tasks cannot be empty.');
    if (references.length > DESCRIBE_MAX)
      members.fail(`At most ${DESCRIBE_MAX} tasks can be described at once.`);
    const found = references.map((reference) => {
      const task = this.#tasks.get(lastPart(reference));
      return { reference, task: task?.fields.clusterName === clusterName ? task : undefined };
    });
    return {
      failures: found.flatMap(({ reference, task }) =>
        task === undefined ? [{ arn: reference, reason: 'MISSING' }] : [],
      ),
      tasks: found.flatMap(({ task }) => (task === undefined ? [] : [describeTask(task)])),
    };
  }

  #listTasks(input: JsonObject): JsonObject {
    const members = ecsMembers(input);
    members.refuse('ListTasks', ['containerInstance', 'serviceName']);
    const clusterName = this.#clusterOf(members);
    const wantsStopped = members.text('desiredStatus') === 'STOPPED';
    const family = members.text('family');
    const startedBy = members.text('startedBy');
    const tasks = this.#tasks
      .values()
      .filter(
        (task) =>
          task.fields.clusterName === clusterName &&
          (task.stopCode !== undefined || task.hasStopped) === wantsStopped &&
          (family === undefined || family === task.fields.definition.family) &&
          (startedBy === undefined || startedBy === task.fields.startedBy),
      );
    return { taskArns: tasks.map((task) => task.arn) };
  }
}

/** The id or name at the end of an ARN, or the text itself. */
function lastPart(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
