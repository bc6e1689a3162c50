import { describe, expect, test } from 'vitest';
import type { Json } from '@stepyard/asl';
import { INPUT_SHAPES } from '../stepfunctions/model/input-shapes.ts';
import { ApiError } from './api-error.ts';
import { validateInput } from './validate.ts';

function errorOf(operation: string, body: Json): ApiError {
  try {
    validateInput(INPUT_SHAPES, operation, body);
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('the input was accepted');
}

const MACHINE = { name: 'm', roleArn: 'arn:aws:iam::000000000000:role/x', definition: '{}' };

describe('validateInput', () => {
  test('keeps known members, drops unknown ones and nulls', () => {
    const body = JSON.parse(
      '{"activityArn":"a","workerName":null,"future":1,"__proto__":{"workerName":"w"}}',
    ) as Json;
    expect(validateInput(INPUT_SHAPES, 'GetActivityTask', body)).toEqual({ activityArn: 'a' });
  });

  test('names every missing required member in one message', () => {
    const error = errorOf('CreateStateMachine', { name: 'm' });
    expect(error.code).toBe('ValidationException');
    expect(error.message).toBe(
      "2 validation errors detected: Value at 'definition' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    );
  });

  // api/sfn-api--list-executions-pagination-07fb5b and sfn-api--state-machine-status-filter-b10313
  test('words limits and enumerations as AWS does', () => {
    expect(errorOf('ListExecutions', { maxResults: 1001 }).message).toBe(
      "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    );
    expect(errorOf('ListExecutions', { statusFilter: 'succeeded' }).message).toBe(
      "1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]',
    );
  });

  test('holds at the limit of a length and fails one past it', () => {
    expect(validateInput(INPUT_SHAPES, 'ListExecutions', { nextToken: 'x'.repeat(3096) })).toBeTruthy();
    expect(errorOf('ListExecutions', { nextToken: 'x'.repeat(3097) }).message).toContain(
      'less than or equal to 3096',
    );
    expect(errorOf('ListStateMachines', { nextToken: '' }).message).toContain('greater than or equal to 1');
  });

  test('numbers list items from 1 in nested members', () => {
    const error = errorOf('CreateStateMachine', { ...MACHINE, tags: [{ key: 'a' }, { key: '' }] });
    expect(error.message).toContain("Value '' at 'tags.2.member.key'");
  });

  test.each<[string, Json, string]>([
    ['DescribeExecution', { executionArn: 7 }, 'NUMBER_VALUE can not be converted to String'],
    ['DescribeExecution', { executionArn: {} }, 'Start of structure or map found where not expected.'],
    ['ListExecutions', { maxResults: '5' }, 'STRING_VALUE can not be converted to Integer'],
    ['ListExecutions', { maxResults: 1.5 }, 'NUMBER_VALUE can not be converted to Integer'],
    ['ListExecutions', { maxResults: 1e300 }, 'NUMBER_VALUE can not be converted to Integer'],
    [
      'GetExecutionHistory',
      { executionArn: 'x', reverseOrder: 'yes' },
      'STRING_VALUE can not be converted to Boolean',
    ],
    ['TagResource', { resourceArn: 'x', tags: {} }, 'Expected list or null'],
    ['DescribeExecution', [], 'Expected structure or null'],
    ['DescribeExecution', null, 'Expected structure or null'],
  ])('refuses a wrong type in %s', (operation, body, message) => {
    expect(errorOf(operation, body)).toMatchObject({ code: 'SerializationException', message });
  });

  test('answers a pattern in linear time on hostile text', () => {
    const started = performance.now();
    const error = errorOf('CreateStateMachineAlias', {
      name: 'a'.repeat(80) + '!',
      routingConfiguration: [{ stateMachineVersionArn: 'x', weight: 100 }],
    });
    expect(error.message).toContain('less than or equal to 80');
    expect(performance.now() - started).toBeLessThan(200);
  });
});
