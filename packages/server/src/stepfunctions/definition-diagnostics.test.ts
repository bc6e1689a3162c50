import { expect, test } from 'vitest';
import { diagnose, requireValidDefinition } from './definition-diagnostics.ts';

// api/sfn-api--create-delete-invalid-sm-4c0424
test('every error is in the message, with its pointer', () => {
  const definition = JSON.stringify({
    StartAt: 'A',
    States: { A: { Type: 'Pass' }, B: { Type: 'Fail', Nonsense: 1 } },
  });
  expect(() => requireValidDefinition('{"StartAt": "A"}', 'STANDARD')).toThrow(
    "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'",
  );
  expect(() => requireValidDefinition(definition, 'STANDARD')).toThrow(
    /at \/States\/A[^,]*, .* at \/States\/B/u,
  );
});

test('what hurts only Express is an error only there', () => {
  const Resource = 'arn:aws:states:::sqs:sendMessage.waitForTaskToken';
  const Parameters = { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } };
  const definition = JSON.stringify({
    StartAt: 'A',
    States: { A: { Type: 'Task', Resource, Parameters, End: true } },
  });
  expect(() => requireValidDefinition(definition, 'STANDARD')).not.toThrow();
  expect(() => requireValidDefinition(definition, 'EXPRESS')).toThrow(
    "Express state machine does not support '.waitForTaskToken' service integration  at /States/A/Resource'",
  );
});

// api_validation/sfn-api-validation--validate-state-machine-definition-not-a-definition-not-a-def-5faaa6
test('a text that is no JSON is told as AWS tells it', () => {
  const location = '[Source: (String)"not a definition"; line: 1, column: 4]';
  expect(diagnose('not a definition', 'STANDARD')).toEqual([
    {
      severity: 'ERROR',
      code: 'INVALID_JSON_DESCRIPTION',
      message: `Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at ${location}`,
      location,
    },
  ]);
  expect(() => requireValidDefinition('{', 'STANDARD')).toThrow(
    /INVALID_JSON_DESCRIPTION: .*\n at \[Source: .*\]'$/u,
  );
});

test('a long text is cut in the message', () => {
  const [found] = diagnose(`[${'x'.repeat(5000)}`, 'STANDARD');
  expect(found?.location).toContain('[truncated 4501 chars]');
});

// api_validation/sfn-api-validation--validate-state-machine-definition-not-a-definition-empty-string-40310b
test('an empty text has no place', () => {
  expect(diagnose(' ', 'STANDARD')).toEqual([
    {
      severity: 'ERROR',
      code: 'SCHEMA_VALIDATION_FAILED',
      message: 'Definition must be a valid JSON object',
      location: undefined,
    },
  ]);
});
