import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { JsonObject } from '@stepyard/asl';
import { isArray } from '@stepyard/asl';
import { AssemblyError } from './assembly-error.ts';
import { AssetReader, entriesOf, insideOf, objectOf, textOf, type Assets } from './assets.ts';
import { MANIFEST_BYTES_MAX, readJsonFile, TEMPLATE_BYTES_MAX } from './read-json.ts';

/** One stack of a cloud assembly. */
export interface AssemblyStack {
  /** The stack's name in CloudFormation. */
  readonly name: string;
  /** Path in the construct tree, as the CDK CLI shows it: `Dev/Transfer`. */
  readonly displayName: string;
  readonly template: JsonObject;
  /** Values that the manifest gives for the template's parameters. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A cloud assembly: what `cdk synth` writes to `cdk.out`, stages included. */
export interface Assembly {
  readonly directory: string;
  /** In the order in which they can be deployed. */
  readonly stacks: readonly AssemblyStack[];
  readonly assets: Assets;
}

/** CloudFormation's limits of one template. */
export const RESOURCES_MAX = 500;
export const STACKS_MAX = 200;
/** A stage within a stage within ... */
const NESTING_MAX = 10;

interface FoundStack extends AssemblyStack {
  /** Artifact ids within its own manifest, on which it depends. */
  readonly dependencies: readonly string[];
}

/** Reads an assembly. Throws an AssemblyError with one line that says what is wrong and where. */
export function readAssembly(directory: string): Assembly {
  const root = resolve(directory);
  const assets = new AssetReader();
  const stacks = readLevel(root, assets, 0);
  if (stacks.length > STACKS_MAX) throw new AssemblyError(`${root}: more than ${STACKS_MAX} stacks`);
  const seen = new Set<string>();
  for (const { name, displayName } of stacks) {
    if (seen.has(name))
      throw new AssemblyError(`${root}: two stacks are called ${name} (one is ${displayName})`);
    seen.add(name);
  }
  return { directory: root, stacks, assets };
}

function readLevel(directory: string, assets: AssetReader, nesting: number): readonly AssemblyStack[] {
  const manifestPath = join(directory, 'manifest.json');
  if (nesting > NESTING_MAX)
    throw new AssemblyError(`${manifestPath}: stages nested deeper than ${NESTING_MAX}`);
  if (!existsSync(manifestPath)) {
    throw new AssemblyError(
      `${directory} is no cloud assembly: it has no manifest.json (run cdk synth first)`,
    );
  }
  const manifest = readJsonFile(manifestPath, MANIFEST_BYTES_MAX);
  const found = new Map<string, FoundStack>();
  const nested: AssemblyStack[] = [];
  for (const [id, artifact] of entriesOf(manifest['artifacts'])) {
    const properties = objectOf(artifact['properties']);
    switch (textOf(artifact['type']) ?? '') {
      case 'aws:cloudformation:stack':
        found.set(id, readStack(directory, manifestPath, id, artifact));
        break;
      case 'cdk:asset-manifest':
        assets.read(directory, insideOf(directory, textOf(properties['file']) ?? '', manifestPath));
        break;
      case 'cdk:cloud-assembly': {
        const inner = insideOf(directory, textOf(properties['directoryName']) ?? '', manifestPath);
        nested.push(...readLevel(inner, assets, nesting + 1));
        break;
      }
      default:
        // The construct tree and feature-flag reports say nothing about what to deploy.
        break;
    }
  }
  return [...sortByDependency(manifestPath, found), ...nested];
}

function readStack(directory: string, manifestPath: string, id: string, artifact: JsonObject): FoundStack {
  const properties = objectOf(artifact['properties']);
  const file = textOf(properties['templateFile']);
  if (file === undefined) throw new AssemblyError(`${manifestPath}: stack ${id} has no templateFile`);
  const template = readJsonFile(insideOf(directory, file, manifestPath), TEMPLATE_BYTES_MAX);
  const name = textOf(properties['stackName']) ?? id;
  const count = Object.keys(objectOf(template['Resources'])).length;
  if (count > RESOURCES_MAX) {
    throw new AssemblyError(
      `stack ${name}: ${count} resources; CloudFormation takes at most ${RESOURCES_MAX}`,
    );
  }
  const parameters = Object.entries(objectOf(properties['parameters'])).flatMap(([key, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[key, text] as const];
  });
  const dependencies = artifact['dependencies'];
  return {
    name,
    displayName: textOf(artifact['displayName']) ?? id,
    template,
    parameters: Object.fromEntries(parameters),
    dependencies: isArray(dependencies) ? dependencies.filter((item) => typeof item === 'string') : [],
  };
}

/** A stack after those that it depends on; otherwise as the manifest has them. */
function sortByDependency(manifestPath: string, found: ReadonlyMap<string, FoundStack>): AssemblyStack[] {
  const sorted: AssemblyStack[] = [];
  const state = new Map<string, 'visiting' | 'done'>();
  const visit = (id: string): void => {
    const stack = found.get(id);
    if (stack === undefined || state.get(id) === 'done') return;
    if (state.get(id) === 'visiting') {
      throw new AssemblyError(`${manifestPath}: the stacks depend on one another in a circle at ${id}`);
    }
    state.set(id, 'visiting');
    for (const dependency of stack.dependencies) visit(dependency);
    state.set(id, 'done');
    const { dependencies: _dependencies, ...rest } = stack;
    sorted.push(rest);
  };
  for (const id of found.keys()) visit(id);
  return sorted;
}
