import type { Evaluate } from '../environment.ts';
import type { Json } from '../json.ts';
import { compilePath } from '../jsonpath/compile-path.ts';
import { compileReferencePath } from '../jsonpath/reference-path.ts';
import type { Dataflow, NumberField, ReferencePath, StateBase } from '../program.ts';
import { compileAssign } from '../template/assign.ts';
import { compileJsonataTemplate } from '../template/jsonata-template.ts';
import { compileJsonPathTemplate } from '../template/jsonpath-template.ts';
import { constant, field, refuse, stringField } from './state-source.ts';
import type { StateSource } from './state-source.ts';

/** What all states have in common. */
export function compileBase(source: StateSource): StateBase {
  return {
    name: source.name,
    pointer: source.pointer,
    comment: stringField(source, 'Comment'),
    queryLanguage: source.language,
    flow: compileFlow(source),
  };
}

function compileFlow(source: StateSource): Dataflow {
  const assign = field(source, 'Assign');
  const compiledAssign = assign === undefined ? undefined : compileAssign(assign, source.language);
  if (source.language === 'JSONata') {
    return {
      inputPath: undefined,
      parameters: jsonata(source, 'Arguments'),
      resultSelector: undefined,
      resultPath: undefined,
      outputPath: undefined,
      output: jsonata(source, 'Output'),
      assign: compiledAssign,
    };
  }
  // A Map's Parameters are the older name of its ItemSelector: evaluated for each item, not once.
  const isMap = field(source, 'Type') === 'Map';
  return {
    inputPath: wholePath(source, 'InputPath'),
    parameters: isMap ? undefined : template(source, 'Parameters'),
    resultSelector: template(source, 'ResultSelector'),
    resultPath: compileResultPath(field(source, 'ResultPath')),
    outputPath: wholePath(source, 'OutputPath'),
    output: undefined,
    assign: compiledAssign,
  };
}

/** A JSONata field: a literal, or JSON with expressions anywhere in it. */
export function jsonata(source: StateSource, name: string): Evaluate | undefined {
  const value = field(source, name);
  return value === undefined ? undefined : compileJsonataTemplate(value, name);
}

/** A JSONPath payload template. */
export function template(source: StateSource, name: string): Evaluate | undefined {
  const value = field(source, name);
  return value === undefined ? undefined : compileJsonPathTemplate(value, name);
}

/** A path that must find something, or States.Runtime. */
export function path(source: StateSource, name: string): Evaluate | undefined {
  const text = stringField(source, name);
  return text === undefined ? undefined : compilePath(text, { kind: 'path' }).evaluate;
}

/** InputPath and OutputPath: null gives `{}`, `$` costs nothing. */
function wholePath(source: StateSource, name: string): Evaluate | undefined {
  const value = field(source, name);
  if (value === null) return constant({});
  if (value === undefined || value === '$') return undefined;
  return path(source, name);
}

export function compileResultPath(value: Json | undefined): ReferencePath | 'discard' | undefined {
  if (value === null) return 'discard';
  if (value === undefined || value === '$') return undefined;
  return typeof value === 'string'
    ? compileReferencePath(value)
    : refuse({ pointer: '' }, 'ResultPath is no string');
}

/**
 * A number: a literal, in JSONata an expression, in JSONPath also the field `<name>Path`. What comes out is not validated
 * here: the interpreter does it, with the texts of the state at hand.
 */
export function compileNumber(source: StateSource, name: string): NumberField {
  const value = field(source, name);
  if (typeof value === 'number') return value;
  if (value === undefined) return source.language === 'JSONPath' ? path(source, `${name}Path`) : undefined;
  if (source.language === 'JSONata' && typeof value === 'string') return compileJsonataTemplate(value, name);
  return refuse(source, `${name} is no number`);
}
