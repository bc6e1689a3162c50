import { describe, expect, test } from 'vitest';
import { load } from '../compile/load.ts';
import type { Json, JsonObject } from '../json.ts';
import { check, hasErrors } from './check.ts';
import { CODES } from './codes.ts';
import { DEFINITION_LENGTH_MAX, LABEL_CHARACTERS_MAX, STATE_NAME_CHARACTERS_MAX } from './fields.ts';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';

function machine(states: JsonObject, more: JsonObject = {}): JsonObject {
  return { StartAt: Object.keys(states)[0] ?? '', States: states, ...more };
}

function task(more: JsonObject = {}): JsonObject {
  return {
    Type: 'Task',
    Resource: LAMBDA,
    TimeoutSeconds: 5,
    Retry: [{ ErrorEquals: ['E'] }],
    End: true,
    ...more,
  };
}

function only(state: JsonObject, more: JsonObject = {}): JsonObject {
  return machine({ A: state }, more);
}

function inline(states: JsonObject, more: JsonObject = {}): JsonObject {
  return { Type: 'Map', ItemProcessor: machine(states), End: true, ...more };
}

function choice(rule: Json): JsonObject {
  return machine({ A: { Type: 'Choice', Choices: [rule], Default: 'B' }, B: { Type: 'Succeed' } });
}

const pass: JsonObject = { Type: 'Pass', End: true };
const jsonata: JsonObject = { QueryLanguage: 'JSONata' };

