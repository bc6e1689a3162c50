import { substitute, type Json } from '@stepyard/asl';

/**
 * The definition's text with the values put in for `${Name}`, as CloudFormation does with DefinitionSubstitutions. Throws when a
 * placeholder has no value, or a value no placeholder: on AWS the first deploys a wrong machine, silently.
 */
export function definitionText(
  definition: string | Json,
  substitutions: Readonly<Record<string, string>> | undefined,
): string {
  const written = typeof definition === 'string' ? definition : JSON.stringify(definition);
  if (substitutions === undefined) return written;
  const { text, missing, unused } = substitute(written, substitutions);
  if (missing[0] !== undefined)
    throw new Error(`The definition has \${${missing[0]}}, which no substitution gives`);
  if (unused.length > 0) throw new Error(`The definition does not use ${unused.join(', ')}`);
  return text;
}
