import type { Json } from '@stepyard/asl';

/**
 * The definition's text with the values put in for `${Name}`, as CloudFormation does with DefinitionSubstitutions. Throws when a
 * placeholder has no value, or a value no placeholder: on AWS the first deploys a wrong machine, silently.
 */
export function definitionText(
  definition: string | Json,
  substitutions: Readonly<Record<string, string>> | undefined,
): string {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition);
  if (substitutions === undefined) return text;
  const used = new Set<string>();
  const substituted = text.replaceAll(/\$\{([A-Za-z0-9]+)\}/gu, (placeholder, name: string) => {
    const value = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
    if (value === undefined)
      throw new Error(`The definition has ${placeholder}, which no substitution gives`);
    used.add(name);
    // The placeholder stands within a JSON string.
    return JSON.stringify(value).slice(1, -1);
  });
  const unused = Object.keys(substitutions).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`The definition does not use ${unused.join(', ')}`);
  return substituted;
}
