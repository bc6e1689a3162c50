import type { Json, JsonObject } from '@stepyard/asl';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';
import { ecsMembers } from './task-definitions.ts';
import type { EcsTask, TaskContainer } from './task.ts';

/**
 * A task as DescribeTasks gives it (shape: the recording of `ecs:runTask.sync` on AWS). Times are epoch seconds, as the API's
 * wire format has them. The empty lists are there because they are in the recording.
 */
export function describeTask(task: EcsTask): JsonObject {
  const { definition, clusterName, subnet } = task.fields;
  const registered = ecsMembers(definition.input);
  return {
    attachments: subnet === undefined ? [] : [describeInterface(task, subnet)],
    attributes: [{ name: 'ecs.cpu-architecture', value: process.arch === 'arm64' ? 'arm64' : 'x86_64' }],
    availabilityZone: `${REGION}a`,
    clusterArn: clusterArn(clusterName),
    ...(task.times.pullStartedAt === undefined
      ? {}
      : { connectivity: 'CONNECTED', connectivityAt: seconds(task.times.pullStartedAt) }),
    containers: task.containers.map((container) => describeContainer(task, container)),
    ...optional('cpu', registered.text('cpu')),
    createdAt: seconds(task.times.createdAt),
    desiredStatus: task.stopCode === undefined && !task.hasStopped ? 'RUNNING' : 'STOPPED',
    enableExecuteCommand: false,
    ephemeralStorage: { sizeInGiB: 20 },
    ...optional('executionStoppedAt', seconds(task.times.executionStoppedAt)),
    group: task.fields.group,
    inferenceAccelerators: [],
    lastStatus: task.status,
    launchType: task.fields.launchType,
    ...optional('memory', registered.text('memory')),
    overrides: {
      containerOverrides: task.containers.map(({ spec }) => spec.override),
      inferenceAcceleratorOverrides: [],
    },
    platformFamily: 'Linux',
    platformVersion: task.fields.platformVersion,
    ...optional('pullStartedAt', seconds(task.times.pullStartedAt)),
    ...optional('pullStoppedAt', seconds(task.times.pullStoppedAt)),
    ...optional('startedAt', seconds(task.times.startedAt)),
    ...optional('startedBy', task.fields.startedBy),
    ...optional('stopCode', task.stopCode),
    ...optional('stoppedAt', seconds(task.times.stoppedAt)),
    ...optional('stoppedReason', task.stoppedReason),
    ...optional('stoppingAt', seconds(task.times.stoppingAt)),
    tags: task.fields.tags.map(({ key, value }) => ({ key, value })),
    taskArn: task.arn,
    taskDefinitionArn: definition.arn,
    version: task.version,
  };
}

export function clusterArn(name: string): string {
  return `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT_ID}:cluster/${name}`;
}

function describeContainer(task: EcsTask, container: TaskContainer): JsonObject {
  const { spec } = container;
  const hasStarted = task.times.startedAt !== undefined;
  return {
    containerArn: `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT_ID}:container/${task.fields.clusterName}/${task.id}/${container.id}`,
    cpu: spec.cpu,
    ...optional('exitCode', container.exitCode),
    gpuIds: [],
    image: spec.job.image,
    lastStatus: container.status,
    managedAgents: [],
    ...optional('memory', spec.memory),
    name: spec.name,
    networkBindings: [],
    networkInterfaces:
      hasStarted && task.fields.subnet !== undefined
        ? [{ attachmentId: task.attachmentId, privateIpv4Address: '127.0.0.1' }]
        : [],
    ...optional('reason', container.reason),
    ...(hasStarted ? { runtimeId: `${task.id}-${container.id.replaceAll(/\D/gu, '').slice(0, 10)}` } : {}),
    taskArn: task.arn,
  };
}

/** Its address is this machine's own: the yard makes no networks. */
function describeInterface(task: EcsTask, subnet: string): JsonObject {
  const details = [{ name: 'subnetId', value: subnet }];
  if (task.status === 'PROVISIONING') {
    return { details, id: task.attachmentId, status: 'PRECREATED', type: 'ElasticNetworkInterface' };
  }
  const hex = task.id.slice(0, 17);
  return {
    details: [
      ...details,
      { name: 'networkInterfaceId', value: `eni-${hex}` },
      { name: 'macAddress', value: `0a:${(hex.slice(0, 10).match(/../gu) ?? []).join(':')}` },
      { name: 'privateDnsName', value: 'localhost' },
      { name: 'privateIPv4Address', value: '127.0.0.1' },
    ],
    id: task.attachmentId,
    status: task.hasStopped ? 'DELETED' : 'ATTACHED',
    type: task.hasStopped ? 'eni' : 'ElasticNetworkInterface',
  };
}

function seconds(ms: number): number;
function seconds(ms: number | undefined): number | undefined;
function seconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1_000;
}

function optional(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}
