import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from '@stepyard/asl';
import { ServiceError, type ServiceAnswer } from '@stepyard/engine';
import type { JobPool } from '../jobs/job-pool.ts';
import type { LogLine } from '../jobs/log-buffer.ts';
import { Retention } from '../jobs/retention.ts';
import { Waiters } from '../jobs/waiters.ts';
import { answer, apiError, refuseOperation, type HostedService, type LogSink } from '../service.ts';
import { parseJsonBody, readBody, sendRestJsonError, sendText } from '../wire/http.ts';
import { batchMembers, checkRetryAndTimeout, JobDefinitions } from './job-definitions.ts';
import { BatchJob } from './job.ts';
import { specOf } from './job-spec.ts';
import {
  describeComputeEnvironment,
  describeJobQueue,
  NamedResources,
  type NamedResource,
} from './queues.ts';
import { messageOf } from '../message-of.ts';

export interface BatchOptions {
  readonly pool: JobPool;
  readonly log?: LogSink;
  /** Finished jobs that stay readable. */
  readonly finishedMax?: number;
}

/** Batch's own limits. */
export const DEPENDENCIES_MAX = 20;
export const DESCRIBE_MAX = 100;
const BODY_BYTES_MAX = 1_048_576;
const LOG_GROUP = '/aws/batch/job';
const JOB_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/u;
const UNSUPPORTED_SUBMISSION = [
  'arrayProperties',
  'nodeOverrides',
  'eksPropertiesOverride',
  'ecsPropertiesOverride',
  'shareIdentifier',
  'schedulingPriorityOverride',
];

type Operation = (input: JsonObject) => JsonObject;

/**
 * AWS Batch: job definitions, queues and compute environments as records, and jobs that really run, in a container or in a
 * process group (see JobRunner). Everything is kept in memory.
 */
export class BatchService implements HostedService {
  readonly name = 'batch';
  readonly operations: ReadonlySet<string>;
  readonly #pool: JobPool;
  readonly #log: LogSink;
  readonly #definitions = new JobDefinitions();
  readonly #environments = new NamedResources('compute-environment', 'computeEnvironmentName');
  readonly #queues = new NamedResources('job-queue', 'jobQueueName');
  readonly #jobs: Retention<BatchJob>;
  readonly #waiters = new Waiters();
  readonly #runs = new Set<Promise<void>>();
  readonly #table: ReadonlyMap<string, Operation>;

