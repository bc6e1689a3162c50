import type { JsonObject } from '@stepyard/asl';
import { diagnose, type AwsDiagnostic } from '../definition-diagnostics.ts';
import { optionalNumber, optionalText, text, type Operation } from '../operation.ts';

const RESULTS_MAX = 100;

/** Checks a definition without creating anything. `severity: WARNING` asks for warnings too; errors alone decide the result. */
export const validateStateMachineDefinition: Operation = async (_context, input) => {
  const type = optionalText(input, 'type') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  const found = diagnose(text(input, 'definition'), type);
  const hasError = found.some((item) => item.severity === 'ERROR');
  const wanted =
    optionalText(input, 'severity') === 'WARNING' ? found : found.filter((item) => item.severity === 'ERROR');
  const limit = optionalNumber(input, 'maxResults') ?? 0;
  const shown = wanted.slice(0, limit === 0 ? RESULTS_MAX : limit);
  return {
    result: hasError ? 'FAIL' : 'OK',
    diagnostics: shown.map(wireDiagnostic),
    truncated: shown.length < wanted.length,
  };
};

function wireDiagnostic({ severity, code, message, location }: AwsDiagnostic): JsonObject {
  return { severity, code, message, ...(location === undefined ? {} : { location }) };
}
