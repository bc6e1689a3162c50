import type { Json, JsonObject } from '@stepyard/asl';
import type { HttpExchange, TaskRunner } from '@stepyard/engine';
import { describe, expect, test } from 'vitest';
import type { StepFunctionsContext } from '../operation.ts';
import { testState } from './test-state.ts';

const ROLE = 'arn:aws:iam::000000000000:role/x';
const LAMBDA = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f', 'Payload.$': '$' },
  End: true,
};

async function run(definition: Json, more: JsonObject = {}, runner?: TaskRunner): Promise<JsonObject> {
  const refuse: TaskRunner = { run: () => Promise.reject(new Error('no task was to be run')) };
  // TestState needs nothing of the yard but the runner.
  const context = { runner: runner ?? refuse } as StepFunctionsContext;
  const input = { definition: JSON.stringify(definition), ...more };
  return (await testState(context, input, { signal: new AbortController().signal })) as JsonObject;
}

describe('TestState', () => {
  test('shows nothing of the data at INFO, and every step at DEBUG', async () => {
    const pass = { Type: 'Pass', Parameters: { 'a.$': '$.b' }, ResultPath: '$.c', Next: 'Z' };
    const input = '{"b":[1,2]}';
    expect(await run(pass, { input })).toMatchObject({
      status: 'SUCCEEDED',
      nextState: 'Z',
      output: '{"b": [1, 2], "c": {"a": [1, 2]}}',
      inspectionData: undefined,
    });
    expect((await run(pass, { input, inspectionLevel: 'DEBUG' }))['inspectionData']).toEqual({
      input,
      afterInputPath: '{"b": [1, 2]}',
      afterParameters: '{"a": [1, 2]}',
      afterResultSelector: '{"a": [1, 2]}',
      afterResultPath: '{"b": [1, 2], "c": {"a": [1, 2]}}',
    });
  });

  test('runs a real Task by the runner, and needs a role for it', async () => {
    const runner: TaskRunner = {
      run: (request) => Promise.resolve({ kind: 'succeeded', output: { got: request.parameters } }),
    };
    const given = { input: '{"x":1}', roleArn: ROLE };
    expect(await run(LAMBDA, given, runner)).toMatchObject({
      output: '{"got": {"FunctionName": "f", "Payload": {"x": 1}}}',
    });
    await expect(run(LAMBDA, {}, runner)).rejects.toThrow(
      'RoleArn must be specified when testing a Task state',
    );
  });

  test('shows at TRACE what an HTTP Task sent and got, secrets only where they are asked for', async () => {
    const seen = (url: string, ...headers: [string, string][]): HttpExchange['request'] => ({
      method: 'POST',
      url,
      headers,
      body: undefined,
    });
    const runner: TaskRunner = {
      run(_request, report) {
        report.exchanged?.({
          request: seen('https://e/?key=k', ['a', '1'], ['authorization', 'Basic x']),
          requestWithoutSecrets: seen('https://e/', ['a', '1']),
          response: {
            statusCode: 200,
            statusMessage: 'OK',
            headers: [
              ['b', '1'],
              ['b', '2'],
            ],
            body: '{}',
          },
        });
        return Promise.resolve({ kind: 'succeeded', output: 1 });
      },
    };
    const state = {
      Type: 'Task',
      Resource: 'arn:aws:states:::http:invoke',
      Parameters: {
        Method: 'POST',
        ApiEndpoint: 'https://e/',
        Authentication: { ConnectionArn: 'arn:aws:events:us-east-1:000000000000:connection/c/1' },
      },
      End: true,
    };
    const given = { roleArn: ROLE, inspectionLevel: 'TRACE' };
    expect((await run(state, given, runner))['inspectionData']).toMatchObject({
      request: { protocol: 'https', method: 'POST', url: 'https://e/', headers: '[a: 1]' },
      response: {
        protocol: 'https',
        statusCode: '200',
        statusMessage: 'OK',
        headers: '[b: 1, b: 2]',
        body: '{}',
      },
    });
    expect((await run(state, { ...given, revealSecrets: true }, runner))['inspectionData']).toMatchObject({
      request: { url: 'https://e/?key=k', headers: '[a: 1, authorization: Basic x]' },
    });
    const debug = (await run(state, { ...given, inspectionLevel: 'DEBUG' }, runner))['inspectionData'];
    expect(debug).not.toHaveProperty('request');
  });

  test('a runner that fails fails the state, not the call', async () => {
    expect(await run(LAMBDA, { roleArn: ROLE })).toMatchObject({
      status: 'FAILED',
      error: 'States.TaskFailed',
    });
  });

  test('finds a state within a Map, and gives it the variables', async () => {
    const inner = { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $x + 1 %}', End: true };
    const map = { Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: inner } }, End: true };
    const machine = { StartAt: 'M', States: { M: map } };
    const answer = await run(machine, { stateName: 'I', variables: '{"x":1}', inspectionLevel: 'TRACE' });
    expect(answer).toMatchObject({ output: '2', inspectionData: { variables: '{"x": 1}' } });
    await expect(run(machine, { stateName: 'N' })).rejects.toThrow('State not found in definition');
  });

  test.each<[string, Json, JsonObject, string]>([
    ['a Pass', { Type: 'Pass', End: true }, { mock: { result: '{}' } }, "State type 'Pass' is not supported"],
    ['two answers', LAMBDA, { mock: { result: '{}', errorOutput: {} } }, 'only one of the following fields'],
    ['broken JSON', LAMBDA, { mock: { result: '{' } }, 'Mocked result must be valid JSON'],
    ['secrets', LAMBDA, { mock: { result: '{}' }, revealSecrets: true }, 'does not support RevealSecrets'],
    [
      'too few branches',
      { Type: 'Parallel', Branches: [{ StartAt: 'A', States: { A: { Type: 'Succeed' } } }], End: true },
      { mock: { result: '[]' } },
      'same number of items as number of Parallel branches',
    ],
    [
      'a service whose model is not installed',
      { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:braket:getJob', Parameters: {}, End: true },
      { mock: { result: '{}' } },
      'Checking a mocked result of braket:GetJob is not available in Stepyard.',
    ],
    [
      'a context of its own',
      LAMBDA,
      { mock: { result: '{}' }, context: '{"Execution":{"Ids":1}}' },
      "Field 'Ids' is not allowed",
    ],
  ])('refuses a mock with %s', async (_what, definition, more, message) => {
    await expect(run(definition, more)).rejects.toThrow(message);
  });

  test('a mocked result need not be right where validation is off', async () => {
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:states:::states:startExecution',
      Parameters: { StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m' },
      End: true,
    };
    const mock = { result: '{}', fieldValidationMode: 'NONE' };
    expect(await run(task, { mock })).toMatchObject({ status: 'SUCCEEDED', output: '{}' });
    await expect(run(task, { mock: { result: '{}' } })).rejects.toThrow(
      "Required field 'ExecutionArn' is missing",
    );
  });

  test('says which catcher took an error', async () => {
    const task = { ...LAMBDA, Catch: [{ ErrorEquals: ['E'], ResultPath: '$.error', Next: 'Handler' }] };
    const mock = { errorOutput: { error: 'E', cause: 'why' } };
    expect(await run(task, { mock, input: '{}', inspectionLevel: 'TRACE' })).toMatchObject({
      status: 'CAUGHT_ERROR',
      nextState: 'Handler',
      output: '{"error": {"Error": "E", "Cause": "why"}}',
      inspectionData: { errorDetails: { catchIndex: 0 } },
    });
  });

  test('shows a context of the caller, as far as it goes', async () => {
    const pass = { Type: 'Pass', Parameters: { 'at.$': '$$.State.Name' }, End: true };
    expect(await run(pass, { context: '{"State":{"Name":"Mine"}}' })).toMatchObject({
      output: '{"at": "Mine"}',
    });
    expect(await run(pass)).toMatchObject({ output: '{"at": "StateName"}' });
    expect(await run(pass, { context: '{}' })).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });
});
