import { checkParsed, hasErrors, parse } from '@stepyard/asl';
import type { CheckFormat } from './arguments.ts';
import { definitionFiles, type DefinitionFile } from './checking/definition-files.ts';
import { report, type CheckedFile } from './checking/formats.ts';
import { machinesIn, whole } from './checking/machines-in.ts';
import type { Output } from './output.ts';
import { readUserFile } from './read-file.ts';

/**
 * Checks definitions in files and directories. Gives 1 when any of them has an error, else 0; warnings alone do not fail.
 * Throws UserError, also where a directory holds no state machine at all.
 */
export async function check(paths: readonly string[], format: CheckFormat, output: Output): Promise<number> {
  const results: CheckedFile[] = [];
  for (const file of definitionFiles(paths)) {
    const result = await checkFile(file);
    if (result !== undefined) results.push(result);
  }
  output.out(report(results, format));
  if (results.length === 0) output.err('stepyard: no state machine definition was found.\n');
  const found = results.flatMap(({ machines }) => machines.flatMap(({ diagnostics }) => diagnostics));
  return hasErrors(found) ? 1 : 0;
}

async function checkFile({ path, isNamed }: DefinitionFile): Promise<CheckedFile | undefined> {
  // Editors on Windows begin files with a byte order mark, which is no JSON.
  const text = readUserFile(path).replace(/^\u{feff}/u, '');
  const machines = (await machinesIn(path, text)) ?? (isNamed ? [whole(parse(text))] : undefined);
  if (machines === undefined || (machines.length === 0 && !isNamed)) return undefined;
  return {
    file: path,
    text,
    machines: machines.map(({ name, parsed, type }) => ({
      name,
      diagnostics: checkParsed(parsed, type === undefined ? {} : { type }).toSorted(
        (a, b) => a.range.start.offset - b.range.start.offset,
      ),
    })),
  };
}
