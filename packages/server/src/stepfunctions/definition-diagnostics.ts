import { awsDiagnostics, check, invalidDefinition, type AwsDiagnostic } from '@stepyard/asl';
import { ApiError } from '../protocol/api-error.ts';

export type { AwsDiagnostic } from '@stepyard/asl';

/** Findings of a definition in AWS's terms, errors and warnings in the order of the text. */
export function diagnose(definition: string, type: 'STANDARD' | 'EXPRESS'): readonly AwsDiagnostic[] {
  return awsDiagnostics(definition, check(definition, { type, substituted: true }));
}

/**
 * Throws InvalidDefinition with every error:
 * `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'`.
 */
export function requireValidDefinition(definition: string, type: 'STANDARD' | 'EXPRESS'): void {
  const message = invalidDefinition(diagnose(definition, type));
  if (message !== undefined) throw new ApiError('InvalidDefinition', message);
}
