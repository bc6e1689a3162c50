import type { MapRun } from '../core/map-run/map-run.ts';
import type { MapRunDescription } from './map-run-api.ts';

export function describeMapRun(run: MapRun): MapRunDescription {
  return {
    mapRunArn: run.arn,
    executionArn: run.executionArn,
    stateMachineArn: run.children.arn,
    status: run.status,
    startDateMs: run.startedMs,
    stopDateMs: run.stoppedMs,
    maxConcurrency: run.maxConcurrency,
    toleratedFailureCount: run.toleratedFailureCount ?? 0,
    toleratedFailurePercentage: run.toleratedFailurePercentage ?? 0,
    itemCounts: { ...run.itemCounts },
    executionCounts: { ...run.executionCounts },
    redriveCount: run.redriveCount,
    redriveDateMs: run.redrivenMs,
  };
}

const NONE = new Map<number, MapRunDescription>();

/** The map runs of one execution as they were when that became durable. What has ended is described once, until it is redriven. */
export class MapRunDescriptions {
  /** Made when there is one. */
  #byId: Map<number, MapRunDescription> = NONE;

  update(runs: ReadonlyMap<number, MapRun>): void {
    for (const [id, run] of runs) {
      const known = this.#byId.get(id);
      const isAsKnown =
        known !== undefined && known.status !== 'RUNNING' && known.redriveCount === run.redriveCount;
      if (isAsKnown) continue;
      if (this.#byId === NONE) this.#byId = new Map();
      this.#byId.set(id, describeMapRun(run));
    }
  }

  /** Those that began, ended or were redriven since the last update, by their ids. */
  changes(runs: ReadonlyMap<number, MapRun>): (readonly [number, MapRunDescription])[] {
    const changed: (readonly [number, MapRunDescription])[] = [];
    for (const [id, run] of runs) {
      const known = this.#byId.get(id);
      const isAsKnown = known?.status === run.status && known.redriveCount === run.redriveCount;
      if (!isAsKnown) changed.push([id, describeMapRun(run)]);
    }
    return changed;
  }

  get(id: number): MapRunDescription | undefined {
    return this.#byId.get(id);
  }

  /** In the order of their starts. */
  list(): readonly MapRunDescription[] {
    return [...this.#byId.values()];
  }
}
