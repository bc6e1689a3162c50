import { expect, test } from 'vitest';
import { allStacks } from './support/synthesis.ts';

/**
 * What would be deployed, as text to review. Hashes of assets are scrubbed: a change in a handler is no change of
 * the architecture. Definitions are left out: they are files of their own, and compared in definitions.test.ts.
 */
test.each(allStacks().map((stack): [string, unknown] => [stack.stackName, stack.template]))(
  '%s',
  async (stackName, template) => {
    const scrubbed = JSON.stringify(template, undefined, 1)
      .replaceAll(/\b[0-9a-f]{64}\b/gu, '<hash>')
      .replaceAll(/"DefinitionString": ".*"/gu, '"DefinitionString": "<definition>"');
    await expect(`${scrubbed}\n`).toMatchFileSnapshot(`__snapshots__/${stackName}.template.json`);
  },
);
