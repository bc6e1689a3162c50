import type { JsonObject } from '@stepyard/asl';
import type { Members } from '../jobs/members.ts';
import type { ContainerJob } from '../jobs/runner.ts';
import { ecsMembers, type TaskDefinition } from './task-definitions.ts';

export interface Dependency {
  readonly containerName: string;
  readonly condition: 'START' | 'COMPLETE' | 'SUCCESS';
}

/** One container of a task after overrides. */
export interface ContainerSpec {
  readonly name: string;
  readonly job: Omit<ContainerJob, 'name'>;
  readonly essential: boolean;
  readonly dependsOn: readonly Dependency[];
  readonly cpu: string;
  readonly memory: string | undefined;
  readonly logGroup: string;
  /** `prefix/container`: what the log stream's name begins with, before the task's id. */
  readonly logStreamPrefix: string;
  /** Its entry of the task's `overrides.containerOverrides`. */
  readonly override: JsonObject;
}

/** ECS's own limit of the overrides as JSON. */
export const OVERRIDES_CHARACTERS_MAX = 8_192;
/** ECS's default and Fargate's maximum, in seconds. */
const STOP_TIMEOUT_DEFAULT = 30;
const STOP_TIMEOUT_MAX = 120;

/** Merges a task definition and RunTask's overrides. Throws a ServiceError for what is invalid. */
export function containersOf(definition: TaskDefinition, overrides: Members): readonly ContainerSpec[] {
  if (JSON.stringify(overrides.input).length > OVERRIDES_CHARACTERS_MAX) {
    overrides.fail(`Container Overrides length must be at most ${OVERRIDES_CHARACTERS_MAX}`);
  }
  const containers = ecsMembers(definition.input).objects('containerDefinitions');
  const names = new Set(containers.map((container) => container.requiredText('name')));
  const byName = new Map<string, Members>();
  for (const override of overrides.objects('containerOverrides')) {
    const name = override.requiredText('name');
    if (!names.has(name)) {
      overrides.fail(`Override for container named ${name} is not a container in the TaskDefinition.`);
    }
    override.refuse('RunTask containerOverrides', ['environmentFiles', 'resourceRequirements']);
    byName.set(name, override);
  }
  return containers.map((container) =>
    specOf(definition, container, byName.get(container.requiredText('name')) ?? ecsMembers({})),
  );
}

function specOf(definition: TaskDefinition, container: Members, override: Members): ContainerSpec {
  const memory =
    override.integer('memory') ??
    override.integer('memoryReservation') ??
    container.integer('memory') ??
    container.integer('memoryReservation');
  const command = override.texts('command') ?? container.texts('command');
  const entryPoint = container.texts('entryPoint');
  const stopSeconds = Math.min(container.integer('stopTimeout') ?? STOP_TIMEOUT_DEFAULT, STOP_TIMEOUT_MAX);
  const logs = container.of(container.object('logConfiguration') ?? {}).textMap('options');
  return {
    name: container.requiredText('name'),
    job: {
      image: container.requiredText('image'),
      entryPoint: entryPoint === undefined || entryPoint.length === 0 ? undefined : entryPoint,
      command: command === undefined || command.length === 0 ? undefined : command,
      environment: { ...container.environment('environment'), ...override.environment('environment') },
      workingDirectory: container.text('workingDirectory'),
      user: container.text('user'),
      memoryMb: memory ?? taskMemoryMb(definition),
      readonlyRootFilesystem: container.flag('readonlyRootFilesystem') ?? false,
      writablePaths: container
        .objects('mountPoints')
        .filter((mount) => mount.flag('readOnly') !== true)
        .map((mount) => mount.requiredText('containerPath')),
      stopTimeoutMs: stopSeconds * 1_000,
    },
    essential: container.flag('essential') ?? true,
    dependsOn: container.objects('dependsOn').map((dependency) => ({
      containerName: dependency.requiredText('containerName'),
      condition: conditionOf(dependency),
    })),
    cpu: String(override.integer('cpu') ?? container.integer('cpu') ?? 0),
    memory: memory === undefined ? undefined : String(memory),
    logGroup: logs['awslogs-group'] ?? `/ecs/${definition.family}`,
    logStreamPrefix: `${logs['awslogs-stream-prefix'] ?? 'ecs'}/${container.requiredText('name')}`,
    override: {
      command: [],
      environment: [],
      environmentFiles: [],
      resourceRequirements: [],
      ...override.input,
      name: container.requiredText('name'),
    },
  };
}

/** Any other condition was refused when the definition was registered. */
function conditionOf(dependency: Members): Dependency['condition'] {
  const condition = dependency.requiredText('condition');
  if (condition === 'START' || condition === 'COMPLETE' || condition === 'SUCCESS') return condition;
  return dependency.fail(`Unknown dependency condition ${condition}.`);
}

/** A Fargate task's memory is a string of MiB, or of GB with its unit. */
function taskMemoryMb(definition: TaskDefinition): number | undefined {
  const text = ecsMembers(definition.input).text('memory') ?? '';
  const match = /^(\d+(?:\.\d+)?)\s*(GB)?$/iu.exec(text);
  if (match?.[1] === undefined) return undefined;
  return Number(match[1]) * (match[2] === undefined ? 1 : 1_024);
}
