import type { Diagnostic } from '../diagnostic.ts';
import { jacksonError } from '../syntax/jackson.ts';
import { pointerTokens } from '../syntax/pointer.ts';
import { Lines } from '../syntax/positions.ts';
import { CODES, findCode } from './codes.ts';

/** One finding as ValidateStateMachineDefinition gives it. */
export interface AwsDiagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  /** `SCHEMA_VALIDATION_FAILED`, `MISSING_TRANSITION_TARGET` and so on. */
  readonly code: string;
  readonly message: string;
  /** `/States/P/Branches[1]/States/X`, `/` for the whole; for a text that is no JSON its place; absent where it is no object. */
  readonly location: string | undefined;
}

/** How much of the text a message about broken JSON repeats. */
const SOURCE_CHARS_MAX = 500;

/**
 * Findings as AWS reports them. What only we warn of is left out. AWS reads no further than the first place that is not JSON.
 * `text`: the definition that the findings are about.
 */
export function awsDiagnostics(text: string, diagnostics: readonly Diagnostic[]): AwsDiagnostic[] {
  const broken = diagnostics.find(({ code }) => findCode(code)?.aws === 'INVALID_JSON_DESCRIPTION');
  if (broken !== undefined) return [brokenJson(text, broken)];
  return diagnostics.flatMap((diagnostic): AwsDiagnostic[] => {
    const aws = findCode(diagnostic.code)?.aws;
    if (aws === undefined) return [];
    const isWhole = diagnostic.code === CODES.notAnObject.code;
    return [
      {
        severity: diagnostic.severity === 'error' ? 'ERROR' : 'WARNING',
        code: aws,
        message: diagnostic.message,
        location: isWhole ? undefined : awsLocation(diagnostic.pointer),
      },
    ];
  });
}

/**
 * The message of InvalidDefinition, undefined when there is no error:
 * `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'`.
 */
export function invalidDefinition(diagnostics: readonly AwsDiagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'ERROR');
  if (errors.length === 0) return undefined;
  const texts = errors.map(({ code, message, location }) => {
    // The message about a text that is no JSON ends in its place already.
    const isPlaced = location === undefined || code === CODES.syntax.aws;
    return `${code}: ${message}${isPlaced ? '' : ` at ${location}`}`;
  });
  return `Invalid State Machine Definition: '${texts.join(', ')}'`;
}

/** A JSON pointer as AWS writes it: elements of arrays in brackets, names as they are. */
export function awsLocation(pointer: string): string {
  if (pointer === '') return '/';
  let text = '';
  let before = '';
  for (const token of pointerTokens(pointer)) {
    // A state may have a number for a name; other objects with such names are never located inside.
    text += /^\d+$/u.test(token) && before !== 'States' ? `[${token}]` : `/${token}`;
    before = token;
  }
  return text;
}

/** As recorded (api_validation/...not-a-definition-not-a-def-5faaa6): the words of Jackson, the JSON library that AWS uses. */
function brokenJson(text: string, { range, message }: Diagnostic): AwsDiagnostic {
  const lines = new Lines(text);
  const rest = text.length - SOURCE_CHARS_MAX;
  const quoted = `"${text.slice(0, SOURCE_CHARS_MAX)}"${rest > 0 ? `[truncated ${rest} chars]` : ''}`;
  const source = (offset: number): string => {
    const { line, column } = lines.position(offset);
    return `[Source: (String)${quoted}; line: ${line}, column: ${column}]`;
  };
  const found = jacksonError(text, source) ?? { message, offset: range.end.offset };
  const location = source(found.offset);
  return {
    severity: 'ERROR',
    code: 'INVALID_JSON_DESCRIPTION',
    message: `${found.message}\n at ${location}`,
    location,
  };
}
