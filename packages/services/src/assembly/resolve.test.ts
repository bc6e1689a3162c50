import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '@stepyard/asl';
import { namedCondition, resolveTemplate } from './resolve.ts';
import { Scope } from './scope.ts';

const PLACE = { stackName: 'S', element: 'R', path: 'P' };

function scopeOf(template: JsonObject, parameters: Record<string, string> = {}): Scope {
  const scope = new Scope({
    stackName: 'S',
    template,
    parameters,
    exports: new Map<string, Json>([['Shared:Arn', 'arn:shared']]),
  });
  scope.resources.set('Queue', { ref: 'http://queue', attributes: { Arn: 'arn:queue', Nested_Name: 'n' } });
  scope.resources.set('Noted', { ref: 'noted', attributes: {}, otherAttribute: (name) => `other-${name}` });
  return scope;
}

const TEMPLATE: JsonObject = {
  Parameters: {
    Text: { Type: 'String', Default: 'text' },
    Count: { Type: 'Number', Default: 3 },
    List: { Type: 'CommaDelimitedList', Default: 'a, b' },
    Needed: { Type: 'String' },
    FromSsm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/x' },
  },
  Mappings: { Map: { one: { two: 'found' } } },
  Conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'Text' }, 'text'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
    Either: { 'Fn::Or': [{ Condition: 'No' }, { Condition: 'Yes' }] },
    Loop: { 'Fn::Not': [{ Condition: 'Loop' }] },
  },
};

function resolve(value: Json, parameters?: Record<string, string>): Json {
  return resolveTemplate(value, scopeOf(TEMPLATE, parameters), PLACE);
}

describe('resolveTemplate', () => {
  test.each<[string, Json, Json]>([
    ['a parameter', { Ref: 'Text' }, 'text'],
    ['a number parameter, which is text', { Ref: 'Count' }, '3'],
    ['a list parameter', { Ref: 'List' }, ['a', 'b']],
    ['a resource', { Ref: 'Queue' }, 'http://queue'],
    ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['an attribute in one text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
    ['any attribute of something noted', { 'Fn::GetAtt': ['Noted', 'X'] }, 'other-X'],
    ['the partition', { Ref: 'AWS::Partition' }, 'aws'],
    ['the account', { Ref: 'AWS::AccountId' }, '000000000000'],
    ['the stack', { Ref: 'AWS::StackName' }, 'S'],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'Count' }, true]] }, 'a-3-true'],
    ['a join of a list', { 'Fn::Join': [',', { Ref: 'List' }] }, 'a,b'],
    [
      'a substitution',
      { 'Fn::Sub': '${AWS::Region}/${Text}/${Queue}/${Queue.Arn}/${!Literal}' },
      'us-east-1/text/http://queue/arn:queue/${Literal}',
    ],
    [
      'a substitution with variables',
      { 'Fn::Sub': ['${A}:${Text}', { A: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] },
      'arn:queue:text',
    ],
    ['a selection', { 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'],
    ['a split', { 'Fn::Split': [':', 'a:b'] }, ['a', 'b']],
    ['a choice', { 'Fn::If': ['Yes', 1, { Ref: 'Nobody' }] }, 1],
    ['the other choice', { 'Fn::If': ['No', { Ref: 'Nobody' }, 2] }, 2],
    ['a map', { 'Fn::FindInMap': ['Map', 'one', 'two'] }, 'found'],
    ['a default of a map', { 'Fn::FindInMap': ['Map', 'x', 'y', { DefaultValue: 'd' }] }, 'd'],
    ['an import', { 'Fn::ImportValue': { 'Fn::Sub': 'Shared:Arn' } }, 'arn:shared'],
    ['base64', { 'Fn::Base64': 'abc' }, 'YWJj'],
    ['zones', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
    ['blocks', { 'Fn::Cidr': ['10.0.0.0/16', 2, '8'] }, ['10.0.0.0/24', '10.0.1.0/24']],
    ['a text of JSON', { 'Fn::ToJsonString': { a: { Ref: 'Text' } } }, '{"a":"text"}'],
    ['a length', { 'Fn::Length': { Ref: 'List' } }, 2],
    [
      'no value',
      { a: { Ref: 'AWS::NoValue' }, b: [{ 'Fn::If': ['No', 1, { Ref: 'AWS::NoValue' }] }, 2] },
      { b: [2] },
    ],
    ['two keys: no function', { Ref: 'Text', Other: { Ref: 'Text' } }, { Ref: 'Text', Other: 'text' }],
  ])('%s', (_name, value, expected) => {
    expect(resolve(value)).toEqual(expected);
  });

  test('a given parameter goes before the default', () => {
    expect(resolve({ Ref: 'Text' }, { Text: 'given' })).toBe('given');
  });

  test('a hostile name is data', () => {
    const value = JSON.parse('{"__proto__": {"Ref": "Text"}, "constructor": 1}') as Json;
    expect(JSON.stringify(resolve(value))).toBe('{"__proto__":"text","constructor":1}');
    expect(() => resolve({ Ref: 'constructor' })).toThrow('Ref names constructor');
    expect(() => resolve({ 'Fn::FindInMap': ['Map', '__proto__', 'toString'] })).toThrow('Mappings has no');
  });

  test.each<[Json, string]>([
    [{ Ref: 'Nobody' }, 'stack S, R, P/Ref: Ref names Nobody, which is no parameter and no resource'],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, 'Fn::GetAtt names Nobody, which is no resource of this stack'],
    [{ 'Fn::GetAtt': ['Queue', 'X'] }, 'Queue has no attribute X'],
    [{ 'Fn::Sub': '${Nobody.Arn}' }, 'Fn::GetAtt names Nobody'],
    [{ Ref: 'Needed' }, 'parameter Needed has no default and no value was given'],
    [{ Ref: 'FromSsm' }, 'parameter FromSsm reads Systems Manager'],
    [{ Ref: 'AWS::Nothing' }, 'unknown pseudo parameter AWS::Nothing'],
    [{ 'Fn::ForEach::X': [] }, 'the yard does not know Fn::ForEach::X'],
    [{ 'Fn::Select': [2, ['a', 'b']] }, 'index 2 is outside a list of 2'],
    [{ 'Fn::Join': [',', 'a'] }, 'P/Fn::Join/1: needs a list'],
    [{ 'Fn::Join': [',', [{ a: 1 }]] }, 'needs a text, and is a list or an object'],
    [{ 'Fn::ImportValue': 'nobody' }, 'no stack exports nobody'],
    [{ 'Fn::If': ['None', 1, 2] }, 'there is no condition None'],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 3, 7] }, 'Fn::Cidr cannot cut "10.0.0.0/24" into 3 blocks'],
    ['{{resolve:secretsmanager:x}}', 'dynamic references are not supported: {{resolve:secretsmanager:...}}'],
  ])('%j is refused', (value, message) => {
    expect(() => resolve(value)).toThrow(message);
  });

  test('the path in a message leads to the place', () => {
    expect(() => resolve({ A: [{ B: { Ref: 'Nobody' } }] })).toThrow('stack S, R, P/A/0/B/Ref: ');
  });
});

test.each([
  ['Yes', true],
  ['No', false],
  ['Both', false],
  ['Either', true],
])('condition %s is %s', (name, expected) => {
  expect(namedCondition(name, scopeOf(TEMPLATE), PLACE)).toBe(expected);
});

test('a condition that depends on itself is refused', () => {
  expect(() => namedCondition('Loop', scopeOf(TEMPLATE), PLACE)).toThrow('condition Loop depends on itself');
});
