import type { Json, Program } from '@stepyard/asl';
import { ExpressionSyntaxError, compile, parse } from '@stepyard/asl';
import type { MachineType } from '../core/input.ts';
import { unsupported } from '../core/unsupported.ts';
import { EngineError } from './engine-error.ts';

/** Reads a definition, checks it and compiles it. Throws InvalidDefinition with AWS's text for the first thing that is wrong. */
export function loadDefinition(text: string, _type: MachineType): Program {
  const { definition, diagnostics } = parse(text);
  const error = diagnostics.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw invalid(`INVALID_JSON_DESCRIPTION: ${error.message}`);
  if (definition === undefined) throw invalid('INVALID_JSON_DESCRIPTION: the definition is no JSON');
  const program = compileOrRefuse(definition);
  const reasons = unsupported(program);
  if (reasons.length > 0) throw invalid(`SCHEMA_VALIDATION_FAILED: ${reasons.join(', ')}`);
  return program;
}

function compileOrRefuse(definition: Json): Program {
  try {
    return compile(definition);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError || error instanceof Error) {
      throw invalid(`SCHEMA_VALIDATION_FAILED: ${error.message}`);
    }
    throw error;
  }
}

function invalid(what: string): EngineError {
  return new EngineError('InvalidDefinition', `Invalid State Machine Definition: '${what}'`);
}
