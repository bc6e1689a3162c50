import { describe, expect, test } from 'vitest';
import { environment } from '../environment.fixture.ts';
import type { Json } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { recordedCases, recordingsPresent } from '../recorded.fixture.ts';
import { compileJsonataTemplate } from '../template/jsonata-template.ts';
import { compileJsonPathTemplate } from '../template/jsonpath-template.ts';

// What AWS's own random numbers were is not recorded, nor are its names: those cases cannot be compared here.
const RANDOM_OR_CONTEXT = /random|context|nested|escaped/;

const cases = recordedCases('intrinsic_functions').filter(({ id }) => !RANDOM_OR_CONTEXT.test(id));

/** The output of an execution as recorded: objects parsed by the recorder, anything else as text. */
function recordedOutput(expected: Json | undefined): Json {
  const events = isObject(expected) ? (expected['events'] ?? null) : null;
  const last = isArray(events) ? events.at(-1) : undefined;
  const details = isObject(last) ? last['executionSucceededEventDetails'] : undefined;
  const output = isObject(details) ? (details['output'] ?? null) : null;
  return typeof output === 'string' ? JSON.parse(output) : output;
}

function run(definition: Json, input: Json): Json {
  const states = isObject(definition) ? definition['States'] : undefined;
  const state = isObject(states) ? Object.values(states)[0] : undefined;
  if (!isObject(state)) throw new Error('a case without a state');
  const evaluate =
    state['QueryLanguage'] === 'JSONata'
      ? compileJsonataTemplate(state['Output'] ?? null, 'Output')
      : compileJsonPathTemplate(state['Parameters'] ?? null, 'Parameters');
  return evaluate(environment({ document: input }));
}

describe.skipIf(!recordingsPresent)(
  'intrinsic functions as AWS recorded them (skipped without ../shared)',
  () => {
    test.each(cases)('$id', ({ executions, expected }) => {
      const outputs = executions.map(({ definition, input }) => run(definition, input));
      expect(outputs).toEqual(Object.values(expected).map(recordedOutput));
      expect(outputs.length).toBeGreaterThan(0);
    });
  },
);
