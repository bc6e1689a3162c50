import type { Engine, TaskRunner } from '@stepyard/engine';
import type { MockConfig } from './mock-config.ts';
import { createMockRunner, type MockRunner } from './mock-runner.ts';

/** A runner of mocks before the real one, whose callbacks go to the engine that it runs for. */
export function openMocks(config: MockConfig, real: TaskRunner, engine: () => Engine): MockRunner {
  return createMockRunner(config, real, (taskToken, result) =>
    result.kind === 'succeeded'
      ? engine().sendTaskSuccess({ taskToken, output: JSON.stringify(result.output) })
      : engine().sendTaskFailure({ taskToken, error: result.error, cause: result.cause ?? '' }),
  );
}
