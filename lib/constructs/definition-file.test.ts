import { describe, expect, test } from 'vitest';
import type { Bindings } from './bindings.ts';
import { bind } from './bindings.ts';
import { checkDefinition, DefinitionError, readDefinition } from './definition-file.ts';

const FILE = 'definitions/x.asl.json';

const GOOD = `{
  "StartAt": "Say",
  "States": {
    "Say": {
      "Type": "Pass",
      "Result": "\${Word}",
      "End": true
    }
  }
}`;

function checking(text: string, bindings: Bindings = { Word: bind.text('hello') }): () => unknown {
  return () => checkDefinition(FILE, text, 'STANDARD', bindings);
}

describe('a definition file', () => {
  test('is taken as it is, and with examples in place of its substitutions', () => {
    const definition = checkDefinition(FILE, GOOD, 'STANDARD', { Word: bind.text('<token>', 'hello') });
    expect(definition.text).toBe(GOOD);
    expect(definition.example).toMatchObject({ States: { Say: { Result: 'hello' } } });
    expect(definition.written).toMatchObject({ States: { Say: { Result: '${Word}' } } });
  });

  test('that is not there is named', () => {
    expect(() => readDefinition('/nowhere/x.asl.json', 'STANDARD', {})).toThrow('x.asl.json: no such file');
  });

  test.each([
    ['that is no JSON', GOOD.replace('"Pass",', '"Pass"'), /^definitions\/x\.asl\.json:\d+:\d+ ASL101 /u],
    [
      'with a mistake',
      GOOD.replace('"Pass"', '"Pas"'),
      /^definitions\/x\.asl\.json:5:\d+ ASL\d+ .*\/States\/Say/u,
    ],
    [
      'that leads nowhere',
      GOOD.replace('"End": true', '"Next": "Nobody"'),
      /x\.asl\.json:7:\d+ ASL301 .*Nobody/u,
    ],
    [
      'with a substitution that has no value',
      GOOD.replace('Word', 'Other'),
      /^definitions\/x\.asl\.json:6:18 \$\{Other\}: the stack gives no value for it$/mu,
    ],
    [
      'with a pseudo parameter, which CloudFormation would leave as it is',
      GOOD.replace('Word', 'AWS::Partition'),
      /:6:18 \$\{AWS::Partition\}: CloudFormation substitutes names of letters and digits only/u,
    ],
    [
      'that does not use a value',
      GOOD.replace('${Word}', 'word'),
      /x\.asl\.json: the stack gives a value for \$\{Word\}, which is not used$/u,
    ],
  ])('%s is refused, with file and line', (_name, text, message) => {
    expect(checking(text)).toThrow(DefinitionError);
    expect(checking(text)).toThrow(message);
  });

  test('names in another case are others: AWS once published a sample that fell for it', () => {
    expect(checking(GOOD, { word: bind.text('hello') })).toThrow(/\$\{Word\}.*\n.*\$\{word\}/u);
  });

  test('the names of Object.prototype are no substitutions', () => {
    expect(checking(GOOD.replace('Word', 'constructor'))).toThrow('the stack gives no value for it');
  });

  test('what Express cannot do is refused for Express only', () => {
    const text = JSON.stringify({
      StartAt: 'Wait',
      States: {
        Wait: {
          Type: 'Task',
          Resource: 'arn:${Partition}:states:::sqs:sendMessage.waitForTaskToken',
          Parameters: { QueueUrl: '${QueueUrl}', MessageBody: { 'Token.$': '$$.Task.Token' } },
          End: true,
        },
      },
    });
    const bindings = { Partition: bind.text('aws'), QueueUrl: bind.text('https://sqs.example/q') };
    expect(() => checkDefinition(FILE, text, 'STANDARD', bindings)).not.toThrow();
    expect(() => checkDefinition(FILE, text, 'EXPRESS', bindings)).toThrow('waitForTaskToken');
  });
});
