/** The fields of a package.json that this repository uses. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly type: string;
  /** Public name -> the source that has it. */
  readonly exports: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/**
 * The package.json that is published: sources become what was built of them, and what only building needs is left out. `more`: what it
 * depends on besides, because of what is bundled into it.
 */
export function packedManifest(
  source: Manifest,
  nodeEngine: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, unknown>> {
  const { name, version, description, license, type, exports, bin } = source;
  const dependencies = { ...source.dependencies, ...more };
  const files = ['lib', 'dist'];
  return {
    name,
    version,
    description,
    license,
    type,
    engines: { node: nodeEngine },
    exports: {
      ...Object.fromEntries(Object.entries(exports).map(([key, path]) => [key, builtExport(path)])),
      './package.json': './package.json',
    },
    ...(bin === undefined
      ? {}
      : { bin: Object.fromEntries(Object.entries(bin).map(([key, path]) => [key, inLib(path)])) }),
    files,
    // The console's libraries are inside its pages.
    ...(Object.keys(dependencies).length === 0 || name === '@stepyard/console' ? {} : { dependencies }),
  };
}

function builtExport(path: string): { readonly types: string; readonly default: string } {
  const built = inLib(path).replace(/\.ts$/u, '');
  return { types: `${built}.d.ts`, default: `${built}.js` };
}

function inLib(path: string): string {
  return path.replace('./src/', './lib/');
}
