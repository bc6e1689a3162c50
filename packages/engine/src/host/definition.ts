import type { Diagnostic, Program } from '@stepyard/asl';
import { CODES, load } from '@stepyard/asl';
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
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    throw new EngineError(
      'InvalidDefinition',
      `Invalid State Machine Definition: '${errors.map(describe).join(', ')}'`,
    );
  }
  const reasons = unsupported(program);
  if (reasons.length === 0) return program;
  throw new EngineError(
    'InvalidDefinition',
    `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${reasons.join(', ')}'`,
  );
}

const AWS_CODES = new Map<string, string>(Object.values(CODES).map(({ code, aws }) => [code, aws]));

function describe(diagnostic: Diagnostic): string {
  const pointer = diagnostic.pointer === '' ? '/' : diagnostic.pointer;
  return `${AWS_CODES.get(diagnostic.code) ?? 'SCHEMA_VALIDATION_FAILED'}: ${diagnostic.message} at ${pointer}`;
}
