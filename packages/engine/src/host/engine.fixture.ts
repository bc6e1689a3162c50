import type { Json } from '@stepyard/asl';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { createVirtualClock } from '../clock/virtual-clock.ts';
import { createMemoryStore } from '../journal/memory-store.ts';
import type { Store } from '../journal/store.ts';
import type { MapRunIo } from '../tasks/map-run-io.ts';
import type { Mocks } from '../tasks/mock-runner.ts';
import { createMockTaskRunner } from '../tasks/mock-runner.ts';
import type { TaskRunner } from '../tasks/task-runner.ts';
import type { Engine, EngineLogEntry, StatusChangeEvent } from './engine-api.ts';
import { openEngine } from './engine.ts';

export interface EngineUnderTest {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly changes: StatusChangeEvent[];
  readonly log: EngineLogEntry[];
  /** Creates a machine, named `m` unless given, and gives its ARN. */
  readonly machine: (
    definition: Json,
    fields?: { name?: string; type?: 'STANDARD' | 'EXPRESS' },
  ) => Promise<string>;
}

/** An engine on a virtual clock that is moved by hand (unless `autoAdvance`), with mocks, from one seed. */
export async function engineUnderTest(
  options: {
    mocks?: Mocks;
    runner?: TaskRunner;
    autoAdvance?: boolean;
    store?: Store;
    seed?: string;
    mapRunIo?: MapRunIo;
  } = {},
): Promise<EngineUnderTest> {
  const clock = createVirtualClock({ startMs: 1_000_000, autoAdvance: options.autoAdvance ?? false });
  const changes: StatusChangeEvent[] = [];
  const log: EngineLogEntry[] = [];
  const engine = await openEngine({
    clock,
    store: options.store ?? createMemoryStore(),
    runner: options.runner ?? createMockTaskRunner(options.mocks ?? {}, clock),
    seed: options.seed ?? 'seed',
    ...(options.mapRunIo === undefined ? {} : { mapRunIo: options.mapRunIo }),
    onStatusChange: (event) => changes.push(event),
    onLog: (entry) => log.push(entry),
  });
  return {
    engine,
    clock,
    changes,
    log,
    async machine(definition, fields = {}) {
      const { stateMachineArn } = await engine.createStateMachine({
        name: fields.name ?? 'm',
        definition: JSON.stringify(definition),
        roleArn: 'arn:aws:iam::000000000000:role/r',
        type: fields.type ?? 'STANDARD',
      });
      return stateMachineArn;
    },
  };
}
