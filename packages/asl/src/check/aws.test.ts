import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../json.ts';
import { awsDiagnostics, awsLocation, invalidDefinition } from './aws.ts';
import { check } from './check.ts';
import type { CheckOptions } from './check.ts';

/** `CODE: message at location` of the errors, as InvalidDefinition lists them. */
function errorsOf(definition: Json, type: CheckOptions['type'] = 'STANDARD'): string[] {
  const text = JSON.stringify(definition);
  return awsDiagnostics(text, check(text, { type, substituted: true }))
    .filter(({ severity }) => severity === 'ERROR')
    .map(({ code, message, location }) => `${code}: ${message} at ${location}`);
}

const one = (state: JsonObject, more: JsonObject = {}): JsonObject => ({
  StartAt: 'A',
  States: { A: state },
  ...more,
});
const pass: JsonObject = { Type: 'Pass', End: true };
const jsonata = { QueryLanguage: 'JSONata' };
const map = (fields: JsonObject, config: JsonObject): JsonObject =>
  one({
    Type: 'Map',
    ItemProcessor: { ProcessorConfig: config, StartAt: 'B', States: { B: pass } },
    ...fields,
    End: true,
  });
const task = (Resource: string, more: JsonObject = {}): JsonObject =>
  one({ Type: 'Task', Resource, ...more, End: true });

/**
 * Texts and places as real deployments report them: cfn-lint issues 3616, 4073, 4074, 4077 and 4078, LocalStack pull request
 * 12487, and the deployments that the Step Functions rules of cdk-preflight name as their evidence (September 2026).
 */
describe('what deployments report', () => {
  test.each<[string, Json, string[]]>([
    [
      'a StartAt that does not exist',
      {
        StartAt: 'Not sure',
        States: { 'Pass One': { Type: 'Pass', Next: 'Success' }, Success: { Type: 'Succeed' } },
      },
      [
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Not sure at /StartAt",
        'MISSING_TRANSITION_TARGET: State "Pass One" is not reachable. at /States/Pass One',
      ],
    ],
    [
      'a Next that does not exist',
      { StartAt: 'pass1', States: { pass1: { Type: 'Pass', Next: 'pass3' }, pass2: pass } },
      [
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 at /States/pass1/Next",
        'MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2',
      ],
    ],
    [
      'a name in two branches',
      one({
        Type: 'Parallel',
        Branches: [
          { StartAt: 'X', States: { X: pass } },
          { StartAt: 'X', States: { X: pass } },
        ],
        End: true,
      }),
      ['DUPLICATE_STATE_NAME: Duplicate State name: X at /States/A/Branches[1]/States/X'],
    ],
    [
      'a rule without Next',
      {
        StartAt: 'C',
        States: {
          C: { Type: 'Choice', Choices: [{ Variable: '$', StringMatches: 'T' }], Default: 'S' },
          S: pass,
        },
      },
      ['SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/C/Choices[0]'],
    ],
    [
      'no path',
      one({ ...pass, OutputPath: 'Test' }),
      ['SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/A/OutputPath'],
    ],
    [
      'a field of other states',
      one({ ...pass, Retry: [] }),
      ["SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported at /States/A"],
    ],
    [
      'a field of the other language',
      one({ ...pass, InputPath: '$' }, jsonata),
      [
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/A",
      ],
    ],
    [
      'no rules',
      { StartAt: 'C', States: { C: { Type: 'Choice', Choices: [], Default: 'S' }, S: pass } },
      ['SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/C/Choices'],
    ],
    [
      'a distributed processor without type',
      map({}, { Mode: 'DISTRIBUTED' }),
      [
        'SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/A/ItemProcessor/ProcessorConfig',
      ],
    ],
    [
      'a pattern that Lambda does not have',
      task('arn:aws:states:::lambda:invoke.sync', { Parameters: { FunctionName: 'f' } }),
      [
        'SCHEMA_VALIDATION_FAILED: The resource provided arn:aws:states:::lambda:invoke.sync is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/A/Resource',
      ],
    ],
    [
      'no parameters',
      task('arn:aws:states:::lambda:invoke'),
      [
        'SCHEMA_VALIDATION_FAILED: Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/A/Resource',
      ],
    ],
    [
      'no terminal state',
      { StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } } },
      ['MISSING_END_STATE: Workflow has no terminal state at /'],
    ],
  ])('%s', (_, definition, expected) => {
    expect(errorsOf(definition)).toEqual(expected);
  });

  test.each<[string, Json, string]>([
    [
      'two of a group',
      one({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s', End: true }),
      'There should only be one of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp]',
    ],
    [
      'none of a group',
      one({ Type: 'Map', End: true }),
      'This object should have only one of the following fields: [ItemProcessor, Iterator]',
    ],
    [
      'neither Next nor End',
      { StartAt: 'A', States: { A: { Type: 'Pass' }, B: pass } },
      'This object should have only one of the following fields: [Next, End]',
    ],
    [
      'too small',
      task('arn:aws:lambda:us-east-1:000000000000:function:f', { TimeoutSeconds: 0 }),
      'Minimum value is 1',
    ],
    ['too large', one({ Type: 'Wait', Seconds: 100_000_000, End: true }), 'Maximum value is 99999999'],
    ['no number', one({ Type: 'Wait', Seconds: '5', End: true }), 'Expected value of type Integer'],
    [
      'no such language',
      one({ ...pass, QueryLanguage: 'XPath' }),
      'Value should be one of the following: [JSONPath, JSONata]',
    ],
    ['no such version', one(pass, { Version: '2.0' }), 'Value should be one of the following: [1.0]'],
    ['no ARN', task('nonsense'), 'Value is not a valid resource ARN'],
    [
      'a type inline',
      map({}, { Mode: 'INLINE', ExecutionType: 'STANDARD' }),
      "Field 'ExecutionType' is not supported",
    ],
    [
      'JSONata that is not closed',
      one({ ...pass, Output: '{% 1' }, jsonata),
      'JSONata string must start with {% and end with %}',
    ],
    [
      'the reserved variable',
      one({ ...pass, Assign: { states: 1 } }),
      "Cannot assign to reserved variable '$states'.",
    ],
    [
      'no variable name',
      one({ ...pass, Assign: { 'a-b': 1 } }),
      "Invalid variable name 'a-b': the variable name contains invalid characters.",
    ],
    [
      'credentials of an activity',
      task('arn:aws:states:us-east-1:000000000000:activity:a', { Credentials: { RoleArn: 'r' } }),
      "The field 'Credentials' is not supported for activities",
    ],
  ])('%s', (_, definition, message) => {
    expect(errorsOf(definition).join('\n')).toContain(message);
  });

  test('Express', () => {
    expect(errorsOf(task('arn:aws:states:us-east-1:000000000000:activity:a'), 'EXPRESS')).toEqual([
      'SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN at /States/A/Resource',
    ]);
    expect(errorsOf(map({}, { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }), 'EXPRESS')).toEqual([
      "SCHEMA_VALIDATION_FAILED: The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines at /States/A/ItemProcessor/ProcessorConfig/Mode",
    ]);
  });

  test('0 where it is accepted', () => {
    expect(errorsOf(one(pass, { TimeoutSeconds: 0 }))).toEqual([]);
    const Retry = [{ ErrorEquals: ['E'], IntervalSeconds: 0 }];
    expect(errorsOf(task('arn:aws:lambda:us-east-1:000000000000:function:f', { Retry }))).toEqual([]);
  });
});

