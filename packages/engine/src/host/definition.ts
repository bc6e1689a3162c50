import type { Program } from '@stepyard/asl';
import { awsDiagnostics, invalidDefinition, load } from '@stepyard/asl';
import type { MachineType } from '../core/input.ts';
import { unsupported } from '../core/unsupported.ts';
import { EngineError } from './engine-error.ts';

/**
 * Checks a definition and compiles it. Throws InvalidDefinition with AWS's form of words for all that is wrong with it
 * ([64] of the recordings), and for what this interpreter cannot run.
 */
export function loadDefinition(text: string, type: MachineType): Program {
  const { program, diagnostics } = load(text, { type });
  if (program === undefined) {
    const message = invalidDefinition(awsDiagnostics(text, diagnostics));
    throw new EngineError('InvalidDefinition', message ?? 'Invalid State Machine Definition');
  }
  const reasons = unsupported(program);
  if (reasons.length === 0) return program;
  throw new EngineError(
    'InvalidDefinition',
    `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${reasons.join(', ')}'`,
  );
}
