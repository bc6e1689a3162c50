import type { TaskRequest, TaskResult, TaskRunner } from '@stepyard/engine';
import { ApiError } from '../protocol/api-error.ts';
import type { MockConfig, MockedResponse, TestCase } from './mock-config.ts';

/**
 * Answers tasks from a mocks file for the executions that were started with a test case (`<state machine ARN>#<test case>`), and
 * gives all others to the real runner.
 */
export interface MockRunner extends TaskRunner {
  /** Before an execution starts: from now on its tasks are answered by the test case. Throws ApiError for an unknown one. */
  useTestCase(stateMachineName: string, executionName: string, testCaseName: string): void;
}

interface MockedExecution {
  readonly testCase: TestCase;
  readonly invocations: Map<string, number>;
}

/** `complete` ends a `.waitForTaskToken` task, whose call alone does not. */
export function createMockRunner(
  config: MockConfig,
  inner: TaskRunner,
  complete: (token: string, response: MockedResponse) => Promise<void>,
): MockRunner {
  const executions = new Map<string, MockedExecution>();
  return {
    useTestCase(stateMachineName, executionName, testCaseName) {
      const testCase = config.testCase(stateMachineName, testCaseName);
      if (testCase === undefined) {
        const message = `The mocks file has no test case '${testCaseName}' of state machine '${stateMachineName}'`;
        throw new ApiError('ValidationException', message);
      }
      executions.set(`${stateMachineName}:${executionName}`, { testCase, invocations: new Map() });
    },
    async run(request, report, signal) {
      const response = nextResponse(executions.get(executionKey(request)), request);
      if (response === undefined) return await inner.run(request, report, signal);
      if (request.token === undefined) return resultOf(response);
      report.submitted({});
      await complete(request.token, response);
      return { kind: 'succeeded', output: {} };
    },
  };
}

function nextResponse(
  execution: MockedExecution | undefined,
  request: TaskRequest,
): MockedResponse | undefined {
  const state = execution?.testCase.get(request.stateName);
  if (execution === undefined || state === undefined) return undefined;
  const invocation = execution.invocations.get(request.stateName) ?? 0;
  execution.invocations.set(request.stateName, invocation + 1);
  return (
    state.response(invocation) ?? {
      kind: 'throw',
      error: 'States.Runtime',
      cause: `The mocked response ${state.responseName} of state ${request.stateName} has no entry for invocation ${invocation}.`,
    }
  );
}

function resultOf(response: MockedResponse): TaskResult {
  return response.kind === 'return'
    ? { kind: 'succeeded', output: response.value }
    : { kind: 'failed', error: response.error, cause: response.cause };
}

/** Machine and execution name of an ARN: `...:execution:<machine>:<name>`, `...:express:<machine>:<name>:<id>`. */
function executionKey(request: TaskRequest): string {
  const parts = request.executionArn.split(':');
  return `${parts[6] ?? ''}:${parts[7] ?? ''}`;
}
