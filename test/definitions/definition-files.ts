/** Reads the definitions and their cases: the same files that the CDK app deploys. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject } from '@stepyard/asl';
import type { Mock, Mocks } from '@stepyard/testing';

const folder = fileURLToPath(new URL('../../definitions', import.meta.url));

export const EXPRESS: ReadonlySet<string> = new Set(['transfer-records-express']);

export interface DefinitionFile {
  readonly name: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** As it stands in the file, with `${Name}` where the deployment puts its own values. */
  readonly source: string;
  readonly substitutions: Readonly<Record<string, string>>;
  /** The text after substitution. */
  readonly text: string;
  readonly definition: JsonObject;
  readonly cases: readonly DefinitionCase[];
}

export interface DefinitionCase {
  readonly name: string;
  readonly input: Json;
  /** By state: the nth invocation takes the nth. */
  readonly mocks: Mocks;
  readonly expect: {
    readonly status: 'SUCCEEDED' | 'FAILED';
    readonly output?: Json;
    readonly error?: string;
    readonly cause?: string;
    /** The states entered, in the order of their events. */
    readonly path: readonly string[];
  };
}

export const definitionFiles: readonly DefinitionFile[] = readdirSync(folder)
  .filter((file) => file.endsWith('.asl.json'))
  .map((file) => read(file.slice(0, -'.asl.json'.length)));

export function definitionFile(name: string): DefinitionFile {
  const found = definitionFiles.find((file) => file.name === name);
  if (found === undefined) throw new Error(`definitions/${name}.asl.json is missing`);
  return found;
}

function read(name: string): DefinitionFile {
  const source = readFileSync(join(folder, `${name}.asl.json`), 'utf8');
  const file = object(JSON.parse(readFileSync(join(folder, `${name}.cases.json`), 'utf8')));
  const substitutions: Record<string, string> = {};
  for (const [key, value] of Object.entries(object(file['substitutions']))) substitutions[key] = text(value);
  const substituted = source.replaceAll(/\$\{([^}]*)\}/gu, (whole, key: string) =>
    Object.hasOwn(substitutions, key) ? (substitutions[key] ?? whole) : whole,
  );
  return {
    name,
    type: EXPRESS.has(name) ? 'EXPRESS' : 'STANDARD',
    source,
    substitutions,
    text: substituted,
    definition: object(JSON.parse(substituted)),
    cases: array(file['cases']).map((item) => readCase(object(item))),
  };
}

function readCase(item: JsonObject): DefinitionCase {
  const expected = object(item['expect']);
  const { output, error, cause, status } = expected;
  if (status !== 'SUCCEEDED' && status !== 'FAILED') throw new Error(`${text(item['name'])}: no status`);
  return {
    name: text(item['name']),
    input: item['input'] ?? null,
    mocks: Object.fromEntries(
      Object.entries(object(item['mocks'])).map(([state, turns]) => [
        state,
        array(turns).map((turn) => readMock(object(turn))),
      ]),
    ),
    expect: {
      status,
      path: readPath(array(expected['path'])),
      ...(output === undefined ? {} : { output }),
      ...(error === undefined ? {} : { error: text(error) }),
      ...(cause === undefined ? {} : { cause: text(cause) }),
    },
  };
}

function readMock(turn: JsonObject): Mock {
  const { times, throw: thrown } = turn;
  const count = typeof times === 'number' ? { times } : {};
  if (thrown === undefined) return { ...count, return: turn['return'] ?? null };
  const { error, cause } = object(thrown);
  return { ...count, throw: { error: text(error), ...(cause === undefined ? {} : { cause: text(cause) }) } };
}

/** An element is a state's name, or `{ "times": n, "path": [...] }` for a part that repeats. */
function readPath(path: readonly Json[]): readonly string[] {
  return path.flatMap((step) => {
    if (typeof step === 'string') return step;
    const { times, path: part } = object(step);
    if (typeof times !== 'number') throw new Error('a part of a path has no times');
    return Array.from({ length: times }, () => readPath(array(part))).flat();
  });
}

function object(value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Error(`not an object: ${JSON.stringify(value)}`);
  return value;
}

function array(value: Json | undefined): readonly Json[] {
  if (!isArray(value)) throw new Error(`not an array: ${JSON.stringify(value)}`);
  return value;
}

function text(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error(`not a string: ${JSON.stringify(value)}`);
  return value;
}
