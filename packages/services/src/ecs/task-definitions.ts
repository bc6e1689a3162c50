import type { JsonObject } from '@stepyard/asl';
import { Members } from '../jobs/members.ts';
import { ACCOUNT_ID, apiError, PARTITION, REGION, refuseFeature } from '../service.ts';

export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  active: boolean;
  readonly registeredAtMs: number;
  /** As it was registered. */
  readonly input: JsonObject;
}

export const DEFINITIONS_MAX = 10_000;
/** ECS's own limit. */
export const CONTAINERS_MAX = 10;
const FAMILY = /^[A-Za-z0-9_-]{1,255}$/u;
const UNSUPPORTED_TASK = ['proxyConfiguration', 'inferenceAccelerators', 'placementConstraints'];
const UNSUPPORTED_CONTAINER = [
  'secrets',
  'environmentFiles',
  'privileged',
  'firelensConfiguration',
  'repositoryCredentials',
  'volumesFrom',
  'links',
  'restartPolicy',
];

/** Reads a request to ECS. */
export function ecsMembers(input: JsonObject): Members {
  return new Members('ecs', 'InvalidParameterException', input);
}

/** An error of ECS's catch-all code. */
export function clientException(message: string): Error {
  return apiError('ecs', 'ClientException', message);
}

/** The registered task definitions. */
export class TaskDefinitions {
  /** All revisions by family; index 0 is revision 1. */
  readonly #byFamily = new Map<string, TaskDefinition[]>();
  #count = 0;

  register(input: JsonObject): TaskDefinition {
    const members = new Members('ecs', 'ClientException', input);
    const family = members.requiredText('family');
    if (!FAMILY.test(family)) members.fail(`Invalid family: ${family.slice(0, 300)}`);
    members.refuse('RegisterTaskDefinition', UNSUPPORTED_TASK);
    const containers = members.objects('containerDefinitions');
    if (containers.length === 0) members.fail('Container list cannot be empty.');
    if (containers.length > CONTAINERS_MAX) members.fail(`More than ${CONTAINERS_MAX} containers.`);
    checkContainers(containers);
    checkVolumes(members, containers);
    if (this.#count >= DEFINITIONS_MAX) members.fail(`More than ${DEFINITIONS_MAX} task definitions.`);
    this.#count += 1;
    const revisions = this.#byFamily.get(family) ?? [];
    this.#byFamily.set(family, revisions);
    const revision = revisions.length + 1;
    const definition: TaskDefinition = {
      arn: `arn:${PARTITION}:ecs:${REGION}:${ACCOUNT_ID}:task-definition/${family}:${revision}`,
      family,
      revision,
      active: true,
      registeredAtMs: Date.now(),
      input,
    };
    revisions.push(definition);
    return definition;
  }

  /** By ARN, `family:revision`, or family for the latest active revision. */
  find(reference: string): TaskDefinition | undefined {
    const text = reference.startsWith('arn:') ? reference.slice(reference.indexOf('/') + 1) : reference;
    const [family = '', revision] = text.split(':');
    const revisions = this.#byFamily.get(family) ?? [];
    return revision === undefined
      ? revisions.findLast((definition) => definition.active)
      : revisions[Number(revision) - 1];
  }
}

/** As DescribeTaskDefinition gives it. */
export function describeTaskDefinition(definition: TaskDefinition): JsonObject {
  return {
    volumes: [],
    placementConstraints: [],
    requiresCompatibilities: [],
    ...definition.input,
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: definition.active ? 'ACTIVE' : 'INACTIVE',
    registeredAt: definition.registeredAtMs / 1_000,
  };
}

function checkContainers(containers: readonly Members[]): void {
  const names = new Set<string>();
  for (const container of containers) {
    const name = container.requiredText('name');
    if (names.has(name)) container.fail(`Container name ${name} is used twice.`);
    names.add(name);
    container.requiredText('image');
    container.refuse('RegisterTaskDefinition', UNSUPPORTED_CONTAINER);
  }
  if (containers.every((container) => container.flag('essential') === false)) {
    containers[0]?.fail('At least one container must be essential.');
  }
  checkDependencies(containers, names);
}

/** Every dependency names a container of the task, and none is waited for in a circle. */
function checkDependencies(containers: readonly Members[], names: ReadonlySet<string>): void {
  const waitsFor = new Map<string, readonly string[]>();
  for (const container of containers) {
    const dependencies = container.objects('dependsOn').map((dependency) => {
      const name = dependency.requiredText('containerName');
      if (!names.has(name)) container.fail(`dependsOn names ${name}, which is no container of the task.`);
      const condition = dependency.requiredText('condition');
      if (condition === 'HEALTHY') {
        throw refuseFeature('ecs', 'RegisterTaskDefinition', 'dependsOn with condition HEALTHY');
      }
      if (!['START', 'COMPLETE', 'SUCCESS'].includes(condition)) {
        container.fail(`Unknown dependency condition ${condition}.`);
      }
      return name;
    });
    waitsFor.set(container.requiredText('name'), dependencies);
  }
  const done = new Set<string>();
  for (let left = names.size; left > 0; left -= 1) {
    const next = [...names].find(
      (name) => !done.has(name) && (waitsFor.get(name) ?? []).every((other) => done.has(other)),
    );
    if (next === undefined) {
      containers[0]?.fail('The dependencies of the containers form a circle.');
      return;
    }
    done.add(next);
  }
}

/** Only empty volumes of one container's own are hosted. */
function checkVolumes(members: Members, containers: readonly Members[]): void {
  for (const volume of members.objects('volumes')) {
    volume.refuse('RegisterTaskDefinition volumes', [
      'efsVolumeConfiguration',
      'dockerVolumeConfiguration',
      'fsxWindowsFileServerVolumeConfiguration',
      'configuredAtLaunch',
      'host',
    ]);
    const name = volume.requiredText('name');
    const users = containers.filter((container) =>
      container.objects('mountPoints').some((mount) => mount.text('sourceVolume') === name),
    );
    if (users.length > 1) {
      throw refuseFeature('ecs', 'RegisterTaskDefinition', `volume ${name} shared by several containers`);
    }
  }
}
