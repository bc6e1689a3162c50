import { expect, test } from 'vitest';
import { createMemoryStore } from '../journal/memory-store.ts';
import { createIds } from './ids.ts';
import { JournalWriter } from './journal-writer.ts';
import { Machines } from './machines.ts';
import { Resources } from './resources.ts';
import { Revisions } from './revisions.ts';

const REQUEST = {
  name: 'm',
  definition: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}',
  roleArn: 'arn:aws:iam::000000000000:role/x',
};

function machines(): Machines {
  const store = createMemoryStore();
  const resources = new Resources(store, new JournalWriter(store, () => undefined));
  return new Machines(
    { region: 'us-east-1', account: '000000000000' },
    createIds('seed'),
    resources,
    new Revisions(store),
  );
}

// API reference, CreateStateMachine: its idempotency check does not look at the role.
test('the same machine again, under another role too, is the one that is there', () => {
  const all = machines();
  const first = all.create(REQUEST, 1);
  expect(all.create({ ...REQUEST, roleArn: 'arn:aws:iam::000000000000:role/y' }, 2)).toEqual(first);
});

test.each([
  { definition: REQUEST.definition.replace('{', '{ ') },
  { type: 'EXPRESS' as const },
  { configuration: { tracingConfiguration: { enabled: true } } },
])('another machine of the name is refused: %j', (difference) => {
  const all = machines();
  all.create(REQUEST, 1);
  expect(() => all.create({ ...REQUEST, ...difference }, 2)).toThrow('State Machine Already Exists');
});