/**
 * Developer guide, "State machine structure": a JSONPath machine may have JSONata states, one by one; a JSONata machine cannot
 * go back. Recording api_validation/*query-language*: a Map in JSONata with a state in JSONPath in it is valid.
 */
describe('query languages', () => {
  const nested = (machine: JsonObject, around: JsonObject, inner: JsonObject): JsonObject => ({
    StartAt: 'A',
    ...machine,
    States: {
      A: {
        Type: 'Map',
        ...around,
        ItemProcessor: { StartAt: 'B', States: { B: { ...pass, ...inner } } },
        End: true,
      },
    },
  });
  test.each<[string, Json, number]>([
    ['JSONPath in a JSONata Map', nested({}, jsonata, { QueryLanguage: 'JSONPath', InputPath: '$' }), 0],
    ['a state takes that of the machine, not of the Map', nested({}, jsonata, { InputPath: '$' }), 0],
    ['so it has no Output', nested({}, jsonata, { Output: 1 }), 1],
    ['JSONata in a JSONPath Map', nested({}, {}, { ...jsonata, Output: 1 }), 0],
    ['JSONata throughout', nested(jsonata, {}, { Output: 1 }), 0],
    ['JSONPath in a JSONata machine', nested(jsonata, {}, { QueryLanguage: 'JSONPath' }), 1],
    ['said twice', nested(jsonata, jsonata, jsonata), 0],
  ])('%s', (_, definition, count) => {
    expect(errorsOf(definition)).toHaveLength(count);
  });
});

test('what only we warn of is left out', () => {
  const text = JSON.stringify(task('arn:aws:lambda:us-east-1:000000000000:function:f'));
  const found = check(text);
  expect(found.length).toBeGreaterThan(1);
  expect(awsDiagnostics(text, found)).toEqual([]);
  expect(invalidDefinition([])).toBeUndefined();
});

test.each([
  ['', '/'],
  ['/States/A/Choices/0/And/1', '/States/A/Choices[0]/And[1]'],
  ['/States/0/Next', '/States/0/Next'],
  ['/States/a~1b', '/States/a/b'],
])('%j is at %j', (pointer, location) => {
  expect(awsLocation(pointer)).toBe(location);
});
