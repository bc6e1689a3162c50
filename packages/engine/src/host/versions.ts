import { EngineError } from './engine-error.ts';
import type { VersionDescription } from './engine-api.ts';
import type { Revision } from './machines.ts';

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

/** The published versions of all state machines. */
export class Versions {
  readonly #byMachine = new Map<string, Published>();

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
    this.#byMachine.get(machineArn)?.versions.delete(number);
  }

  deleteAll(machineArn: string): void {
    this.#byMachine.delete(machineArn);
  }
}
