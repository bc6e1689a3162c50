import type { Program } from '@stepyard/asl';
import { awsDiagnostics, invalidDefinition, load } from '@stepyard/asl';
import type { MachineType } from '../core/input.ts';
import { EngineError } from './engine-error.ts';

/**
 * Checks a definition and compiles it. Throws InvalidDefinition with AWS's form of words for all that is wrong with it
 * ([64] of the recordings).
 */
export function loadDefinition(text: string, type: MachineType): Program {
  const { program, diagnostics } = load(text, { type });
  if (program !== undefined) return program;
  const message = invalidDefinition(awsDiagnostics(text, diagnostics));
  throw new EngineError('InvalidDefinition', message ?? 'Invalid State Machine Definition');
}
