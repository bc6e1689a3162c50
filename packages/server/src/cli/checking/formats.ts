import { findCode, type Diagnostic } from '@stepyard/asl';
import type { CheckFormat } from '../arguments.ts';
import { codeFrame, printable } from './code-frame.ts';

/** What was found in one file. */
export interface CheckedFile {
  readonly file: string;
  readonly text: string;
  readonly machines: readonly CheckedMachine[];
}

export interface CheckedMachine {
  /** Its logical id in a template. */
  readonly name: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The whole report. Ends in a line break. */
export function report(files: readonly CheckedFile[], format: CheckFormat): string {
  if (format === 'json') return `${JSON.stringify(files.map(jsonFile), null, 2)}\n`;
  const lines = format === 'github' ? files.flatMap(githubLines) : textLines(files);
  return lines.map((line) => `${line}\n`).join('');
}

function jsonFile({ file, machines }: CheckedFile) {
  return {
    file,
    diagnostics: machines.flatMap(({ diagnostics }) =>
      diagnostics.map((found) => ({
        code: found.code,
        severity: found.severity,
        message: messageOf(found),
        pointer: found.pointer,
        range: found.range,
      })),
    ),
  };
}

function messageOf({ message, detail }: Diagnostic): string {
  return detail === undefined ? message : `${message} (${detail})`;
}

/** Each finding with its line and a caret; what to do about it where its code appears for the first time. */
function textLines(files: readonly CheckedFile[]): string[] {
  const lines: string[] = [];
  const told = new Set<string>();
  const counts = { error: 0, warning: 0 };
  for (const { file, text, machines } of files) {
    if (machines.every(({ diagnostics }) => diagnostics.length === 0)) {
      lines.push(`${file}: ${machines.length === 0 ? 'no state machine in it' : 'no findings'}`);
    }
    for (const { name, diagnostics } of machines) {
      for (const found of diagnostics) {
        counts[found.severity] += 1;
        lines.push(textLine(file, name, found), codeFrame(text, found.range));
        const help = told.has(found.code) ? undefined : findCode(found.code)?.help;
        told.add(found.code);
        if (help !== undefined) lines.push(`  = ${help}`);
      }
    }
  }
  if (counts.error + counts.warning > 0) {
    lines.push(
      `${many(counts.error, 'error')}, ${many(counts.warning, 'warning')} in ${many(files.length, 'file')}`,
    );
  }
  return lines;
}

function many(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function textLine(file: string, name: string | undefined, found: Diagnostic): string {
  const { range, severity, code, pointer } = found;
  const place = [name, pointer].filter((part) => part !== undefined && part !== '').join(' ');
  const where = place === '' ? '' : ` (${printable(place)})`;
  const message = printable(messageOf(found));
  return `${file}:${range.start.line}:${range.start.column}: ${severity} ${code}: ${message}${where}`;
}

/** Workflow commands of GitHub Actions, which shows them at the lines of the file. */
function githubLines({ file, machines }: CheckedFile): string[] {
  return machines.flatMap(({ diagnostics }) =>
    diagnostics.map((found) => {
      const { range, severity, code } = found;
      const data = escapeData(`${messageOf(found)} (${found.pointer || '/'})`);
      const end = range.end.line === range.start.line ? `,endColumn=${range.end.column}` : '';
      const place = `line=${range.start.line},endLine=${range.end.line},col=${range.start.column}${end}`;
      return `::${severity} file=${escapeProperty(file)},${place},title=${code}::${data}`;
    }),
  );
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
