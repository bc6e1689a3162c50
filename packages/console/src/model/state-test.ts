import { isObject, parseJson, type Json, type JsonObject } from '@stepyard/asl';

/** What a test of one state is filled in with; payloads are JSON text. */
export interface TestForm {
  readonly definition: string;
  readonly input: string;
  readonly variables: string;
  /** What stands for the state's task: `none` calls it. */
  readonly mock: 'result' | 'error' | 'none';
  readonly result: string;
  readonly error: string;
  readonly cause: string;
}

/** What TestState answers. */
export interface TestAnswer {
  readonly status: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly nextState?: string;
  readonly inspectionData?: Readonly<Record<string, unknown>>;
}

/** The request of TestState. */
export function testRequest(form: TestForm): JsonObject {
  const variables = parseJson(form.variables);
  return {
    definition: form.definition,
    input: form.input,
    inspectionLevel: 'DEBUG',
    ...(isObject(variables) && Object.keys(variables).length > 0 ? { variables: form.variables } : {}),
    ...(form.mock === 'result' ? { mock: { result: form.result } } : {}),
    ...(form.mock === 'error' ? { mock: { errorOutput: { error: form.error, cause: form.cause } } } : {}),
  };
}

/** The definition of one state, wherever in a machine's it stands, with the query language that it has there. */
export function testedState(
  definition: string,
  stateName: string,
  queryLanguage: 'JSONPath' | 'JSONata',
): string | undefined {
  const state = findState(parseJson(definition), stateName);
  if (state === undefined) return undefined;
  const isSaid = queryLanguage === 'JSONPath' || state['QueryLanguage'] !== undefined;
  return JSON.stringify(isSaid ? state : { ...state, QueryLanguage: queryLanguage }, null, 2);
}

function findState(value: Json | undefined, name: string): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const states = value['States'];
  if (!isObject(states)) return undefined;
  for (const [key, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    if (key === name) return state;
    const branches = Array.isArray(state['Branches']) ? (state['Branches'] as readonly Json[]) : [];
    for (const inner of [state['ItemProcessor'], state['Iterator'], ...branches]) {
      const found = findState(inner, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
