import { check, CODES, type Code, type Diagnostic } from '@stepyard/asl';
import { ApiError } from '../protocol/api-error.ts';

/** One finding as ValidateStateMachineDefinition gives it. */
export interface AwsDiagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  /** `SCHEMA_VALIDATION_FAILED`, `MISSING_TRANSITION_TARGET` and so on. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer, `/` for the whole document; where the text is no JSON, its place; absent where it is no object. */
  readonly location: string | undefined;
}

const BY_CODE: ReadonlyMap<string, Code> = new Map(
  Object.values(CODES).map((code: Code) => [code.code, code]),
);

/** How much of the text a message about broken JSON repeats. */
const SOURCE_CHARS_MAX = 500;

/** Findings of a definition in AWS's terms, errors and warnings in the order of the text. */
export function diagnose(definition: string, type: 'STANDARD' | 'EXPRESS'): readonly AwsDiagnostic[] {
  const found = check(definition, { type });
  const broken = found.find((diagnostic) => awsCode(diagnostic) === 'INVALID_JSON_DESCRIPTION');
  // AWS reads no further than the first place that is not JSON.
  return broken === undefined ? found.map(awsDiagnostic) : [brokenJson(definition, broken)];
}

/**
 * Throws InvalidDefinition with every error:
 * `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'`.
 */
export function requireValidDefinition(definition: string, type: 'STANDARD' | 'EXPRESS'): void {
  const errors = diagnose(definition, type).filter((item) => item.severity === 'ERROR');
  if (errors.length === 0) return;
  const texts = errors.map(({ code, message, location }) => {
    const isPlaced = location === undefined || message.endsWith(location);
    return `${code}: ${message}${isPlaced ? '' : ` at ${location}`}`;
  });
  throw new ApiError('InvalidDefinition', `Invalid State Machine Definition: '${texts.join(', ')}'`);
}

function awsDiagnostic(diagnostic: Diagnostic): AwsDiagnostic {
  const isWhole = diagnostic.code === CODES.notAnObject.code;
  return {
    severity: diagnostic.severity === 'error' ? 'ERROR' : 'WARNING',
    code: awsCode(diagnostic),
    message: diagnostic.message,
    location: isWhole ? undefined : diagnostic.pointer === '' ? '/' : diagnostic.pointer,
  };
}

/** As recorded (api_validation/...not-a-definition-not-a-def-5faaa6): the words of Jackson, the JSON library that AWS uses. */
function brokenJson(definition: string, { range, message }: Diagnostic): AwsDiagnostic {
  const token = definition.slice(range.start.offset, range.end.offset);
  const isWord = /^[A-Za-z_]\w*$/u.test(token);
  const what = isWord
    ? `Unrecognized token '${token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`
    : message;
  const rest = definition.length - SOURCE_CHARS_MAX;
  const source = `"${definition.slice(0, SOURCE_CHARS_MAX)}"${rest > 0 ? `[truncated ${rest} chars]` : ''}`;
  const location = `[Source: (String)${source}; line: ${range.end.line}, column: ${range.end.column}]`;
  return {
    severity: 'ERROR',
    code: 'INVALID_JSON_DESCRIPTION',
    message: `${what}\n at ${location}`,
    location,
  };
}

function awsCode(diagnostic: Diagnostic): string {
  return BY_CODE.get(diagnostic.code)?.aws ?? 'SCHEMA_VALIDATION_FAILED';
}
