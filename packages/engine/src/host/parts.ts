import type { Store } from '../journal/store.ts';
import { StoreError } from '../journal/store.ts';
import { NO_MAP_RUN_IO } from '../tasks/map-run-io.ts';
import { Activities } from './activities.ts';
import { Announcer } from './announcer.ts';
import { Archiver } from './archiver.ts';
import type { Place } from './arns.ts';
import { EndWaiters } from './end-waiters.ts';
import type { EngineOptions } from './engine-api.ts';
import type { Ids } from './ids.ts';
import { createIds } from './ids.ts';
import { JournalWriter } from './journal-writer.ts';
import { Machines } from './machines.ts';
import { MapRunDirectory } from './map-run-directory.ts';
import { MapRuns } from './map-runs.ts';
import { giveUp, timersOf } from './recover.ts';
import { isRedriveAt } from './redrive.ts';
import { Resources } from './resources.ts';
import { Revisions } from './revisions.ts';
import type { Run, RunHost } from './run.ts';
import { Runs } from './runs.ts';
import { Timers } from './timers.ts';
import { ReplayMismatch } from '../journal/replay.ts';

/** All that an engine consists of, over one store. */
export interface Parts {
  readonly place: Place;
  readonly ids: Ids;
  readonly store: Store;
  readonly journal: JournalWriter;
  readonly resources: Resources;
  readonly revisions: Revisions;
  readonly machines: Machines;
  readonly activities: Activities;
  readonly runs: Runs;
  readonly timers: Timers;
  readonly waiters: EndWaiters;
  readonly announcer: Announcer;
  readonly archiver: Archiver;
  readonly mapRuns: MapRuns;
  readonly directory: MapRunDirectory;
  readonly host: RunHost;
}

export function assemble(options: EngineOptions): Parts {
  const { clock, store, runner } = options;
  const log: RunHost['log'] = (entry) => options.onLog?.(entry);
  const place = { region: options.region ?? 'us-east-1', account: options.account ?? '000000000000' };
  const ids = createIds(options.seed, store.lastSequence());
  const journal = new JournalWriter(store, log);
  const resources = new Resources(store, journal);
  const revisions = new Revisions(store);
  const machines = new Machines(place, ids, resources, revisions);
  const activities = new Activities(place, clock, resources);
  const waiters = new EndWaiters();
  const announcer = new Announcer(options, place, ids);
  const runs = new Runs({
    store,
    journal,
    revisions,
    timers: () => timers,
    host: () => host,
    restingEventsMax: options.restingEventsMax,
    giveUp: (row, mismatch) => void giveUp({ store, journal, runs, waiters, host }, row, mismatch),
  });
  const timers = new Timers(
    clock,
    store,
    (execution) => wake({ store, journal, runs, host, timers: () => timers }, execution),
    (error) => log({ level: 'error', message: error.message }),
  );
  const archiver = new Archiver(store, journal, runs);
  const io = options.mapRunIo ?? NO_MAP_RUN_IO;
  const mapRuns = new MapRuns({ store, runs, revisions, announcer, archiver, waiters, io, host: () => host });
  const directory = new MapRunDirectory({ store, runs, nowMs: () => clock.now() });
  const host: RunHost = {
    clock,
    journal,
    runner,
    timers,
    activities,
    mapRuns,
    log,
    advanced(run, firstEventId) {
      const isRedrive = isRedriveAt(run, firstEventId);
      if (isRedrive) runs.redriven();
      announcer.advanced(run, firstEventId, isRedrive);
    },
    rests: (run) => runs.rests(run),
    ended(run) {
      runs.ended();
      announcer.ended(run);
      mapRuns.ended(run);
      waiters.ended(run.row, runs.runningCount === 0);
      archiver.ended();
    },
  };
  const state = { place, ids, store, journal, resources, revisions, machines, activities };
  return { ...state, runs, timers, waiters, announcer, archiver, mapRuns, directory, host };
}

/** The execution whose timer is due, brought back; undefined when it had to be given up, or cannot be read. */
function wake(
  parts: Pick<Parts, 'store' | 'journal' | 'runs' | 'host'> & { readonly timers: () => Timers },
  execution: number,
): Run | undefined {
  const { store, journal, runs, host } = parts;
  try {
    return runs.bySequence(execution);
  } catch (error) {
    if (error instanceof ReplayMismatch) return undefined;
    if (!(error instanceof StoreError)) throw error;
    host.log({ level: 'error', message: error.message });
    // Others go on; it is for the next start to try it again, and to say so.
    const timers = timersOf(store, execution);
    journal.commit([{ kind: 'awake', execution, timers }]).then(
      () => parts.timers().storeChanged(),
      () => undefined,
    );
    return undefined;
  }
}
