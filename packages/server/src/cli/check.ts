import { check as checkDefinition, hasErrors, type Diagnostic } from '@stepyard/asl';
import type { CheckFormat } from './arguments.ts';
import type { Output } from './output.ts';
import { readUserFile } from './read-file.ts';

/** Checks definition files. Gives 1 when any of them has an error, else 0; warnings alone do not fail. Throws UserError. */
export function check(files: readonly string[], format: CheckFormat, output: Output): number {
  const results = files.map((file) => ({ file, diagnostics: checkDefinition(readUserFile(file)) }));
  if (format === 'json') {
    output.out(`${JSON.stringify(results, null, 2)}\n`);
  } else {
    const line = format === 'github' ? githubLine : textLine;
    for (const { file, diagnostics } of results) {
      for (const diagnostic of diagnostics) output.out(`${line(file, diagnostic)}\n`);
      if (format === 'text' && diagnostics.length === 0) output.out(`${file}: no findings\n`);
    }
  }
  return results.some(({ diagnostics }) => hasErrors(diagnostics)) ? 1 : 0;
}

function textLine(file: string, { range, severity, code, message, pointer }: Diagnostic): string {
  const place = pointer === '' ? '' : ` (${pointer})`;
  return `${file}:${range.start.line}:${range.start.column}: ${severity} ${code}: ${message}${place}`;
}

/** A workflow command of GitHub Actions, which shows it at the line of the file. */
function githubLine(file: string, { range, severity, code, message }: Diagnostic): string {
  const data = message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = file.replaceAll('%', '%25').replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${severity} file=${property},line=${range.start.line},col=${range.start.column},title=${code}::${data}`;
}