  constructor(options: BatchOptions) {
    this.#pool = options.pool;
    this.#log = options.log ?? (() => undefined);
    this.#jobs = new Retention(options.finishedMax);
    this.#table = new Map<string, Operation>([
      ['RegisterJobDefinition', (input) => this.#registerDefinition(input)],
      ['DeregisterJobDefinition', (input) => this.#deregisterDefinition(input)],
      ['DescribeJobDefinitions', (input) => ({ jobDefinitions: this.#definitions.describe(input) })],
      [
        'CreateComputeEnvironment',
        (input) => nameAndArn('computeEnvironment', this.#environments.create(input)),
      ],
      ['UpdateComputeEnvironment', (input) => this.#updateEnvironment(input)],
      ['DescribeComputeEnvironments', (input) => this.#describeEnvironments(input)],
      ['CreateJobQueue', (input) => nameAndArn('jobQueue', this.#queues.create(input))],
      ['UpdateJobQueue', (input) => this.#updateQueue(input)],
      ['DescribeJobQueues', (input) => this.#describeQueues(input)],
      ['SubmitJob', (input) => this.#submit(input)],
      ['DescribeJobs', (input) => this.#describe(input)],
      ['ListJobs', (input) => this.#list(input)],
      ['TerminateJob', (input) => this.#end(input, 'terminate')],
      ['CancelJob', (input) => this.#end(input, 'cancel')],
    ]);
    this.operations = new Set(this.#table.keys());
  }

  call(operation: string, input: JsonObject): Promise<ServiceAnswer> {
    const run = this.#table.get(operation);
    if (run === undefined) return Promise.reject(refuseOperation('batch', operation));
    return Promise.resolve().then(() => answer(run(input)));
  }

  /** REST JSON: every operation here is `POST /v1/<operation in lower case>`. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = (request.url ?? '').split('?')[0] ?? '';
      const operation = [...this.operations].find((name) => path === `/v1/${name.toLowerCase()}`);
      if (operation === undefined || request.method !== 'POST') {
        throw refuseOperation('batch', `${request.method ?? ''} ${path}`);
      }
      const body = await readBody('batch', request, BODY_BYTES_MAX);
      const result = await this.call(operation, parseJsonBody('batch', body.toString('utf8')));
      const headers = { 'content-type': 'application/json', 'x-amzn-requestid': result.requestId };
      sendText(response, 200, headers, JSON.stringify(result.output));
    } catch (error) {
      sendRestJsonError(
        response,
        error instanceof ServiceError ? error : apiError('batch', 'ServerException', messageOf(error), 500),
      );
    }
  }

  whenJobChanged(id: string, signal: AbortSignal): Promise<void> {
    const job = this.#jobs.get(jobIdOf(id));
    if (job === undefined || job.hasEnded) return Promise.resolve();
    return this.#waiters.wait(job.id, signal);
  }

  /** What a job printed; undefined when there is no such job (any more). */
  logs(id: string): readonly LogLine[] | undefined {
    return this.#jobs.get(jobIdOf(id))?.logs();
  }

  async close(): Promise<void> {
    for (const job of this.#jobs.values()) job.terminate('The yard is closing');
    await this.#pool.close();
    await Promise.all(this.#runs);
    this.#waiters.wakeAll();
  }

  #registerDefinition(input: JsonObject): JsonObject {
    const { name, arn, revision } = this.#definitions.register(input);
    return { jobDefinitionName: name, jobDefinitionArn: arn, revision };
  }

  #deregisterDefinition(input: JsonObject): JsonObject {
    this.#definitions.deregister(batchMembers(input).requiredText('jobDefinition'));
    return {};
  }

  #updateEnvironment(input: JsonObject): JsonObject {
    const { computeEnvironment: _name, ...changes } = input;
    const reference = batchMembers(input).requiredText('computeEnvironment');
    return nameAndArn('computeEnvironment', this.#environments.update(reference, changes));
  }

  #updateQueue(input: JsonObject): JsonObject {
    const { jobQueue: _name, ...changes } = input;
    const reference = batchMembers(input).requiredText('jobQueue');
    return nameAndArn('jobQueue', this.#queues.update(reference, changes));
  }

  #describeEnvironments(input: JsonObject): JsonObject {
    const found = this.#environments.select(batchMembers(input).texts('computeEnvironments'));
    return { computeEnvironments: found.map((item) => describeComputeEnvironment(item)) };
  }

  #describeQueues(input: JsonObject): JsonObject {
    const found = this.#queues.select(batchMembers(input).texts('jobQueues'));
    return { jobQueues: found.map((item) => describeJobQueue(item)) };
  }

  #submit(input: JsonObject): JsonObject {
    const members = batchMembers(input);
    const name = members.requiredText('jobName');
    if (!JOB_NAME.test(name)) members.fail(`Invalid jobName: ${name.slice(0, 200)}`);
    members.refuse('SubmitJob', UNSUPPORTED_SUBMISSION);
    checkRetryAndTimeout(members);
    const queueName = members.requiredText('jobQueue');
    const queue = this.#queues.find(queueName);
    if (queue === undefined) return members.fail(`Job Queue ${queueName} does not exist`);
    if (queue.input['state'] === 'DISABLED') members.fail(`Job Queue ${queueName} is disabled`);
    const definitionName = members.requiredText('jobDefinition');
    const definition = this.#definitions.find(definitionName);
    if (definition === undefined) return members.fail(`Job definition ${definitionName} does not exist`);
    const dependsOn = this.#dependencies(members);
    const spec = specOf(definition, input);
    const computeEnvironment = this.#environmentOf(queue);
    const tags = members.textMap('tags');
    const job = new BatchJob(
      { name, queue, computeEnvironment, definition, spec, dependsOn, tags },
      (changed) => this.#onStatus(changed),
      (line, logStream) =>
        this.#log({ source: 'batch', logGroup: LOG_GROUP, logStream, message: line.message }),
    );
    this.#jobs.add(job.id, job);
    const run = this.#runWhenReady(job);
    this.#runs.add(run);
    void run.then(() => this.#runs.delete(run));
    return { jobArn: job.arn, jobName: name, jobId: job.id };
  }

  #dependencies(members: ReturnType<typeof batchMembers>): readonly string[] {
    const dependencies = members.objects('dependsOn');
    if (dependencies.length > DEPENDENCIES_MAX) {
      members.fail(`A job can depend upon a maximum of ${DEPENDENCIES_MAX} jobs.`);
    }
    return dependencies.map((dependency) => {
      dependency.refuse('SubmitJob dependsOn', ['type']);
      const id = dependency.requiredText('jobId');
      return this.#jobs.get(id) === undefined ? members.fail(`Job ${id} does not exist`) : id;
    });
  }

  async #runWhenReady(job: BatchJob): Promise<void> {
    const dependencies = job.fields.dependsOn.flatMap((id) => this.#jobs.get(id) ?? []);
    if (dependencies.length > 0) {
      job.hold();
      for (const dependency of dependencies) {
        while (!dependency.hasEnded && !job.hasEnded) {
          await this.#waiters.wait(dependency.id, AbortSignal.any([]));
        }
      }
      if (dependencies.some((dependency) => dependency.status === 'FAILED')) job.failDependent();
    }
    await job.run(this.#pool);
  }

  #environmentOf(queue: NamedResource): NamedResource | undefined {
    const [first] = batchMembers(queue.input).objects('computeEnvironmentOrder');
    const reference = first?.text('computeEnvironment');
    return reference === undefined ? undefined : this.#environments.find(reference);
  }

  #onStatus(job: BatchJob): void {
    if (job.hasEnded) this.#jobs.finish(job.id);
    this.#waiters.wake(job.id);
  }

  #describe(input: JsonObject): JsonObject {
    const members = batchMembers(input);
    const ids = members.texts('jobs') ?? members.fail('jobs must not be empty.');
    if (ids.length > DESCRIBE_MAX) members.fail(`At most ${DESCRIBE_MAX} jobs can be described at once.`);
    return { jobs: ids.flatMap((id) => this.#jobs.get(jobIdOf(id))?.describe() ?? []) };
  }

  #list(input: JsonObject): JsonObject {
    const members = batchMembers(input);
    members.refuse('ListJobs', ['arrayJobId', 'multiNodeJobId', 'filters']);
    const queue = this.#queues.find(members.requiredText('jobQueue'));
    if (queue === undefined) return members.fail('Job Queue does not exist');
    // Without a status Batch lists the RUNNING ones.
    const status = members.text('jobStatus') ?? 'RUNNING';
    const found = this.#jobs.values().filter((job) => job.fields.queue === queue && job.status === status);
    return { jobSummaryList: found.map((job) => job.summary()) };
  }

  #end(input: JsonObject, how: 'terminate' | 'cancel'): JsonObject {
    const members = batchMembers(input);
    const id = members.requiredText('jobId');
    const reason = members.requiredText('reason');
    const job = this.#jobs.get(jobIdOf(id));
    if (job === undefined) return members.fail(`Job ${id} does not exist`);
    job[how](reason);
    return {};
  }
}

function nameAndArn(prefix: string, item: NamedResource): JsonObject {
  return { [`${prefix}Name`]: item.name, [`${prefix}Arn`]: item.arn };
}

/** A job's ARN is accepted where its id is. */
function jobIdOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}