/** `name pointer` of what is found. */
function found(definition: Json, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string[] {
  const names = new Map(Object.entries(CODES).map(([name, { code }]) => [code, name]));
  return check(JSON.stringify(definition), { type }).map(
    ({ code, pointer }) => `${names.get(code) ?? code} ${pointer}`,
  );
}

test('codes are unique', () => {
  const codes = Object.values(CODES).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

describe('fields and values', () => {
  const cases: [string, Json, string[]][] = [
    ['nothing to say', only(pass), []],
    ['no object', [], ['notAnObject ']],
    ['no StartAt', { States: { A: pass } }, ['missingField ']],
    ['no states', { StartAt: 'A', States: {} }, ['emptyValue /States']],
    ['a state that is no object', machine({ A: 1 }), ['wrongType /States/A', 'noTerminalState ']],
    ['no Type', only({ End: true }), ['missingField /States/A']],
    ['unknown Type', only({ Type: 'Wat', End: true }), ['wrongValue /States/A/Type']],
    ['unknown machine field', only(pass, { Foo: 1 }), ['unknownField ']],
    ['unknown state field', only({ ...pass, Foo: 1 }), ['unknownField /States/A']],
    ['a field of another type', only({ Type: 'Succeed', Parameters: {} }), ['unknownField /States/A']],
    ['JSONata field in JSONPath', only({ ...pass, Output: 1 }), ['wrongLanguage /States/A']],
    ['JSONPath field in JSONata', only({ ...pass, InputPath: '$' }, jsonata), ['wrongLanguage /States/A']],
    [
      'JSONPath state in a JSONata machine',
      only({ ...pass, QueryLanguage: 'JSONPath' }, jsonata),
      ['mixedLanguages /States/A/QueryLanguage'],
    ],
    ['JSONata state in a JSONPath machine', only({ ...pass, ...jsonata, Output: 1 }), []],
    [
      'End of the wrong type',
      only({ ...pass, End: 'yes' }),
      ['wrongType /States/A/End', 'noTransition /States/A', 'noTerminalState '],
    ],
    [
      'Wait with two',
      only({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s', End: true }),
      ['exclusiveFields /States/A'],
    ],
    ['Wait with none', only({ Type: 'Wait', End: true }), ['missingField /States/A']],
    ['Wait 0', only({ Type: 'Wait', Seconds: 0, End: true }), []],
    ['Wait -1', only({ Type: 'Wait', Seconds: -1, End: true }), ['outOfRange /States/A/Seconds']],
    ['Wait 1.5', only({ Type: 'Wait', Seconds: 1.5, End: true }), ['wrongType /States/A/Seconds']],
    ['Wait in JSONata', only({ Type: 'Wait', Seconds: '{% 1 %}', End: true }, jsonata), []],
    [
      'an expression in JSONPath',
      only({ Type: 'Wait', Seconds: '{% 1 %}', End: true }),
      ['wrongType /States/A/Seconds'],
    ],
    [
      'a day without zone',
      only({ Type: 'Wait', Timestamp: '2016-12-05T21:29:29', End: true }),
      ['badTimestamp /States/A/Timestamp'],
    ],
    [
      'a day that is none',
      only({ Type: 'Wait', Timestamp: '2016-02-30T21:29:29Z', End: true }),
      ['badTimestamp /States/A/Timestamp'],
    ],
    ['TimeoutSeconds 0', only(task({ TimeoutSeconds: 0 })), ['outOfRange /States/A/TimeoutSeconds']],
    ['TimeoutSeconds at the limit', only(task({ TimeoutSeconds: 99_999_999 })), []],
    [
      'TimeoutSeconds over it',
      only(task({ TimeoutSeconds: 100_000_000 })),
      ['outOfRange /States/A/TimeoutSeconds'],
    ],
    [
      'heartbeat over timeout',
      only(task({ HeartbeatSeconds: 6 })),
      ['timeoutOrder /States/A/HeartbeatSeconds'],
    ],
    ['Error twice', only({ Type: 'Fail', Error: 'E', ErrorPath: '$.e' }), ['exclusiveFields /States/A']],
    ['Credentials without role', only(task({ Credentials: {} })), ['missingField /States/A/Credentials']],
    ['Credentials by path', only(task({ Credentials: { 'RoleArn.$': '$.r' } })), []],
    [
      'names: both in one object',
      only({ ...pass, Parameters: { a: 1, 'a.$': '$.a' } }),
      ['badTemplate /States/A/Parameters'],
    ],
    [
      '__proto__ as a state',
      JSON.parse('{"StartAt":"__proto__","States":{"__proto__":{"Type":"Succeed"}}}'),
      [],
    ],
  ];
  test.each(cases)('%s', (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

describe('transitions', () => {
  const cases: [string, Json, string[]][] = [
    ['StartAt', { StartAt: 'X', States: { A: pass } }, ['missingTarget /StartAt', 'unreachable /States/A']],
    [
      'Next',
      machine({ A: { Type: 'Pass', Next: 'X' }, B: pass }),
      ['missingTarget /States/A/Next', 'unreachable /States/B'],
    ],
    ['Next and End', machine({ A: { ...pass, Next: 'B' }, B: pass }), ['exclusiveFields /States/A']],
    ['neither', machine({ A: { Type: 'Pass' } }), ['noTransition /States/A', 'noTerminalState ']],
    ['an endless loop', machine({ A: { Type: 'Pass', Next: 'A' } }), ['noTerminalState ']],
    [
      'out of a branch',
      machine({
        A: { Type: 'Parallel', Branches: [machine({ C: { Type: 'Pass', Next: 'B' } })], Next: 'B' },
        B: pass,
      }),
      ['missingTarget /States/A/Branches/0/States/C/Next', 'noTerminalState /States/A/Branches/0'],
    ],
    [
      'Catch',
      only(task({ Catch: [{ ErrorEquals: ['E'], Next: 'X' }] })),
      ['missingTarget /States/A/Catch/0/Next'],
    ],
    [
      'no Default',
      machine({ A: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'B' }] }, B: pass }),
      ['noDefault /States/A'],
    ],
    [
      'a name used twice',
      machine({ A: inline({ A: pass }) }),
      ['duplicateName /States/A/ItemProcessor/States/A'],
    ],
  ];
  test.each(cases)('%s', (_, definition, expected) => {
    expect(found(definition).toSorted()).toEqual(expected.toSorted());
  });
});

describe('expressions', () => {
  const cases: [string, Json, string[]][] = [
    ['a path', only({ ...pass, InputPath: 'bug$.a' }), ['badPath /States/A/InputPath']],
    ['null paths', only({ ...pass, InputPath: null, OutputPath: null, ResultPath: null }), []],
    [
      'an intrinsic is no path',
      only({ ...pass, InputPath: 'States.UUID()' }),
      ['badPath /States/A/InputPath'],
    ],
    ['a reference path', only({ ...pass, ResultPath: '$.a[*]' }), ['badReferencePath /States/A/ResultPath']],
    [
      'a variable is no reference path',
      only({ ...pass, ResultPath: '$foo' }),
      ['badReferencePath /States/A/ResultPath'],
    ],
    [
      'in a template',
      only({ ...pass, Parameters: { a: [{ 'b.$': 'x' }] } }),
      ['badPath /States/A/Parameters'],
    ],
    ['no string', only({ ...pass, Parameters: { 'b.$': 1 } }), ['badPath /States/A/Parameters']],
    [
      'an intrinsic',
      only({ ...pass, Parameters: { 'b.$': "States.Format('{}'" } }),
      ['badIntrinsic /States/A/Parameters'],
    ],
    [
      'its arguments',
      only({ ...pass, Parameters: { 'b.$': "States.MathAdd(1,'-1')" } }),
      ['badIntrinsic /States/A/Parameters'],
    ],
    [
      'their number',
      only({ ...pass, Parameters: { 'b.$': 'States.UUID(1)' } }),
      ['badIntrinsic /States/A/Parameters'],
    ],
    [
      'its escapes',
      only({ ...pass, Parameters: { 'b.$': String.raw`States.Format('\"')` } }),
      ['badIntrinsic /States/A/Parameters'],
    ],
    ['legal escapes', only({ ...pass, Parameters: { 'b.$': String.raw`States.Format('\'\{\\\}')` } }), []],
    [
      'JSONata',
      only({ ...pass, Output: { a: ['{% 1 + %}'] } }, jsonata),
      ['badJsonata /States/A/Output/a/0'],
    ],
    ['JSONata not opened', only({ ...pass, Output: '1 %}' }, jsonata), ['badJsonata /States/A/Output']],
    ['JSONata not closed', only({ ...pass, Output: '{% 1' }, jsonata), ['badJsonata /States/A/Output']],
    ['Arguments', only(task({ Arguments: 123 }), jsonata), ['notAnExpression /States/A/Arguments']],
    ['Assign', only({ ...pass, Assign: 'NO' }), ['wrongType /States/A/Assign']],
    [
      'a reserved variable',
      only({ ...pass, Assign: { states: 1 } }),
      ['reservedVariable /States/A/Assign/states'],
    ],
    ['no variable name', only({ ...pass, Assign: { '1a': 1 } }), ['badVariable /States/A/Assign/1a']],
    ['a path of a variable', only({ ...pass, Assign: { 'ok.$': '$.a' } }), []],
    ['the longest variable name', only({ ...pass, Assign: { ['v'.repeat(80)]: 1 } }), []],
    [
      'one longer',
      only({ ...pass, Assign: { ['v'.repeat(81)]: 1 } }),
      [`badVariable /States/A/Assign/${'v'.repeat(81)}`],
    ],
  ];
  test.each(cases)('%s', (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

describe('Choice rules', () => {
  const rule = '/States/A/Choices/0';
  const cases: [string, Json, string[]][] = [
    ['fine', { Not: { And: [{ Variable: '$.a', StringEqualsPath: '$.b' }] }, Next: 'B' }, []],
    ['no Next', { Variable: '$.a', IsNull: true }, [`missingField ${rule}`]],
    [
      'Next inside',
      { Not: { Variable: '$.a', IsNull: true, Next: 'B' }, Next: 'B' },
      [`unknownField ${rule}/Not`],
    ],
    ['no operator', { Variable: '$.a', Next: 'B' }, [`badRule ${rule}`]],
    ['two operators', { Variable: '$.a', IsNull: true, IsString: true, Next: 'B' }, [`badRule ${rule}`]],
    [
      'unknown operator',
      { Variable: '$.a', Like: 'x', Next: 'B' },
      [`unknownField ${rule}`, `badRule ${rule}`],
    ],
    ['no Variable', { IsNull: true, Next: 'B' }, [`badRule ${rule}`]],
    [
      'Variable is no path',
      { Variable: 'a', IsNull: true, Next: 'B' },
      [`badReferencePath ${rule}/Variable`],
    ],
    [
      'wrong operand',
      { Variable: '$.a', NumericEquals: '1', Next: 'B' },
      [`wrongType ${rule}/NumericEquals`],
    ],
    [
      'wrong path',
      { Variable: '$.a', NumericEqualsPath: 'b', Next: 'B' },
      [`badReferencePath ${rule}/NumericEqualsPath`],
    ],
    [
      'wrong time',
      { Variable: '$.a', TimestampEquals: 'now', Next: 'B' },
      [`badTimestamp ${rule}/TimestampEquals`],
    ],
    ['empty And', { And: [], Next: 'B' }, [`emptyValue ${rule}/And`]],
    ['Condition in JSONPath', { Condition: true, Next: 'B' }, [`wrongLanguage ${rule}`]],
  ];
  test.each(cases)('%s', (_, value, expected) => {
    expect(found(choice(value))).toEqual(expected);
  });

  test('JSONata', () => {
    expect(found({ ...choice({ Condition: true, Next: 'B' }), ...jsonata })).toEqual([]);
    expect(found({ ...choice({ Condition: 'x', Next: 'B' }), ...jsonata })).toEqual([
      `notAnExpression ${rule}/Condition`,
    ]);
    expect(found({ ...choice({ Next: 'B' }), ...jsonata })).toEqual([`missingField ${rule}`]);
  });
});

const retry = (...retriers: Json[]): JsonObject => only(task({ Retry: retriers }));

describe('errors', () => {
  const cases: [string, Json, string[]][] = [
    [
      'States.ALL not alone',
      retry({ ErrorEquals: ['States.ALL', 'E'] }),
      ['statesAllAlone /States/A/Retry/0/ErrorEquals'],
    ],
    [
      'States.ALL not last',
      retry({ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['E'] }),
      ['statesAllAlone /States/A/Retry/0/ErrorEquals'],
    ],
    ['alone and last', retry({ ErrorEquals: ['E'] }, { ErrorEquals: ['States.ALL'] }), []],
    ['nothing', retry({ ErrorEquals: [] }), ['errorsEmpty /States/A/Retry/0/ErrorEquals']],
    ['no array', retry({ ErrorEquals: 'E' }), ['wrongType /States/A/Retry/0/ErrorEquals']],
    ['missing', retry({}), ['missingField /States/A/Retry/0']],
    [
      'a name nobody raises',
      retry({ ErrorEquals: ['States.Nope'] }),
      ['unknownStatesError /States/A/Retry/0/ErrorEquals/0'],
    ],
    ['an HTTP status', retry({ ErrorEquals: ['States.Http.StatusCode.404'] }), []],
    [
      'BackoffRate',
      retry({ ErrorEquals: ['E'], BackoffRate: 0.5 }),
      ['outOfRange /States/A/Retry/0/BackoffRate'],
    ],
    [
      'JitterStrategy',
      retry({ ErrorEquals: ['E'], JitterStrategy: 'full' }),
      ['wrongValue /States/A/Retry/0/JitterStrategy'],
    ],
    [
      'MaxDelaySeconds',
      retry({ ErrorEquals: ['E'], IntervalSeconds: 5, MaxDelaySeconds: 5 }),
      ['outOfRange /States/A/Retry/0/MaxDelaySeconds'],
    ],
  ];
  test.each(cases)('%s', (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

describe('resources', () => {
  const call = (resource: string, parameters?: Json): JsonObject =>
    only(task({ Resource: resource, ...(parameters === undefined ? {} : { Parameters: parameters }) }));
  const cases: [string, Json, string[]][] = [
    ['nonsense', call('nonsense'), ['badResource /States/A/Resource']],
    ['a substitution', call('${FunctionArn}'), []],
    ['no such action', call('arn:aws:states:::dynamodb:query'), ['unknownAction /States/A/Resource']],
    [
      'no such pattern',
      call('arn:aws:states:::sqs:sendMessage.sync', { QueueUrl: 'q', MessageBody: 'b' }),
      ['unknownPattern /States/A/Resource'],
    ],
    [
      'sync of the SDK',
      call('arn:aws:states:::aws-sdk:s3:getObject.sync'),
      ['unknownAction /States/A/Resource'],
    ],
    [
      'a parameter missing',
      call('arn:aws:states:::sqs:sendMessage', { 'QueueUrl.$': '$.q' }),
      ['missingParameter /States/A/Parameters'],
    ],
    [
      'a parameter dropped',
      call('arn:aws:states:::sns:publish', { Message: 'm', Topic: 't' }),
      ['unknownParameter /States/A/Parameters/Topic'],
    ],
    [
      'no task token',
      call('arn:aws:states:::sns:publish.waitForTaskToken', { Message: 'm' }),
      ['noTaskToken /States/A'],
    ],
    [
      'a task token',
      call('arn:aws:states:::sns:publish.waitForTaskToken', { Message: { 't.$': '$$.Task.Token' } }),
      [],
    ],
    ['an empty alias', call(`${LAMBDA}:`), ['badResource /States/A/Resource']],
    ['an alias', call(`${LAMBDA}:live`), []],
    ['$LATEST', call(`${LAMBDA}:$LATEST`), []],
    [
      'nothing said',
      only({ Type: 'Task', Resource: LAMBDA, End: true }),
      ['noRetry /States/A', 'noTimeout /States/A', 'uncaught /States/A'],
    ],
  ];
  test.each(cases)('%s', (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });

  test('a substitution that was not made', () => {
    const text = JSON.stringify(call('${FunctionArn}'));
    expect(check(text, { substituted: true })).toMatchObject([{ code: CODES.badResource.code }]);
    expect(load(text).program).toBeUndefined();
  });

  test('what Express cannot do', () => {
    const sync = call('arn:aws:states:::states:startExecution.sync', { StateMachineArn: 'a' });
    const token = call('arn:aws:states:::sns:publish.waitForTaskToken', { 'Message.$': '$$.Task.Token' });
    const activity = call('arn:aws:states:us-east-1:000000000000:activity:a');
    for (const definition of [sync, token, activity]) {
      expect(found(definition)).toEqual([]);
      expect(found(definition, 'EXPRESS')).toEqual(['expressPattern /States/A/Resource']);
    }
    const distributed = only({
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        ...machine({ B: pass }),
      },
      End: true,
    });
    expect(found(distributed, 'EXPRESS')).toEqual([
      'expressPattern /States/A/ItemProcessor/ProcessorConfig/Mode',
    ]);
  });

  test('what Express children of a Distributed Map cannot do', () => {
    const children = (states: JsonObject, ExecutionType: string): Json =>
      only({
        Type: 'Map',
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType }, ...machine(states) },
        End: true,
      });
    const Catch = [{ ErrorEquals: ['E'], Next: 'E' }];
    const { End: _, ...waits } = task({
      Resource: 'arn:aws:states:::sns:publish.waitForTaskToken',
      Parameters: { 'Message.$': '$$.Task.Token' },
    });
    const sync = task({
      Resource: 'arn:aws:states:::states:startExecution.sync',
      Parameters: { StateMachineArn: 'a' },
    });
    const states = {
      B: { ...waits, Next: 'C', Catch },
      C: inline({ D: sync }, { Catch }),
      E: pass,
    };
    expect(found(children(states, 'STANDARD'))).toEqual([]);
    expect(found(children(states, 'EXPRESS'))).toEqual([
      'expressPattern /States/A/ItemProcessor/States/B/Resource',
      'expressPattern /States/A/ItemProcessor/States/C/ItemProcessor/States/D/Resource',
    ]);
  });
});

describe('Map and Parallel', () => {
  const cases: [string, Json, string[]][] = [
    ['fine', only(inline({ B: pass })), []],
    ['no processor', only({ Type: 'Map', End: true }), ['missingField /States/A']],
    [
      'two processors',
      only(inline({ B: pass }, { Iterator: machine({ C: pass }) })),
      ['exclusiveFields /States/A'],
    ],
    ['40 at once', only(inline({ B: pass }, { MaxConcurrency: 40 })), []],
    [
      '41 at once',
      only(inline({ B: pass }, { MaxConcurrency: 41 })),
      ['inlineConcurrency /States/A/MaxConcurrency'],
    ],
    [
      'tolerance',
      only(inline({ B: pass }, { ToleratedFailurePercentage: 101 })),
      ['outOfRange /States/A/ToleratedFailurePercentage'],
    ],
    ['the longest Label', only(inline({ B: pass }, { Label: 'l'.repeat(LABEL_CHARACTERS_MAX) })), []],
    [
      'one longer',
      only(inline({ B: pass }, { Label: 'l'.repeat(LABEL_CHARACTERS_MAX + 1) })),
      ['badLabel /States/A/Label'],
    ],
    ['an empty Label', only(inline({ B: pass }, { Label: '' })), ['badLabel /States/A/Label']],
    ['a Label with a blank', only(inline({ B: pass }, { Label: 'a b' })), ['badLabel /States/A/Label']],
    [
      'a batcher with nothing',
      only(inline({ B: pass }, { ItemBatcher: {} })),
      ['missingField /States/A/ItemBatcher'],
    ],
    [
      'a writer without type',
      only(inline({ B: pass }, { ResultWriter: { WriterConfig: {} } })),
      ['missingField /States/A/ResultWriter/WriterConfig'],
    ],
    ['no branches', only({ Type: 'Parallel', Branches: [], End: true }), ['emptyValue /States/A/Branches']],
    [
      'branches that are no array',
      only({ Type: 'Parallel', Branches: {}, End: true }),
      ['wrongType /States/A/Branches'],
    ],
  ];
  test.each(cases)('%s', (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

describe('limits', () => {
  test('state names', () => {
    const longest = '😀'.repeat(STATE_NAME_CHARACTERS_MAX);
    expect(found(machine({ [longest]: pass }))).toEqual([]);
    expect(found(machine({ [`${longest}x`]: pass }))).toEqual([`nameTooLong /States/${longest}x`]);
  });

  test('the definition', () => {
    const text = JSON.stringify(only(pass));
    expect(check(text.padEnd(DEFINITION_LENGTH_MAX))).toEqual([]);
    expect(check(text.padEnd(DEFINITION_LENGTH_MAX + 1))).toMatchObject([{ code: CODES.tooLong.code }]);
  });

  test('nesting', () => {
    const nested = (depth: number): JsonObject =>
      depth === 0 ? { S: pass } : { [`M${depth}`]: inline(nested(depth - 1)) };
    expect(found(machine(nested(100)))).toEqual([]);
    expect(found(machine(nested(101)))[0]).toMatch(/^tooDeep /u);
  });
});

test('a text that does not parse is not judged further', () => {
  const diagnostics = check('{"StartAt": "A",}');
  expect(diagnostics).toMatchObject([{ code: CODES.syntax.code, range: { start: { line: 1, column: 16 } } }]);
  expect(hasErrors(diagnostics)).toBe(true);
});

const messages = (definition: Json, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string[] =>
  check(JSON.stringify(definition), { type }).map(
    ({ message, pointer }) => `${message} at ${pointer || '/'}`,
  );

test('texts that AWS uses', () => {
  expect(messages({})).toEqual(['These fields are required: [States, StartAt] at /']);
  expect(messages({ StartAt: 'A' })).toEqual(['These fields are required: [States] at /']);
  expect(messages(only(task({ Credentials: {} })))).toEqual([
    "The field 'RoleArn' is required but was missing at /States/A/Credentials",
  ]);
  const resource = 'arn:aws:states:::sns:publish.waitForTaskToken';
  expect(
    messages(only(task({ Resource: resource, Parameters: { 'Message.$': '$$.Task.Token' } })), 'EXPRESS'),
  ).toEqual([
    "Express state machine does not support '.waitForTaskToken' service integration  at /States/A/Resource",
  ]);
});
