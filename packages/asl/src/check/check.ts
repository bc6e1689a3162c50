import type { Diagnostic } from '../diagnostic.ts';
import type { Json } from '../json.ts';
import { isObject } from '../json.ts';
import { languageOf } from '../integrations/tasks-of.ts';
import { parse } from '../syntax/parse.ts';
import type { ParsedText } from '../syntax/parse.ts';
import { CODES } from './codes.ts';
import { DEFINITION_LENGTH_MAX, MACHINE_FIELDS } from './fields.ts';
import { Report } from './scope.ts';
import type { MachineType } from './scope.ts';
import { checkPractice } from './practice.ts';
import { checkList } from './states.ts';

export interface CheckOptions {
  /** Which kind of machine it is to be: what Express cannot do is checked only for `EXPRESS`. STANDARD unless given. */
  readonly type?: MachineType;
  /**
   * Whether CloudFormation's substitutions have been made: a Resource that is only `${Name}` is then refused. A file of a
   * CDK app or SAM template is checked without, and any `${Name}` in it passes.
   */
  readonly substituted?: boolean;
}

/** Checks a definition's text. Never throws, whatever the text. Findings about the text come first. */
export function check(text: string, options: CheckOptions = {}): Diagnostic[] {
  return checkParsed(parse(text), options);
}

/** Checks a definition that is already read; its syntax findings are included. A text that does not parse is not judged further. */
export function checkParsed(parsed: ParsedText, options: CheckOptions = {}): Diagnostic[] {
  const isBroken = parsed.diagnostics.some(({ code }) => code !== CODES.duplicateKey.code);
  if (isBroken || parsed.definition === undefined) return [...parsed.diagnostics];
  const report = new Report(parsed, options.substituted ?? false);
  if (parsed.length > DEFINITION_LENGTH_MAX) {
    const message = `The definition has ${parsed.length} characters, at most ${DEFINITION_LENGTH_MAX} are accepted`;
    report.add('tooLong', '', message);
  }
  checkMachine(report, parsed.definition, options.type ?? 'STANDARD');
  if (isObject(parsed.definition) && !hasErrors(report.diagnostics)) checkPractice(report, parsed.definition);
  return report.diagnostics;
}

function checkMachine(report: Report, definition: Json, runAs: MachineType): void {
  if (!isObject(definition)) {
    report.add('notAnObject', '', 'Definition must be a valid JSON object');
    return;
  }
  const language = languageOf(definition, 'JSONPath');
  const scope = { report, pointer: '', language, holder: definition, what: 'a state machine' };
  checkList(scope, MACHINE_FIELDS, {
    machineLanguage: language,
    runAs,
    names: new Map(),
    labels: new Set(),
    depth: 0,
  });
}

/** Whether any finding is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
