import type { Evaluate } from '../environment.ts';
import type { Json } from '../json.ts';
import { getOwn } from '../json.ts';
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

/** A number that `holder` has, the state itself unless another one is given: a literal, an expression, or the path in `<name>Path`. */
export function compileNumber(source: StateSource, name: string, holder = source.state): NumberField {
  const value = getOwn(holder, name);
  if (typeof value === 'number') return value;
  if (source.language === 'JSONata') {
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return refuse(source, `${name} is no number`);
    return { evaluate: compileJsonataTemplate(value, name), text: value };
  }
  if (value !== undefined) return refuse(source, `${name} is no number`);
  const text = getOwn(holder, `${name}Path`);
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return refuse(source, `${name}Path is no path`);
  return { evaluate: compilePath(text, { kind: 'path' }).evaluate, text };
}
