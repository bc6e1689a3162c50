import { randomUUID } from 'node:crypto';
import { isObject, parseJson, type Json, type JsonObject, type State } from '@stepyard/asl';
import {
  testState as runState,
  type HttpExchange,
  type StateTestRequest,
  type StateTestResult,
} from '@stepyard/engine';
import { REGION } from '@stepyard/services';
import { ApiError } from '../../protocol/api-error.ts';
import { optionalNumber, optionalText, text, type Operation } from '../operation.ts';
import { readContext } from '../test-state/context.ts';
import { exchangeData, inspectionData } from '../test-state/inspection.ts';
import { checkMockRequest, readMock } from '../test-state/mock.ts';
import { spacedJson } from '../test-state/spaced-json.ts';
import { testedState, type TestedState } from '../test-state/tested-definition.ts';

/**
 * Runs one state and shows what becomes of its data. It creates nothing. The execution that the state sees is made up; a Task
 * without a mock is really run.
 */
export const testState: Operation = async ({ account, runner }, input) => {
  checkMockRequest(input);
  const tested = testedState(text(input, 'definition'), optionalText(input, 'stateName'));
  const state = tested.states.states.get(tested.stateName);
  if (state === undefined) throw new Error('the tested state is in its list');
  const mock = await readMock(input, tested, state);
  if (mock === undefined) checkReal(state, input);
  const request = testRequest(account, input, tested, state);
  const isGroup = state.type === 'Map' || state.type === 'Parallel';
  let exchange: HttpExchange | undefined;
  const onExchange = (last: HttpExchange): void => void (exchange = last);
  const options = { runner, mock, onExchange };
  const result = await runState({ ...request, children: isGroup ? mock : undefined }, options);
  return answer(input, state, request, { ...result, exchange });
};

function answer(
  input: JsonObject,
  state: State,
  request: StateTestRequest,
  result: StateTestResult & { readonly exchange: HttpExchange | undefined },
): Readonly<Record<string, Json | undefined>> {
  const level = optionalText(input, 'inspectionLevel') ?? 'INFO';
  const { exchange } = result;
  const wire =
    level === 'TRACE' && exchange !== undefined
      ? exchangeData(exchange, input['revealSecrets'] === true)
      : {};
  return {
    output: result.output === undefined ? undefined : spacedJson(result.output),
    error: result.error,
    cause: result.cause,
    inspectionData:
      level === 'INFO' ? undefined : { ...inspectionData(state, request.started.input, result), ...wire },
    nextState: result.nextState,
    status: result.status,
  };
}

/** What a state without a mock may not be. */
function checkReal(state: State, input: JsonObject): void {
  if (state.type !== 'Task') return;
  if (optionalText(input, 'roleArn') === undefined) {
    throw new ApiError('ValidationException', 'RoleArn must be specified when testing a Task state');
  }
  const { resource } = state;
  const waits =
    resource.kind === 'activity' || ('pattern' in resource && resource.pattern !== 'requestResponse');
  if (!waits) return;
  throw new ApiError(
    'InvalidDefinition',
    'TestState API does not support activities, .sync or .waitForTaskToken without a mock.',
  );
}

function testRequest(
  account: string,
  input: JsonObject,
  tested: TestedState,
  state: State,
): StateTestRequest {
  const configuration = isObject(input['stateConfiguration']) ? input['stateConfiguration'] : {};
  const context = optionalText(input, 'context');
  const variables = jsonMember(optionalText(input, 'variables') ?? '{}', 'variables');
  if (!isObject(variables)) throw new ApiError('ValidationException', 'Variables must be a JSON object.');
  const readerData = optionalText(configuration, 'mapItemReaderData');
  const isRead = state.type === 'Map' && tested.source['ItemReader'] !== undefined;
  return {
    ...tested,
    started: started(account, input),
    nowMs: Date.now(),
    variables,
    context: context === undefined ? undefined : readContext(context),
    retryCount: optionalNumber(configuration, 'retrierRetryCount') ?? 0,
    children: undefined,
    failedIterations: optionalNumber(configuration, 'mapIterationFailureCount'),
    items: isRead ? jsonMember(readerData ?? '[]', 'mapItemReaderData') : undefined,
  };
}

/** The execution that the state sees ([97] of the recordings): Express, of a machine that does not exist. */
function started(account: string, input: JsonObject): StateTestRequest['started'] {
  const given = optionalText(input, 'input') ?? '{}';
  if (parseJson(given) === undefined) {
    throw new ApiError('InvalidExecutionInput', "Invalid State Machine Execution Input: 'it is not JSON'");
  }
  const [machine, name] = [randomUUID(), randomUUID()];
  const arn = (resource: string): string => `arn:aws:states:${REGION}:${account}:${resource}`;
  return {
    kind: 'started',
    executionArn: arn(`express:${machine}:${name}`),
    name,
    stateMachineArn: arn(`stateMachine:${machine}`),
    stateMachineName: machine,
    roleArn: optionalText(input, 'roleArn') ?? '',
    type: 'EXPRESS',
    input: given,
    seed: name,
    sync: true,
  };
}

function jsonMember(value: string, name: string): Json {
  const json = parseJson(value);
  if (json === undefined) throw new ApiError('ValidationException', `The ${name} must be valid JSON.`);
  return json;
}
