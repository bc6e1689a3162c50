import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '@stepyard/asl';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';
import { batchMembers } from './job-definitions.ts';

export interface NamedResource {
  readonly name: string;
  readonly arn: string;
  /** For a compute environment the cluster that Batch makes for it. */
  readonly clusterName: string;
  input: JsonObject;
}

export const QUEUES_MAX = 1_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/u;

/** Compute environments, or job queues: named things that are kept as they were given. They place nothing in the yard. */
export class NamedResources {
  readonly #kind: 'compute-environment' | 'job-queue';
  readonly #nameMember: string;
  readonly #items = new Map<string, NamedResource>();

  constructor(kind: 'compute-environment' | 'job-queue', nameMember: string) {
    this.#kind = kind;
    this.#nameMember = nameMember;
  }

  create(input: JsonObject): NamedResource {
    const members = batchMembers(input);
    const name = members.requiredText(this.#nameMember);
    if (!NAME.test(name)) members.fail(`Invalid ${this.#nameMember}: ${name.slice(0, 200)}`);
    if (this.#items.has(name)) members.fail('Object already exists');
    if (this.#items.size >= QUEUES_MAX) members.fail(`More than ${QUEUES_MAX} of ${this.#kind}.`);
    const item: NamedResource = {
      name,
      arn: `arn:${PARTITION}:batch:${REGION}:${ACCOUNT_ID}:${this.#kind}/${name}`,
      clusterName: `AWSBatch-${name}-${randomUUID()}`,
      input,
    };
    this.#items.set(name, item);
    return item;
  }

  /** Changes members of an existing resource. */
  update(reference: string, input: JsonObject): NamedResource {
    const item = this.find(reference);
    if (item === undefined) return batchMembers(input).fail(`${reference} does not exist`);
    item.input = { ...item.input, ...input };
    return item;
  }

  /** By name or ARN. */
  find(reference: string): NamedResource | undefined {
    return this.#items.get(reference.slice(reference.lastIndexOf('/') + 1));
  }

  /** The ones named, or all of them. */
  select(references: readonly string[] | undefined): readonly NamedResource[] {
    const all = [...this.#items.values()];
    return references === undefined || references.length === 0
      ? all
      : all.filter((item) => references.includes(item.name) || references.includes(item.arn));
  }
}

export function describeComputeEnvironment(item: NamedResource): Json {
  return {
    state: 'ENABLED',
    tags: {},
    ...item.input,
    computeEnvironmentName: item.name,
    computeEnvironmentArn: item.arn,
    ecsClusterArn: `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT_ID}:cluster/${item.clusterName}`,
    status: 'VALID',
    statusReason: 'ComputeEnvironment Healthy',
    containerOrchestrationType: 'ECS',
  };
}

export function describeJobQueue(item: NamedResource): Json {
  return {
    state: 'ENABLED',
    tags: {},
    ...item.input,
    jobQueueName: item.name,
    jobQueueArn: item.arn,
    status: 'VALID',
    statusReason: 'JobQueue Healthy',
  };
}
