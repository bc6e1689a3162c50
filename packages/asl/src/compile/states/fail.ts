import type { Evaluate } from '../../environment.ts';
import type { FailState } from '../../program.ts';
import { compileJsonPathField } from '../../template/jsonpath-template.ts';
import { compileBase, jsonata } from '../dataflow.ts';
import { constant, stringField } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

export function compileFail(source: StateSource): FailState {
  return { ...compileBase(source), type: 'Fail', error: text(source, 'Error'), cause: text(source, 'Cause') };
}

/** A literal, a JSONata expression, or in JSONPath the field `<name>Path`: a path or an intrinsic function call. */
function text(source: StateSource, name: string): Evaluate | undefined {
  if (source.language === 'JSONata') return jsonata(source, name);
  const literal = stringField(source, name);
  if (literal !== undefined) return constant(literal);
  const field = `${name}Path`;
  const path = stringField(source, field);
  if (path === undefined) return undefined;
  return compileJsonPathField(path, field);
}
