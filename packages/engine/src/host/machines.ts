import type { Place } from './arns.ts';
import { Aliases, checkRoutes, routeFor } from './aliases.ts';
import { checkArn, checkName, resourceType, splitQualifier, stateMachineArn, versionNumber } from './arns.ts';
import { loadDefinition } from './definition.ts';
import type {
  AliasDescription,
  AliasRoute,
  CreateStateMachineRequest,
  StateMachineDescription,
  UpdateStateMachineRequest,
  VersionDescription,
} from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import type { Ids } from './ids.ts';
import type { Resources } from './resources.ts';
import type { Revision, Revisions } from './revisions.ts';
import type { Version } from './versions.ts';
import { Versions } from './versions.ts';

/** What a start by an ARN runs, and by which version and alias. */
export interface Target {
  readonly revision: Revision;
  readonly versionArn: string | undefined;
  readonly aliasArn: string | undefined;
}

/** What the store has of a machine: the numbers of its current revision and of the version that is published next. */
interface StoredMachine {
  readonly revision: number;
  readonly nextVersion: number;
}

/** The state machines, by ARN, with their versions and aliases. Changes are durable once `resources` are saved. */
export class Machines {
  readonly #place: Place;
  readonly #ids: Ids;
  readonly #resources: Resources;
  readonly #revisions: Revisions;
  readonly #current = new Map<string, Revision>();
  readonly #versions: Versions;
  readonly #aliases: Aliases;

  constructor(place: Place, ids: Ids, resources: Resources, revisions: Revisions) {
    this.#place = place;
    this.#ids = ids;
    this.#resources = resources;
    this.#revisions = revisions;
    const numbers = new Map<string, number>();
    for (const { key, value } of resources.list('machine')) {
      const { revision, nextVersion } = value as StoredMachine;
      this.#current.set(key, revisions.get(revision));
      numbers.set(key, nextVersion);
    }
    this.#versions = new Versions(resources, revisions, numbers);
    this.#aliases = new Aliases(resources);
  }

  /**
   * The same request again changes nothing, nor does another role (API reference); any other difference, even in formatting, is
   * StateMachineAlreadyExists ([62] of the recordings).
   */
  create(request: CreateStateMachineRequest, nowMs: number): StateMachineDescription {
    checkName(request.name);
    const arn = stateMachineArn(this.#place, request.name);
    const type = request.type ?? 'STANDARD';
    const configuration = request.configuration ?? {};
    const existing = this.#current.get(arn);
    if (existing !== undefined) {
      const { description } = existing;
      const isSame =
        description.definition === request.definition &&
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
    this.#revise(description, program);
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
    this.#revise(updated, recompiled);
    return updated;
  }

  #revise(description: StateMachineDescription, program: Revision['program']): void {
    const { revision, write } = this.#revisions.add(description, program);
    this.#resources.write(write);
    this.#keep(revision);
  }

  #keep(revision: Revision): void {
    const arn = revision.description.stateMachineArn;
    this.#current.set(arn, revision);
    const stored: StoredMachine = {
      revision: revision.number,
      nextVersion: this.#versions.nextNumber(arn),
    };
    this.#resources.put('machine', arn, stored);
  }

