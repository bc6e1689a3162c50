import { isArray, isObject, parseJson, type Json, type JsonObject, type State } from '@stepyard/asl';
import type { Settlement } from '@stepyard/engine';
import { loadSdk } from '@stepyard/services';
import { ApiError, refused } from '../../protocol/api-error.ts';
import { optionalNumber, optionalText } from '../operation.ts';
import { checkAnswer, type ValidationMode } from './check-answer.ts';
import { mockedApi } from './mocked-api.ts';
import { answerModel } from './service-models.ts';
import type { TestedState } from './tested-definition.ts';

const MOCKABLE: ReadonlySet<State['type']> = new Set(['Task', 'Map', 'Parallel']);

/** Checks what a request says besides its definition (test_state/state-mock-validation--*). Throws ValidationException. */
export function checkMockRequest(input: JsonObject): void {
  const mock = input['mock'];
  const configuration = input['stateConfiguration'];
  if (!isObject(mock)) {
    if (isObject(configuration)) {
      for (const [member, label] of CONFIGURED_WITH_MOCK) {
        if (configuration[member] === undefined) continue;
        throw invalid(`TestState does not support ${label} when a mock is not specified.`);
      }
    }
    return;
  }
  if (mock['result'] !== undefined && mock['errorOutput'] !== undefined) {
    throw invalid('A test mock should have only one of the following fields: [result, errorOutput].');
  }
  if (input['revealSecrets'] === true) {
    throw invalid('TestState does not support RevealSecrets when a mock is specified.');
  }
}

const CONFIGURED_WITH_MOCK = [
  ['mapIterationFailureCount', 'MapIterationFailureCount'],
  ['errorCausedByState', 'ErrorCausedByState'],
  ['mapItemReaderData', 'MapItemReaderData'],
] as const;

/**
 * What the state's work is said to have come to; undefined without a mock. Throws ValidationException for a result that the state
 * cannot have, and a refusal where the service's model is needed and not installed.
 */
export async function readMock(
  input: JsonObject,
  tested: TestedState,
  state: State,
): Promise<Settlement | undefined> {
  const mock = input['mock'];
  if (!isObject(mock)) {
    if (state.type === 'Map' || state.type === 'Parallel') {
      throw new ApiError(
        'InvalidDefinition',
        'TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]',
      );
    }
    return undefined;
  }
  if (!MOCKABLE.has(state.type)) {
    throw invalid(`State type '${state.type}' is not supported when a mock is specified`);
  }
  const errorOutput = mock['errorOutput'];
  if (isObject(errorOutput)) {
    const failure = { error: optionalText(errorOutput, 'error'), cause: optionalText(errorOutput, 'cause') };
    return { kind: 'failed', failure };
  }
  const result = parseJson(optionalText(mock, 'result') ?? '{}');
  if (result === undefined) throw invalid('Mocked result must be valid JSON');
  checkChildren(state, tested, result, input['stateConfiguration']);
  const mode = (optionalText(mock, 'fieldValidationMode') ?? 'STRICT') as ValidationMode;
  if (state.type === 'Task' && mode !== 'NONE') await checkTaskResult(state, result, mode);
  return { kind: 'succeeded', output: result };
}

function checkChildren(
  state: State,
  tested: TestedState,
  result: Json,
  configuration: Json | undefined,
): void {
  if (state.type !== 'Map' && state.type !== 'Parallel') return;
  // With a ResultWriter the result says where the results are.
  if (state.type === 'Map' && tested.source['ResultWriter'] !== undefined) return;
  if (!isArray(result)) throw invalid('Mocked result must be an array.');
  if (state.type === 'Parallel' && result.length !== state.branches.length) {
    throw invalid('Mocked result must contain the same number of items as number of Parallel branches.');
  }
  const failed = isObject(configuration)
    ? optionalNumber(configuration, 'mapIterationFailureCount')
    : undefined;
  if (state.type === 'Map' && failed !== undefined && failed > result.length) {
    throw invalid('Map iteration failure count must be less than or equal to the number of Map iterations');
  }
}

async function checkTaskResult(
  state: Extract<State, { type: 'Task' }>,
  result: Json,
  mode: ValidationMode,
): Promise<void> {
  const api = mockedApi(state.resource);
  if (api === undefined) return;
  const { service, operation, within } = api;
  const sdk = await loadSdk(service).catch(() => undefined);
  const answer = sdk === undefined ? undefined : answerModel(sdk, operation);
  if (answer === undefined) {
    throw refused(
      `Checking a mocked result of ${service}:${operation}`,
      `It needs the service's model: install its AWS SDK client, or set fieldValidationMode to NONE.`,
    );
  }
  const list =
    within !== undefined && answer.kind === 'structure' ? answer.members.get(within)?.() : undefined;
  checkAnswer(list?.kind === 'list' ? list.member() : answer, withoutPayload(state, result), mode);
}

/** States see a function's answer parsed, while the model has it as bytes. */
function withoutPayload(state: Extract<State, { type: 'Task' }>, result: Json): Json {
  const { resource } = state;
  const isInvoke = resource.kind === 'integration' && resource.service === 'lambda';
  if (!isInvoke || !isObject(result)) return result;
  const { Payload: _payload, ...rest } = result;
  return rest;
}

function invalid(message: string): ApiError {
  return new ApiError('ValidationException', message);
}
