import { readFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { messageOf, UserError } from '../user-error.ts';

/** What one invocation of a state answers. */
export type MockedResponse =
  | { readonly kind: 'return'; readonly value: Json }
  | { readonly kind: 'throw'; readonly error: string; readonly cause: string };

/**
 * Step Functions Local's MockConfigFile: state machine name -> test case name -> state name -> what its invocations answer,
 * the first at index 0. A state that a test case does not name runs for real.
 */
export interface MockConfig {
  /** Undefined when the file has no such machine or test case. */
  testCase(stateMachineName: string, testCaseName: string): TestCase | undefined;
  /** State machine -> its test cases, as the file has them. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

export type TestCase = ReadonlyMap<string, MockedState>;

export interface MockedState {
  readonly responseName: string;
  /** The nth invocation's response, n from 0; undefined past the last one given. */
  response(invocation: number): MockedResponse | undefined;
}

/** Longest range of invocations that one entry may stand for. */
const RANGE_END_MAX = 1_000_000;

/** Reads and checks the whole file, so that a mistake shows at start. Throws {@link UserError}. */
export function readMockConfig(path: string): MockConfig {
  let value: Json;
  try {
    value = JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch (error) {
    throw new UserError(`The mocks file ${path} cannot be read: ${messageOf(error)}`);
  }
  return parseMockConfig(value, path);
}

export function parseMockConfig(value: Json, path: string): MockConfig {
  const fail = (where: string, what: string): never => {
    throw new UserError(`The mocks file ${path} is wrong at ${where}: ${what}`);
  };
  const objectAt = (parent: JsonObject, key: string, where: string): JsonObject => {
    const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
    return isObject(child) ? child : fail(where, 'an object is missing here.');
  };
  const root = isObject(value) ? value : fail('/', 'the file must hold an object.');
  const responses = new Map<string, MockedState>();
  const mocked = objectAt(root, 'MockedResponses', '/MockedResponses');
  for (const name of Object.keys(mocked)) {
    const where = `/MockedResponses/${name}`;
    responses.set(name, parseResponses(name, objectAt(mocked, name, where), where, fail));
  }
  const machines = new Map<string, Map<string, TestCase>>();
  const machineObjects = objectAt(root, 'StateMachines', '/StateMachines');
  for (const machine of Object.keys(machineObjects)) {
    const where = `/StateMachines/${machine}`;
    const cases = objectAt(objectAt(machineObjects, machine, where), 'TestCases', `${where}/TestCases`);
    const testCases = new Map<string, TestCase>();
    for (const name of Object.keys(cases)) {
      const caseWhere = `${where}/TestCases/${name}`;
      const states = Object.entries(objectAt(cases, name, caseWhere)).map(([state, response]) => {
        const found = typeof response === 'string' ? responses.get(response) : undefined;
        return [
          state,
          found ?? fail(`${caseWhere}/${state}`, 'it must name one of the MockedResponses.'),
        ] as const;
      });
      testCases.set(name, new Map(states));
    }
    machines.set(machine, testCases);
  }
  return {
    testCase: (machine, name) => machines.get(machine)?.get(name),
    names: new Map([...machines].map(([machine, testCases]) => [machine, [...testCases.keys()]])),
  };
}

function parseResponses(
  responseName: string,
  entries: JsonObject,
  where: string,
  fail: (where: string, what: string) => never,
): MockedState {
  const ranges = Object.entries(entries).map(([key, value]) => {
    const match = /^(\d{1,7})(?:-(\d{1,7}))?$/u.exec(key);
    const first = Number(
      match?.[1] ?? fail(`${where}/${key}`, 'an entry is named by an index (0) or a range (1-3).'),
    );
    const last = Number(match?.[2] ?? first);
    if (last < first || last > RANGE_END_MAX)
      fail(`${where}/${key}`, `the range must rise, to at most ${RANGE_END_MAX}.`);
    return { first, last, response: parseResponse(value, `${where}/${key}`, fail) };
  });
  return {
    responseName,
    response: (invocation) =>
      ranges.find((range) => range.first <= invocation && invocation <= range.last)?.response,
  };
}

function parseResponse(
  value: Json,
  where: string,
  fail: (where: string, what: string) => never,
): MockedResponse {
  const entry = isObject(value) ? value : fail(where, 'it must be an object with Return or Throw.');
  const hasReturn = Object.hasOwn(entry, 'Return');
  if (hasReturn === Object.hasOwn(entry, 'Throw')) fail(where, 'it must have either Return or Throw.');
  if (hasReturn) return { kind: 'return', value: entry['Return'] ?? null };
  const thrown = entry['Throw'];
  const error = isObject(thrown) ? thrown['Error'] : undefined;
  const cause = isObject(thrown) ? (thrown['Cause'] ?? '') : undefined;
  if (typeof error !== 'string' || typeof cause !== 'string')
    return fail(`${where}/Throw`, 'Error and Cause must be strings.');
  return { kind: 'throw', error, cause };
}
