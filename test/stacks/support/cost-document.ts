import { readFileSync } from 'node:fs';
import { costTable, PRICES_AS_OF, type StageResources } from '../../../lib/costs.ts';
import { repositoryPath } from '../../../lib/paths.ts';
import { allStacks } from './synthesis.ts';

export const COST_DOCUMENT = repositoryPath('README.md');

/** The types of all resources of both stages, from the templates. */
export function stageResources(): StageResources {
  const typesIn = (stage: 'dev' | 'prod'): string[] =>
    allStacks()
      .filter((stack) => stack.stage === stage)
      .flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type))
      // CDK's own helpers: a custom resource's function is counted by its type like any other.
      .filter((type) => type !== 'AWS::CDK::Metadata');
  return { dev: typesIn('dev'), prod: typesIn('prod') };
}

/** The README as it is, and as it must be: with the table between its marks. */
export function costDocument(): { readonly is: string; readonly mustBe: string } {
  const is = readFileSync(COST_DOCUMENT, 'utf8');
  const table = `<!-- costs -->\n\nPrices as of ${PRICES_AS_OF}, US East (N. Virginia), free tiers left out.\n\n${costTable(stageResources())}\n\n<!-- /costs -->`;
  return { is, mustBe: is.replace(/<!-- costs -->[\s\S]*?<!-- \/costs -->/u, () => table) };
}
