import { describe, expect, test } from 'vitest';
import { environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { recordedCases, recordingsPresent } from '../recorded.fixture.ts';
import { compileChoiceRule } from './compile-rule.ts';

/** The member of nested objects and arrays, as these cases are built. */
function at(value: Json | undefined, ...keys: (string | number)[]): Json {
  let found: Json | undefined = value;
  for (const key of keys) {
    if (typeof key === 'number') found = found !== undefined && isArray(found) ? found[key] : undefined;
    else found = isObject(found) ? found[key] : undefined;
  }
  return found ?? null;
}

describe.skipIf(!recordingsPresent)(
  'choice operators as AWS recorded them (skipped without ../shared)',
  () => {
    test.each(recordedCases('choice_operators'))('$id', ({ executions, expected }) => {
      const outputs = executions.map(({ definition, input }) => {
        const rule = compileChoiceRule(at(definition, 'States', 'CheckValues', 'Choices', 0));
        return rule(environment({ document: input })) ? 'ConditionTrue' : 'ConditionFalse';
      });
      const recorded = executions.map((_, index) => at(expected, 'cases', index, 'output', 'TestResult.$'));
      expect(outputs).toEqual(recorded);
    });
  },
);
