import { expect, test } from 'vitest';
import { detailFields, spelled } from './event-details.ts';

test('payloads are told from facts, and their numbers kept as they are', () => {
  const details = {
    name: 'A',
    input: '{"n":1.0}',
    inputDetails: { truncated: false },
    timeoutInSeconds: 5,
    assignedVariables: { big: '12345678901234567890' },
  };
  expect(detailFields(details)).toEqual({
    payloads: [
      { name: 'input', text: '{"n":1.0}' },
      { name: 'assignedVariables', text: '{"big":12345678901234567890}' },
    ],
    facts: [
      { name: 'name', text: 'A' },
      { name: 'timeoutInSeconds', text: '5' },
    ],
  });
  expect([spelled('timeoutInSeconds'), spelled('error')]).toEqual(['Timeout in seconds', 'Error']);
});
