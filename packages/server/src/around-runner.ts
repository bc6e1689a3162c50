import type { TaskRunner } from '@stepyard/engine';

/** A runner whose work is done within `wrap`. */
export function aroundRunner(
  runner: TaskRunner,
  wrap: <Result>(work: () => Promise<Result>) => Promise<Result>,
): TaskRunner {
  return {
    run: async (request, report, signal) => wrap(() => runner.run(request, report, signal)),
    repeat: async (request, sinceMs, report, signal) =>
      wrap(async () => runner.repeat?.(request, sinceMs, report, signal)),
    takeActivity: (request) => runner.takeActivity?.(request),
    reattach: async (request, submission, signal) =>
      wrap(async () => runner.reattach?.(request, submission, signal)),
  };
}
