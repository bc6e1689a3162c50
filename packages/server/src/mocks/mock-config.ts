import { readFileSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { messageOf, UserError } from '../user-error.ts';

/** What one invocation of a state answers; `real`: the service, or an activity's worker, is asked. */
export type MockedResponse =
  | { readonly kind: 'return'; readonly value: Json }
  | { readonly kind: 'throw'; readonly error: string; readonly cause: string }
  | { readonly kind: 'real' };

/**
 * Step Functions Local's MockConfigFile: state machine name -> test case name -> state name -> what its invocations answer, the
 * first at index 0 (https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html). The yard adds activities,
 * `{ "Real": true }` in place of a response or of one of its entries, and `"Unlisted"` beside TestCases: what happens to the
 * states that a test case does not name, `"Real"` (as with Step Functions Local) or `"Fail"`.
 */
export interface MockConfig {
  /** Undefined when the file has no such machine or test case. */
  testCase(stateMachineName: string, testCaseName: string): TestCase | undefined;
  /** State machine -> its test cases, as the file has them. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

export interface TestCase {
  readonly states: ReadonlyMap<string, MockedState>;
  readonly unlisted: Unlisted;
}

export type Unlisted = 'Real' | 'Fail';

export interface MockedState {
  readonly responseName: string;
  /** The nth invocation's response, n from 0; undefined past the last one given. */
  response(invocation: number): MockedResponse | undefined;
}

/** Longest range of invocations that one entry may stand for. */
const RANGE_END_MAX = 1_000_000;

const REAL: MockedState = { responseName: 'Real', response: () => ({ kind: 'real' }) };

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
  const root = new Part(path, '', value);
  root.expectKeys(['StateMachines', 'MockedResponses']);
  const responses = new Map<string, MockedState>();
  for (const response of root.child('MockedResponses').children())
    responses.set(response.name, parseResponses(response));
  const machines = new Map<string, Map<string, TestCase>>();
  for (const machine of root.child('StateMachines').children()) {
    machine.expectKeys(['TestCases', 'Unlisted']);
    const unlisted = parseUnlisted(machine);
    const cases = machine.child('TestCases').children();
    const testCases = cases.map(
      (part) => [part.name, { states: parseStates(part, responses), unlisted }] as const,
    );
    machines.set(machine.name, new Map(testCases));
  }
  return {
    testCase: (machine, name) => machines.get(machine)?.get(name),
    names: new Map([...machines].map(([machine, testCases]) => [machine, [...testCases.keys()]])),
  };
}

/** A place in the file: every complaint names it. */
class Part {
  /** Its key in the object around it. */
  readonly name: string;
  readonly #path: string;
  readonly #pointer: string;
  readonly #value: Json;

  constructor(path: string, pointer: string, value: Json, name = '') {
    this.name = name;
    this.#path = path;
    this.#pointer = pointer;
    this.#value = value;
  }

  get value(): Json {
    return this.#value;
  }

  fail(what: string, key = ''): never {
    const where = `${this.#pointer}${key === '' ? '' : `/${key}`}` || '/';
    throw new UserError(`The mocks file ${this.#path} is wrong at ${where}: ${what}`);
  }

  object(): JsonObject {
    return isObject(this.#value) ? this.#value : this.fail('it must be an object.');
  }

  /** Refuses by name any key that means nothing. */
  expectKeys(known: readonly string[]): void {
    for (const key of Object.keys(this.object()))
      if (!known.includes(key)) this.fail(`it is not known; known are ${known.join(', ')}.`, key);
  }

  child(key: string): Part {
    const object = this.object();
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    if (!isObject(value)) return this.fail('an object is missing here.', key);
    return new Part(this.#path, `${this.#pointer}/${key}`, value, key);
  }

  children(): Part[] {
    return Object.entries(this.object()).map(
      ([key, value]) => new Part(this.#path, `${this.#pointer}/${key}`, value, key),
    );
  }
}

function parseUnlisted(machine: Part): Unlisted {
  const { Unlisted: unlisted = 'Real' } = machine.object();
  if (unlisted === 'Real' || unlisted === 'Fail') return unlisted;
  return machine.fail('it must be "Real" or "Fail".', 'Unlisted');
}

function parseStates(
  testCase: Part,
  responses: ReadonlyMap<string, MockedState>,
): ReadonlyMap<string, MockedState> {
  const states = testCase.children().map((state): readonly [string, MockedState] => {
    const { value } = state;
    const found = typeof value === 'string' ? responses.get(value) : undefined;
    if (found !== undefined) return [state.name, found];
    if (isReal(value)) return [state.name, REAL];
    return state.fail('it must name one of the MockedResponses, or be { "Real": true }.');
  });
  return new Map(states);
}

function parseResponses(response: Part): MockedState {
  const ranges = response.children().map((entry) => {
    const match = /^(\d{1,7})(?:-(\d{1,7}))?$/u.exec(entry.name);
    const first = Number(match?.[1] ?? entry.fail('an entry is named by an index (0) or a range (1-3).'));
    const last = Number(match?.[2] ?? first);
    if (last < first || last > RANGE_END_MAX) entry.fail(`the range must rise, to at most ${RANGE_END_MAX}.`);
    return { first, last, entry, response: parseEntry(entry) };
  });
  for (const [index, { first, last, entry }] of ranges.entries()) {
    const other = ranges.slice(0, index).find((before) => before.first <= last && first <= before.last);
    if (other !== undefined) entry.fail(`invocation ${Math.max(first, other.first)} has an entry already.`);
  }
  return {
    responseName: response.name,
    response: (invocation) =>
      ranges.find((range) => range.first <= invocation && invocation <= range.last)?.response,
  };
}

function parseEntry(entry: Part): MockedResponse {
  if (isReal(entry.value)) return { kind: 'real' };
  entry.expectKeys(['Return', 'Throw', 'Real']);
  const object = entry.object();
  const hasReturn = Object.hasOwn(object, 'Return');
  if (hasReturn === Object.hasOwn(object, 'Throw') || Object.hasOwn(object, 'Real'))
    entry.fail('it must have either Return, or Throw, or "Real": true.');
  if (hasReturn) return { kind: 'return', value: object['Return'] ?? null };
  const thrown = entry.child('Throw');
  thrown.expectKeys(['Error', 'Cause']);
  const { Error: error, Cause: cause = '' } = thrown.object();
  if (typeof error === 'string' && typeof cause === 'string') return { kind: 'throw', error, cause };
  return thrown.fail('Error and Cause must be strings.');
}

/** `{ "Real": true }` */
function isReal(value: Json): boolean {
  return isObject(value) && value['Real'] === true && Object.keys(value).length === 1;
}
