import type { Json, JsonObject, State } from '@stepyard/asl';
import type { HttpExchange, Station, StateTestResult } from '@stepyard/engine';
import { spacedJson } from './spaced-json.ts';

const RESULT: readonly Station[] = ['afterResultSelector', 'afterResultPath'];
const MAP: readonly Station[] = [
  'afterItemSelector',
  'maxConcurrency',
  'toleratedFailureCount',
  'toleratedFailurePercentage',
];

/** Which stations inspection data shows of a state in JSONPath ([92], [93] of the recordings). */
const JSONPATH: { readonly [T in State['type']]: readonly Station[] } = {
  Pass: ['afterInputPath', 'afterParameters', ...RESULT],
  Task: ['afterInputPath', 'afterParameters', 'result', ...RESULT],
  Choice: ['afterInputPath'],
  Wait: ['afterInputPath'],
  Succeed: ['afterInputPath'],
  Fail: ['afterInputPath'],
  Parallel: RESULT,
  Map: ['afterInputPath', 'afterItemsPath', ...MAP, ...RESULT],
};

const PASS_WITH_RESULT: readonly Station[] = ['result', ...RESULT];

/** JSONata knows fewer steps; a Task's `afterParameters` is its `afterArguments`. */
const JSONATA: Partial<{ readonly [T in State['type']]: readonly Station[] }> = {
  Task: ['afterParameters', 'result'],
  Map: MAP,
};

/** `inspectionData` of the levels DEBUG and TRACE: values as JSON text, numbers as they are. */
export function inspectionData(state: State, input: string, result: StateTestResult): JsonObject {
  const isJsonata = state.queryLanguage === 'JSONata';
  const stations = new Map(result.stations);
  // A Fail state has no data flow of its own: its input is all that it sees.
  if (state.type === 'Fail') stations.set('afterInputPath', JSON.parse(input) as Json);
  const data: Record<string, Json> = { input };
  for (const station of shownStations(state)) {
    const value = stations.get(station);
    if (value === undefined) continue;
    const name = isJsonata && station === 'afterParameters' ? 'afterArguments' : station;
    const isNumber = station === 'maxConcurrency' || station.startsWith('tolerated');
    data[name] = isNumber ? value : spacedJson(value);
  }
  if (Object.keys(result.errorDetails).length > 0) data['errorDetails'] = { ...result.errorDetails };
  if (Object.keys(result.variables).length > 0) data['variables'] = spacedJson(result.variables);
  return data;
}

function shownStations(state: State): readonly Station[] {
  if (state.queryLanguage === 'JSONata') return JSONATA[state.type] ?? [];
  return state.type === 'Pass' && state.result !== undefined ? PASS_WITH_RESULT : JSONPATH[state.type];
}

/**
 * `request` and `response` of the level TRACE, in the form of the example in
 * https://docs.aws.amazon.com/step-functions/latest/dg/test-state-isolation.html (Example 3).
 */
export function exchangeData(
  { request, requestWithoutSecrets, response }: HttpExchange,
  revealSecrets: boolean,
): JsonObject {
  const { method, url, headers, body } = revealSecrets ? request : requestWithoutSecrets;
  const protocol = new URL(url).protocol.slice(0, -1);
  const sent = {
    protocol,
    method,
    url,
    headers: headerText(headers),
    ...(body === undefined ? {} : { body }),
  };
  if (response === undefined) return { request: sent };
  return {
    request: sent,
    response: {
      protocol,
      statusCode: String(response.statusCode),
      statusMessage: response.statusMessage,
      headers: headerText(response.headers),
      body: response.body,
    },
  };
}

function headerText(headers: readonly (readonly [name: string, value: string])[]): string {
  return `[${headers.map(([name, value]) => `${name}: ${value}`).join(', ')}]`;
}
