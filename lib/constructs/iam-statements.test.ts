import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Json } from '@stepyard/asl';
import { describe, expect, test } from 'vitest';
import type { Bindings } from './bindings.ts';
import { bind } from './bindings.ts';
import { checkDefinition, DefinitionError } from './definition-file.ts';
import { iamStatementsFor } from './iam-statements.ts';

const stack = new Stack(new App(), 'Stack');
const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111122223333:key/k');
const QUEUE = { arn: 'arn:queue', value: 'url', example: 'https://sqs.example/q' };
const PARTITION = bind.text('aws');

/** The statements for a machine with one task, resolved. */
function statements(resource: string, parameters: Json, bindings: Bindings): unknown[] {
  const text = JSON.stringify({
    StartAt: 'Task',
    States: { Task: { Type: 'Task', Resource: resource, Parameters: parameters, End: true } },
  });
  const definition = checkDefinition('x.asl.json', text, 'STANDARD', bindings);
  return iamStatementsFor(definition, bindings).map((statement): unknown =>
    stack.resolve(statement.toStatementJson()),
  );
}

describe('iamStatementsFor', () => {
  test('allows an action on the resource behind the parameter', () => {
    expect(
      statements(
        'arn:${Partition}:states:::sqs:sendMessage',
        { QueueUrl: '${QueueUrl}', MessageBody: 'hello' },
        { Partition: PARTITION, QueueUrl: QUEUE },
      ),
    ).toEqual([{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:queue' }]);
  });

  test('allows the key of an encrypted resource', () => {
    expect(
      statements(
        'arn:${Partition}:states:::sqs:sendMessage',
        { QueueUrl: '${QueueUrl}', MessageBody: 'hello' },
        { Partition: PARTITION, QueueUrl: { ...QUEUE, key } },
      ),
    ).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: key.keyArn,
    });
  });

  test('allows a function that is named by the state itself, and nothing for an activity without a key', () => {
    const arn = 'arn:aws:lambda:eu-west-1:111122223333:function:f';
    expect(statements('${Fn}', {}, { Fn: { value: arn, arn, example: arn } })).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn },
    ]);
    const activity = 'arn:aws:states:eu-west-1:111122223333:activity:a';
    expect(statements('${A}', {}, { A: { value: activity, arn: activity, example: activity } })).toEqual([]);
  });

  test('names AWS SDK calls by their IAM service', () => {
    const arn = 'arn:aws:states:eu-west-1:111122223333:stateMachine:m';
    expect(
      statements(
        'arn:${Partition}:states:::aws-sdk:sfn:startSyncExecution',
        { StateMachineArn: '${Machine}' },
        { Partition: PARTITION, Machine: { value: arn, arn, example: arn } },
      ),
    ).toEqual([{ Effect: 'Allow', Action: 'states:StartSyncExecution', Resource: arn }]);
  });

  test.each([
    ['a literal', { QueueUrl: 'https://sqs.example/q', MessageBody: 'x' }],
    ['a value of the input', { 'QueueUrl.$': '$.url', MessageBody: 'x' }],
    ['a substitution among other text', { QueueUrl: '${Partition}/q', MessageBody: 'x' }],
    ['a substitution without a resource', { QueueUrl: '${Partition}', MessageBody: 'x' }],
  ])('refuses to guess the resource of %s, rather than allow all', (_name, parameters) => {
    const deriving = (): unknown =>
      statements('arn:${Partition}:states:::sqs:sendMessage', parameters, { Partition: PARTITION });
    expect(deriving).toThrow(DefinitionError);
    expect(deriving).toThrow(/state "Task": QueueUrl must be a substitution with a resource behind it/u);
  });
});
