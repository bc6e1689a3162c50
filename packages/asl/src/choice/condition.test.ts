import { expect, test } from 'vitest';
import { environment } from '../environment.fixture.ts';
import { compileCondition } from './condition.ts';

test('gives the boolean', () => {
  const condition = compileCondition('{% $states.input.n > 3 %}', 'Choices[0]/Condition');
  expect(condition(environment({ document: { n: 4 } }))).toBe(true);
  expect(condition(environment({ document: { n: 3 } }))).toBe(false);
});

test('fails for anything else, quoting it', () => {
  const condition = compileCondition('{% $states.input.n %}', 'Choices[1]/Condition');
  expect(() => condition(environment({ document: { n: 1 } }))).toThrow(
    "States.QueryEvaluationError: The JSONata expression '$states.input.n' specified for the field 'Choices[1]/Condition' " +
      "returned an unexpected result type. Expected 'boolean', but was 'number' for value: 1",
  );
});

test('refuses a text that is no expression', () => {
  expect(() => compileCondition(' {% true %}', 'Choices[0]/Condition')).toThrow('JSONata expression');
});
