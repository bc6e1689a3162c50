import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { getOwn, isObject, parseJson } from '@stepyard/asl';
import type { SampleInput } from '@stepyard/console';
import type { ConsoleContext } from '../context.ts';
import { objectsIn, textIn } from '../members.ts';

const LAST_INPUTS = 5;
const FILE_BYTES_MAX = 1_048_576;
const FILES_MAX = 200;
const SUFFIX = '.cases.json';
/** Where an app keeps its definitions, below its own directory. */
const DIRECTORIES = ['definitions', '.'];

/**
 * Inputs to start a machine with: those of the cases that the deployed app has for it (`<definition>.cases.json` beside its
 * definition, found by the machine's name), and the last that it was started with.
 */
export async function samples(
  { engine, appDir }: ConsoleContext,
  machine: string,
): Promise<readonly SampleInput[]> {
  const { name, stateMachineArn } = await engine.describeStateMachine(machine);
  const cases = appDir === undefined ? [] : await casesOf(appDir, name);
  const { items } = await engine.list({
    stateMachineArn,
    includesExpress: true,
    maxResults: LAST_INPUTS * 4,
  });
  const inputs = new Map<string, SampleInput>();
  for (const { executionArn, name: execution } of items) {
    const { description } = await engine.inspect(executionArn);
    const sample = { name: execution, source: 'execution', input: description.input } as const;
    if (!inputs.has(sample.input) && inputs.size < LAST_INPUTS) inputs.set(sample.input, sample);
  }
  return [...cases, ...inputs.values()];
}

async function casesOf(appDir: string, machineName: string): Promise<readonly SampleInput[]> {
  for (const directory of DIRECTORIES) {
    const files = await casesFiles(join(appDir, directory));
    // The longest name that is part of the machine's: `transfer-records-express` before `transfer-records`.
    const own = files
      .filter((file) => plain(machineName).includes(plain(file.slice(0, -SUFFIX.length))))
      .toSorted((one, other) => other.length - one.length)[0];
    if (own !== undefined) return await readCases(join(appDir, directory, own));
  }
  return [];
}

async function casesFiles(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((file) => file.endsWith(SUFFIX)).slice(0, FILES_MAX);
  } catch {
    return [];
  }
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/gu, '');
}

/** What is no file of cases gives none: it is the app's own affair. */
async function readCases(path: string): Promise<readonly SampleInput[]> {
  const { size } = await stat(path);
  const value = size > FILE_BYTES_MAX ? undefined : parseJson(await readFile(path, 'utf8'));
  if (!isObject(value)) return [];
  return objectsIn(value, 'cases').flatMap((one) => {
    const input = getOwn(one, 'input');
    if (input === undefined) return [];
    return [
      { name: textIn(one, 'name') ?? 'case', source: 'case', input: JSON.stringify(input, null, 2) } as const,
    ];
  });
}
