import type { Program } from '@stepyard/asl';
import type { Place } from './arns.ts';
import { checkArn, checkName, resourceType, stateMachineArn } from './arns.ts';
import { loadDefinition } from './definition.ts';
import type {
  CreateStateMachineRequest,
  StateMachineDescription,
  UpdateStateMachineRequest,
} from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import type { Ids } from './ids.ts';

/** A state machine as it was at one revision, compiled. Executions keep the one that they started with. */
export interface Revision {
  readonly description: StateMachineDescription;
  readonly program: Program;
}

/** The state machines, by ARN. */
export class Machines {
  readonly #place: Place;
  readonly #ids: Ids;
  readonly #revisions = new Map<string, Revision>();

  constructor(place: Place, ids: Ids) {
    this.#place = place;
    this.#ids = ids;
  }

  /** The same request again changes nothing; any difference, even in formatting, is StateMachineAlreadyExists ([62] of the recordings). */
  create(request: CreateStateMachineRequest, nowMs: number): StateMachineDescription {
    checkName(request.name);
    const arn = stateMachineArn(this.#place, request.name);
    const type = request.type ?? 'STANDARD';
    const configuration = request.configuration ?? {};
    const existing = this.#revisions.get(arn);
    if (existing !== undefined) {
      const { description } = existing;
      const isSame =
        description.definition === request.definition &&
        description.roleArn === request.roleArn &&
        description.type === type &&
        JSON.stringify(description.configuration) === JSON.stringify(configuration);
      if (isSame) return description;
      throw new EngineError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const program = loadDefinition(request.definition, type);
    const description: StateMachineDescription = {
      stateMachineArn: arn,
      name: request.name,
      type,
      status: 'ACTIVE',
      definition: request.definition,
      roleArn: request.roleArn,
      creationDateMs: nowMs,
      revisionId: undefined,
      updateDateMs: undefined,
      configuration,
    };
    this.#revisions.set(arn, { description, program });
    return description;
  }

  /** A new revision, unless nothing differs ([63] of the recordings). */
  update(request: UpdateStateMachineRequest, nowMs: number): StateMachineDescription {
    const { description, program } = this.get(request.stateMachineArn);
    const definition = request.definition ?? description.definition;
    const roleArn = request.roleArn ?? description.roleArn;
    const configuration = { ...description.configuration, ...request.configuration };
    const isSame =
      definition === description.definition &&
      roleArn === description.roleArn &&
      JSON.stringify(configuration) === JSON.stringify(description.configuration);
    if (isSame && description.revisionId !== undefined) return description;
    const updated: StateMachineDescription = {
      ...description,
      definition,
      roleArn,
      configuration,
      revisionId: this.#ids.uuid(),
      updateDateMs: nowMs,
    };
    const recompiled =
      definition === description.definition ? program : loadDefinition(definition, description.type);
    this.#revisions.set(description.stateMachineArn, { description: updated, program: recompiled });
    return updated;
  }

  get(arn: string): Revision {
    checkArn(arn);
    const revision = this.#revisions.get(arn);
    if (revision !== undefined) return revision;
    if (resourceType(arn) !== 'stateMachine') {
      throw new EngineError(
        'InvalidArn',
        `Invalid Arn: 'Resource type not valid in this context: ${resourceType(arn)}'`,
      );
    }
    throw new EngineError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  delete(arn: string): void {
    checkArn(arn);
    this.#revisions.delete(arn);
  }

  list(): readonly StateMachineDescription[] {
    return Array.from(this.#revisions.values(), ({ description }) => description);
  }
}
