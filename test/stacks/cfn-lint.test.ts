import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { allMachines } from './support/machines.ts';
import { allStacks } from './support/synthesis.ts';
import type { Template } from './support/template.ts';

const installed = spawnSync('cfn-lint', ['--version']).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'stepyard-cfn-lint-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** W3005: CDK writes DependsOn where a reference already says so, which does no harm. */
const IGNORED = ['W3005'];

/**
 * With each definition as it is after substitution: cfn-lint judges definitions too, and knows nothing of substitutions in
 * the middle of an ARN.
 */
function withDefinitions(stackName: string, template: Template): unknown {
  const machines = allMachines().filter(({ stack }) => stack.stackName === stackName);
  const definitions = machines.map(({ resource, definition }) => {
    const { DefinitionString, DefinitionSubstitutions, ...properties } = resource.properties;
    expect([typeof DefinitionString, typeof DefinitionSubstitutions]).toEqual(['string', 'object']);
    return [
      resource.id,
      { ...resource.resource, Properties: { ...properties, DefinitionString: JSON.stringify(definition) } },
    ];
  });
  return { ...template, Resources: { ...template.Resources, ...Object.fromEntries(definitions) } };
}

describe.skipIf(!installed)('cfn-lint (skipped where it is not installed: pip install cfn-lint)', () => {
  test(
    'finds nothing in any template',
    () => {
      const files = allStacks().map(({ stackName, template }) => {
        const file = join(folder, `${stackName}.template.json`);
        writeFileSync(file, JSON.stringify(withDefinitions(stackName, template)));
        return file;
      });
      const ignored = IGNORED.flatMap((rule) => ['--ignore-checks', rule]);
      const { stdout, status } = spawnSync(
        'cfn-lint',
        ['--format', 'parseable', '--regions', 'us-east-1', ...ignored, '--', ...files],
        { encoding: 'utf8' },
      );
      expect(stdout).toBe('');
      expect(status).toBe(0);
    },
    // Python, over ten templates.
    180_000,
  );
});