  get(arn: string): Revision {
    checkArn(arn);
    const revision = this.#current.get(arn);
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
    if (!this.#current.delete(arn)) return;
    this.#resources.remove('machine', arn);
    this.#versions.deleteAll(arn);
    this.#aliases.deleteAll(arn);
  }

  /** A machine, or a version of one under the version's own ARN. */
  describe(arn: string): StateMachineDescription {
    const version = this.#findVersion(arn);
    if (version === undefined) return this.get(arn).description;
    return {
      ...version.revision.description,
      stateMachineArn: arn,
      creationDateMs: version.description.creationDateMs,
    };
  }

  /** What a start by this ARN runs: an alias draws one of its versions by weight. */
  target(arn: string): Target {
    const alias = this.#aliases.find(arn);
    const versionArn =
      alias === undefined
        ? arn
        : routeFor(alias.routes, alias.routes.length === 1 ? 0 : this.#ids.fraction())
            ?.stateMachineVersionArn;
    const version = this.#findVersion(versionArn ?? arn);
    if (version === undefined) return { revision: this.get(arn), versionArn: undefined, aliasArn: undefined };
    return { revision: version.revision, versionArn, aliasArn: alias?.stateMachineAliasArn };
  }

  /** The machine of an ARN that may be a version's or an alias's. */
  owner(arn: string): Revision {
    const isQualified = this.#aliases.find(arn) !== undefined || this.#findVersion(arn) !== undefined;
    return this.get(isQualified ? splitQualifier(arn).machineArn : arn);
  }

  // ---------------------------------------------------------------- versions

  publish(
    request: { stateMachineArn: string; revisionId?: string; description?: string },
    nowMs: number,
  ): VersionDescription {
    const revision = this.get(request.stateMachineArn);
    const current = revision.description.revisionId ?? 'INITIAL';
    if (request.revisionId !== undefined && request.revisionId !== current) {
      throw new EngineError(
        'ConflictException',
        `Failed to publish the State Machine version for revision ${request.revisionId}. The current State Machine revision is ${current}.`,
      );
    }
    const version = this.#versions.publish(revision, request.description, nowMs);
    this.#keep(revision);
    return version;
  }

  version(arn: string): VersionDescription {
    const version = this.#findVersion(arn);
    if (version !== undefined) return version.description;
    checkArn(arn);
    throw new EngineError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }

  versions(machineArn: string): readonly VersionDescription[] {
    this.get(machineArn);
    return this.#versions.list(machineArn);
  }

  deleteVersion(arn: string): void {
    checkArn(arn);
    const { machineArn } = splitQualifier(arn);
    const number = versionNumber(arn);
    if (number === undefined) throw new EngineError('InvalidArn', `Invalid Arn: '${arn}'`);
    const names = this.#aliases
      .list(machineArn)
      .filter(({ routes }) => routes.some((route) => route.stateMachineVersionArn === arn))
      .map(({ name }) => name);
    if (names.length > 0) {
      throw new EngineError(
        'ConflictException',
        `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names.join(', ')}]`,
      );
    }
    this.#versions.delete(machineArn, number);
  }

  #findVersion(arn: string): Version | undefined {
    const number = versionNumber(arn);
    return number === undefined ? undefined : this.#versions.find(splitQualifier(arn).machineArn, number);
  }

  // ---------------------------------------------------------------- aliases

  createAlias(
    request: { name: string; description?: string; routes: readonly AliasRoute[] },
    nowMs: number,
  ): AliasDescription {
    this.#checkRoutes(request.routes);
    const machineArn = splitQualifier(request.routes[0]?.stateMachineVersionArn ?? '').machineArn;
    return this.#aliases.create({
      stateMachineAliasArn: `${machineArn}:${request.name}`,
      stateMachineArn: machineArn,
      name: request.name,
      description: request.description,
      routes: request.routes,
      creationDateMs: nowMs,
      updateDateMs: nowMs,
    });
  }

  updateAlias(
    request: { stateMachineAliasArn: string; description?: string; routes?: readonly AliasRoute[] },
    nowMs: number,
  ): AliasDescription {
    const alias = this.alias(request.stateMachineAliasArn);
    if (request.routes !== undefined) {
      this.#checkRoutes(request.routes);
      const isOwn = request.routes.every(
        (route) => splitQualifier(route.stateMachineVersionArn).machineArn === alias.stateMachineArn,
      );
      if (!isOwn) {
        const arns = request.routes.map((route) => route.stateMachineVersionArn).join(', ');
        const text = `Routing configuration must contain versions of one state machine. Received: [${arns}]`;
        throw new EngineError('ValidationException', text);
      }
    }
    const updated: AliasDescription = {
      ...alias,
      description: request.description ?? alias.description,
      routes: request.routes ?? alias.routes,
      updateDateMs: nowMs,
    };
    this.#aliases.replace(updated);
    return updated;
  }

  alias(arn: string): AliasDescription {
    checkArn(arn);
    const alias = this.#aliases.find(arn);
    if (alias !== undefined) return alias;
    throw new EngineError('ResourceNotFound', `Resource not found: '${arn}'`);
  }

  /** Those of a machine, or those that route to a version of it. */
  aliases(arn: string): readonly AliasDescription[] {
    const isVersion = this.#findVersion(arn) !== undefined;
    const own = this.#aliases.list(this.owner(arn).description.stateMachineArn);
    if (!isVersion) return own;
    return own.filter(({ routes }) => routes.some((route) => route.stateMachineVersionArn === arn));
  }

  deleteAlias(arn: string): void {
    checkArn(arn);
    this.#aliases.delete(arn);
  }

  #checkRoutes(routes: readonly AliasRoute[]): void {
    for (const { stateMachineVersionArn } of routes) checkArn(stateMachineVersionArn);
    checkRoutes(routes, (arn) =>
      this.#findVersion(arn) === undefined ? undefined : splitQualifier(arn).machineArn,
    );
  }

  list(): readonly StateMachineDescription[] {
    return Array.from(this.#current.values(), ({ description }) => description);
  }
}
