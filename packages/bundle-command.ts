import { build as bundle, type Plugin } from 'esbuild';
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('..', import.meta.url));
/** Where the command's chunks lie in the built server. */
const CHUNKS = 'lib/command';
/** What every start loads of others: bundled too, with its licence beside it. All else that is imported stays outside. */
const LIBRARIES = ['@noble/hashes', 'csv-parse', 'jsonata', 're2js'];

/**
 * Makes a few files of the several hundred modules that the `stepyard` command loads: to find and open them all takes longer than to
 * run them (docs/decisions/017). `directory` holds the packages as they were built, a folder each. Dynamic imports stay files of their
 * own, names stay as they are. Gives the packages that it imports; rejects when anything cannot be bundled.
 */
export async function bundleCommand(directory: string): Promise<ReadonlySet<string>> {
  const server = join(directory, 'server');
  const { metafile } = await bundle({
    entryPoints: [join(server, 'lib/cli/run.js')],
    outdir: join(server, CHUNKS),
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    logLevel: 'warning',
    metafile: true,
    // As esbuild finds them.
    plugins: [packagesIn(realpathSync(directory))],
  });
  for (const name of LIBRARIES) {
    const licence = join(server, CHUNKS, 'licenses', `${name.replace('/', '-')}.txt`);
    mkdirSync(join(licence, '..'), { recursive: true });
    cpSync(join(REPOSITORY, 'node_modules', name, 'LICENSE'), licence);
  }
  const main = join(server, 'lib/cli/main.mjs');
  const text = readFileSync(main, 'utf8');
  if (!text.includes("'./run.js'")) throw new Error('main.mjs does not import run.js');
  writeFileSync(main, text.replace("'./run.js'", "'../command/run.js'"));
  // Nothing else loads it: it is bundled.
  rmSync(join(server, 'lib/cli/run.js'));
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const outside = imports.filter(({ external, path }) => external === true && !isBuiltin(path));
  return new Set(outside.map(({ path }) => packageOf(path)));
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** esbuild knows no flags of regular expressions. */
const ANY = new RegExp('');
const ORIGIN = 'origin:';
const OURS = '@stepyard/';
/** Says of a resolution that it is esbuild's own turn. */
const LIBRARY = Symbol('library');

function packagesIn(directory: string): Plugin {
  return {
    name: 'packages',
    setup(build) {
      build.onResolve({ filter: ANY }, ({ path, kind, pluginData }) => {
        if (pluginData === LIBRARY || path.startsWith('.') || isAbsolute(path)) return undefined;
        if (path.startsWith(OURS)) return { path: join(directory, path.slice(OURS.length), 'lib/index.js') };
        if (path.startsWith(ORIGIN)) return { path, namespace: ORIGIN };
        if (!LIBRARIES.includes(packageOf(path))) return { path, external: true };
        return build.resolve(path, { kind, resolveDir: REPOSITORY, pluginData: LIBRARY });
      });
      build.onLoad({ filter: ANY, namespace: 'file' }, ({ path }) => {
        const [name = '', ...parts] = relative(directory, path).split(sep);
        if (name === '..') return undefined;
        return { contents: withOwnUrl(withBuiltins(readFileSync(path, 'utf8')), name, parts.join('/')) };
      });
      build.onLoad({ filter: ANY, namespace: ORIGIN }, ({ path }) => ({
        contents: originOf(path.slice(ORIGIN.length)),
      }));
    },
  };
}

/** To itself a module is where the package that has it is installed, not where the chunk is: it finds scripts and libraries from there. */
function withOwnUrl(text: string, name: string, path: string): string {
  if (!text.includes('import.meta.')) return text;
  // No chunk is ever the main module, nor was any of them.
  if (/import\.meta\.(?!(?:url|main)\b)/u.test(text))
    throw new Error(`${name}/${path} uses more of import.meta`);
  const url = `new URL(${JSON.stringify(path)}, packageOrigin).href`;
  return `import { packageOrigin } from 'origin:${name}'; ${text.replaceAll('import.meta.url', url)}`;
}

/** A module that exports the URL of an installed package's folder. */
function originOf(name: string): string {
  if (name === 'server') return `export const packageOrigin = new URL('../../', import.meta.url);`;
  return withBuiltins(
    `import { findPackageJSON } from 'node:module';\nimport { pathToFileURL } from 'node:url';\n` +
      `export const packageOrigin = pathToFileURL(findPackageJSON('@stepyard/${name}', import.meta.url));`,
  );
}

/**
 * Takes builtins as `require` does. An import reads everything that they export; to read all of `node:http` loads undici and HTTP/2,
 * 70 ms of CPU, of which nothing is used.
 */
function withBuiltins(text: string): string {
  return text
    .replace(/^import \{([^}]*)\} from '(node:[\w/]+)';/gmu, (_, names: string, builtin: string) => {
      return `const {${names.replaceAll(/ as /gu, ': ')}} = process.getBuiltinModule('${builtin}');`;
    })
    .replace(/^import \* as (\w+) from '(node:[\w/]+)';/gmu, "const $1 = process.getBuiltinModule('$2');");
}
