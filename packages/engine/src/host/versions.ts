import { EngineError } from './engine-error.ts';
import type { VersionDescription } from './engine-api.ts';
import { splitQualifier, versionNumber } from './arns.ts';
import type { Resources } from './resources.ts';
import type { Revision, Revisions } from './revisions.ts';

/** A published version: a revision under a number, for good. */
export interface Version {
  readonly description: VersionDescription;
  readonly revision: Revision;
}

/** AWS's quota of versions of one state machine. */
export const VERSIONS_MAX = 1000;

interface Published {
  /** Numbers are not used again ([69] of the recordings). */
  nextNumber: number;
  readonly versions: Map<number, Version>;
}

/** What the store has of a version; its key is its ARN. */
interface StoredVersion {
  readonly creationDateMs: number;
  readonly description?: string | undefined;
  readonly revision: number;
}

/** The published versions of all state machines. */
export class Versions {
  readonly #byMachine = new Map<string, Published>();
  readonly #resources: Resources;

  /** `nextNumbers`: by the ARN of the machine. */
  constructor(resources: Resources, revisions: Revisions, nextNumbers: ReadonlyMap<string, number>) {
    this.#resources = resources;
    for (const [machineArn, nextNumber] of nextNumbers) {
      this.#byMachine.set(machineArn, { nextNumber, versions: new Map() });
    }
    for (const { key, value } of resources.list('version')) {
      const { creationDateMs, description, revision } = value as StoredVersion;
      this.#byMachine.get(splitQualifier(key).machineArn)?.versions.set(versionNumber(key) ?? 0, {
        description: { stateMachineVersionArn: key, creationDateMs, description },
        revision: revisions.get(revision),
      });
    }
  }

  /** The number that the next version gets. */
  nextNumber(machineArn: string): number {
    return this.#byMachine.get(machineArn)?.nextNumber ?? 1;
  }

  /** Idempotent: while a version of this very revision exists, that one is the answer. */
  publish(revision: Revision, description: string | undefined, nowMs: number): VersionDescription {
    const machineArn = revision.description.stateMachineArn;
    const published = this.#byMachine.get(machineArn) ?? {
      nextNumber: 1,
      versions: new Map<number, Version>(),
    };
    const existing = [...published.versions.values()].findLast((version) => version.revision === revision);
    if (existing !== undefined) return existing.description;
    if (published.versions.size >= VERSIONS_MAX) {
      throw new EngineError(
        'ServiceQuotaExceededException',
        `The number of versions of the state machine '${machineArn}' may not exceed ${VERSIONS_MAX}.`,
      );
    }
    const number = published.nextNumber++;
    const created: VersionDescription = {
      stateMachineVersionArn: `${machineArn}:${number}`,
      creationDateMs: nowMs,
      description,
    };
    published.versions.set(number, { description: created, revision });
    this.#byMachine.set(machineArn, published);
    const stored: StoredVersion = { creationDateMs: nowMs, description, revision: revision.number };
    this.#resources.put('version', created.stateMachineVersionArn, stored);
    return created;
  }

  find(machineArn: string, number: number): Version | undefined {
    return this.#byMachine.get(machineArn)?.versions.get(number);
  }

  /** Newest first. */
  list(machineArn: string): readonly VersionDescription[] {
    const versions = this.#byMachine.get(machineArn)?.versions.values() ?? [];
    return Array.from(versions, ({ description }) => description).toReversed();
  }

  delete(machineArn: string, number: number): void {
    if (this.#byMachine.get(machineArn)?.versions.delete(number) !== true) return;
    this.#resources.remove('version', `${machineArn}:${number}`);
  }

  deleteAll(machineArn: string): void {
    for (const number of this.#byMachine.get(machineArn)?.versions.keys() ?? []) {
      this.#resources.remove('version', `${machineArn}:${number}`);
    }
    this.#byMachine.delete(machineArn);
  }
}
