/** A definition's text with CloudFormation's DefinitionSubstitutions made in it. */
export interface Substituted {
  readonly text: string;
  /** Names in `${Name}` that no value was given for; they stand in the text as they were. */
  readonly missing: readonly string[];
  /** Names of values that no placeholder asks for. */
  readonly unused: readonly string[];
}

/** Puts values in for the `${Name}` of a definition's JSON text. */
export function substitute(text: string, values: Readonly<Record<string, string>>): Substituted {
  const used = new Set<string>();
  const missing = new Set<string>();
  const substituted = text.replaceAll(/\$\{([A-Za-z0-9]+)\}/gu, (placeholder, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) {
      missing.add(name);
      return placeholder;
    }
    used.add(name);
    // The placeholder stands within a JSON string.
    return JSON.stringify(value).slice(1, -1);
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  return { text: substituted, missing: [...missing], unused };
}
