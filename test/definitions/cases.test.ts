import { afterAll, describe, expect, test } from 'vitest';
import type { MachineRun } from '@stepyard/testing';
import { coverage, runMachine } from '@stepyard/testing';
import { definitionFiles } from './definition-files.ts';

describe.each(definitionFiles)('$name', ({ type, source, substitutions, definition, cases }) => {
  const runs: MachineRun[] = [];

  test.each(cases)('$name', async ({ input, mocks, expect: expected }) => {
    const run = await runMachine({ definition: source, substitutions, type, input, mocks });
    runs.push(run);
    expect({ status: run.status, path: run.path }).toEqual({ status: expected.status, path: expected.path });
    expect(run).toMatchObject({
      ...(expected.output === undefined ? {} : { output: expected.output }),
      ...(expected.error === undefined ? {} : { error: expected.error }),
      ...(expected.cause === undefined ? {} : { cause: expected.cause }),
    });
  });

  test('the cases go through every state and along every edge', () => {
    const { states, edges } = coverage(definition, runs);
    expect({ states: states.missing, edges: edges.missing }).toEqual({ states: [], edges: [] });
  });

  afterAll(() => runs.splice(0));
});
