import type { Json, JsonObject } from '@stepyard/asl';
import { Members } from '../jobs/members.ts';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';

/** One revision of a job definition. */
export interface JobDefinition {
  readonly arn: string;
  readonly name: string;
  readonly revision: number;
  active: boolean;
  /** As it was registered. */
  readonly input: JsonObject;
}

export const DEFINITIONS_MAX = 10_000;
/** Batch's own limit. */
export const TIMEOUT_SECONDS_MIN = 60;
export const ATTEMPTS_MAX = 10;

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/u;
/** What a container of the yard cannot have. */
const UNSUPPORTED_CONTAINER = ['volumes', 'mountPoints', 'secrets', 'privileged', 'repositoryCredentials'];

/** Reads a request to Batch. */
export function batchMembers(input: JsonObject): Members {
  return new Members('batch', 'ClientException', input);
}

/** The registered job definitions. */
export class JobDefinitions {
  /** All revisions by name; index 0 is revision 1. */
  readonly #byName = new Map<string, JobDefinition[]>();
  #count = 0;

  register(input: JsonObject): JobDefinition {
    const members = batchMembers(input);
    const name = members.requiredText('jobDefinitionName');
    if (!NAME.test(name)) members.fail(`Invalid jobDefinitionName: ${name.slice(0, 200)}`);
    const type = members.requiredText('type');
    members.refuse('RegisterJobDefinition', ['nodeProperties', 'eksProperties', 'ecsProperties']);
    if (type !== 'container') members.fail(`Stepyard runs job definitions of type container, not ${type}.`);
    const container = members.object('containerProperties');
    if (container === undefined) return members.fail('containerProperties must not be empty.');
    members.of(container).requiredText('image');
    members.of(container).refuse('RegisterJobDefinition', UNSUPPORTED_CONTAINER);
    checkRetryAndTimeout(members);
    if (this.#count >= DEFINITIONS_MAX) members.fail(`More than ${DEFINITIONS_MAX} job definitions.`);
    this.#count += 1;
    const revisions = this.#byName.get(name) ?? [];
    this.#byName.set(name, revisions);
    const revision = revisions.length + 1;
    const arn = `arn:${PARTITION}:batch:${REGION}:${ACCOUNT_ID}:job-definition/${name}:${revision}`;
    const definition: JobDefinition = { arn, name, revision, active: true, input };
    revisions.push(definition);
    return definition;
  }

  /** By ARN, `name:revision`, or name for the latest active revision. */
  find(reference: string): JobDefinition | undefined {
    const text = reference.startsWith('arn:') ? reference.slice(reference.indexOf('/') + 1) : reference;
    const [name = '', revision] = text.split(':');
    const revisions = this.#byName.get(name) ?? [];
    const found =
      revision === undefined
        ? revisions.findLast((definition) => definition.active)
        : revisions[Number(revision) - 1];
    return found?.active === true ? found : undefined;
  }

  deregister(reference: string): void {
    const found = this.find(reference);
    if (found !== undefined) found.active = false;
  }

  describe(input: JsonObject): readonly Json[] {
    const members = batchMembers(input);
    const references = members.texts('jobDefinitions');
    const name = members.text('jobDefinitionName');
    const status = members.text('status');
    const all = [...this.#byName.values()].flat();
    return all
      .filter(
        (definition) =>
          (references === undefined ||
            references.some(
              (reference) =>
                reference === definition.arn || reference === `${definition.name}:${definition.revision}`,
            )) &&
          (name === undefined || name === definition.name) &&
          (status === undefined || status === statusOf(definition)),
      )
      .map((definition) => describeDefinition(definition));
  }
}

function statusOf(definition: JobDefinition): string {
  return definition.active ? 'ACTIVE' : 'INACTIVE';
}

function describeDefinition(definition: JobDefinition): JsonObject {
  return {
    tags: {},
    ...definition.input,
    jobDefinitionName: definition.name,
    jobDefinitionArn: definition.arn,
    revision: definition.revision,
    status: statusOf(definition),
    containerOrchestrationType: 'ECS',
  };
}

/** Checks `retryStrategy` and `timeout` of a definition or a submission. */
export function checkRetryAndTimeout(members: Members): void {
  const attempts = members.of(members.object('retryStrategy') ?? {}).integer('attempts');
  if (attempts !== undefined && (attempts < 1 || attempts > ATTEMPTS_MAX)) {
    members.fail(`Job attempts must be between 1 and ${ATTEMPTS_MAX}.`);
  }
  const seconds = members.of(members.object('timeout') ?? {}).integer('attemptDurationSeconds');
  if (seconds !== undefined && seconds < TIMEOUT_SECONDS_MIN) {
    members.fail(`attemptDurationSeconds must be at least ${TIMEOUT_SECONDS_MIN}.`);
  }
}
