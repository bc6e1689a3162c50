import type { TaskRequest, TaskResult, TaskRunner } from '@stepyard/engine';
import { ApiError } from '../protocol/api-error.ts';
import type { MockConfig, MockedResponse } from './mock-config.ts';

/**
 * Answers the tasks and activities of executions that were started with a test case (`<state machine ARN>#<test case>`), children
 * of their map runs included, and gives all others to the real runner. It keeps nothing: which test case, and which invocation of
 * a state, is told by the execution itself, so a restart in between changes nothing.
 */
export interface MockRunner extends TaskRunner {
  /** Throws ApiError for a test case that the file does not have. */
  checkTestCase(stateMachineName: string, testCaseName: string): void;
}

/** `complete` ends a `.waitForTaskToken` task, whose call alone does not. */
export function createMockRunner(
  config: MockConfig,
  inner: TaskRunner,
  complete: (token: string, result: TaskResult) => Promise<void>,
): MockRunner {
  return {
    checkTestCase(stateMachineName, testCaseName) {
      if (config.testCase(stateMachineName, testCaseName) === undefined)
        throw new ApiError('ValidationException', noSuchTestCase(stateMachineName, testCaseName));
    },
    async run(request, report, signal) {
      const result = mockedResult(config, request);
      if (result === undefined) return await inner.run(request, report, signal);
      if (request.token === undefined) return result;
      report.submitted({});
      await complete(request.token, result);
      return { kind: 'succeeded', output: {} };
    },
    async repeat(request, ...rest) {
      return mockedResult(config, request) === undefined ? inner.repeat?.(request, ...rest) : undefined;
    },
    takeActivity: (request) => mockedResult(config, request) ?? inner.takeActivity?.(request),
    // What was submitted was submitted to a service: a mock answers at once.
    ...(inner.reattach === undefined ? {} : { reattach: inner.reattach.bind(inner) }),
  };
}

/** Undefined: it is for the real ones. */
function mockedResult(config: MockConfig, request: TaskRequest): TaskResult | undefined {
  const { testCase: name, stateName, invocation } = request;
  if (name === undefined) return undefined;
  const machine = machineName(request.stateMachineArn);
  const testCase = config.testCase(machine, name);
  // Started before a restart, with another file.
  if (testCase === undefined) return failed(noSuchTestCase(machine, name));
  const state = testCase.states.get(stateName);
  if (state === undefined) {
    if (testCase.unlisted === 'Real') return undefined;
    return failed(`The test case '${name}' has no mock of the state '${stateName}'.`);
  }
  const response = state.response(invocation);
  return response === undefined
    ? failed(
        `The mocked response ${state.responseName} of state ${stateName} has no entry for invocation ${invocation}.`,
      )
    : resultOf(response);
}

function resultOf(response: MockedResponse): TaskResult | undefined {
  if (response.kind === 'return') return { kind: 'succeeded', output: response.value };
  if (response.kind === 'throw') return { kind: 'failed', error: response.error, cause: response.cause };
  return undefined;
}

function failed(cause: string): TaskResult {
  return { kind: 'failed', error: 'States.Runtime', cause };
}

function noSuchTestCase(machine: string, testCase: string): string {
  return `The mocks file has no test case '${testCase}' of state machine '${machine}'`;
}

/** `...:stateMachine:<name>`, or of a map run's children `...:stateMachine:<name>/<label>`. */
function machineName(stateMachineArn: string): string {
  return stateMachineArn.split(':')[6]?.split('/')[0] ?? '';
}
