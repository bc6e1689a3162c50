import type { MapRunIo, TaskRunner } from '@stepyard/engine';
import { aroundRunner } from './around-runner.ts';

/**
 * Holds work back until everything that it may need has been deployed: a restart takes executions up before that. Their timeouts run
 * meanwhile, and an attempt that ends before it was begun never is.
 */
export function afterStart(
  started: Promise<void> | undefined,
  { runner, mapRunIo }: { readonly runner: TaskRunner; readonly mapRunIo: MapRunIo },
): { readonly runner: TaskRunner; readonly mapRunIo: MapRunIo } {
  const held = aroundRunner(runner, async (work) => {
    await started;
    return work();
  });
  return {
    runner: {
      ...held,
      async run(request, report, signal) {
        await started;
        return signal.aborted ? NEVER_BEGUN : runner.run(request, report, signal);
      },
    },
    mapRunIo: {
      async *read(request, signal) {
        await started;
        yield* mapRunIo.read(request, signal);
      },
      async write(request) {
        await started;
        return mapRunIo.write(request);
      },
    },
  };
}

/** Nobody hears it. */
const NEVER_BEGUN = { kind: 'failed', error: 'States.TaskFailed', cause: undefined } as const;
