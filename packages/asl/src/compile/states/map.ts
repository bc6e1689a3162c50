import type { Evaluate } from '../../environment.ts';
import { AslFailure } from '../../environment.ts';
import { getOwn, isArray, isObject } from '../../json.ts';
import type { MapState } from '../../program.ts';
import { compileBase, compileNumber, jsonata, path, template } from '../dataflow.ts';
import { compileCatch, compileRetry } from '../errors.ts';
import { field, objectField, refuse, transition } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';
import { compileDistributedMap } from './distributed-map.ts';

export function compileMap(source: StateSource): MapState {
  const processorField = field(source, 'ItemProcessor') === undefined ? 'Iterator' : 'ItemProcessor';
  const processor = objectField(source, processorField) ?? refuse(source, 'a Map has no ItemProcessor');
  const config = getOwn(processor, 'ProcessorConfig');
  const isDistributed = isObject(config) && getOwn(config, 'Mode') === 'DISTRIBUTED';
  const isJsonata = source.language === 'JSONata';
  const itemsPath = field(source, 'ItemsPath');
  return {
    ...compileBase(source),
    type: 'Map',
    mode: isDistributed ? 'DISTRIBUTED' : 'INLINE',
    processor: source.nested(processor, processorField),
    items: isJsonata ? compileItems(source) : path(source, 'ItemsPath'),
    ...(typeof itemsPath === 'string' ? { itemsPath } : {}),
    itemSelector: isJsonata
      ? jsonata(source, 'ItemSelector')
      : (template(source, 'ItemSelector') ?? template(source, 'Parameters')),
    maxConcurrency: compileNumber(source, 'MaxConcurrency'),
    distributed: isDistributed ? compileDistributedMap(source, processor, config) : undefined,
    toleratedFailureCount: compileNumber(source, 'ToleratedFailureCount'),
    toleratedFailurePercentage: compileNumber(source, 'ToleratedFailurePercentage'),
    retry: compileRetry(source),
    catch: compileCatch(source),
    next: transition(source),
  };
}

/** JSONata's Items. What is no array is refused with the text of the expression (recordings `scenarios/*map-state-items-eval-jsonata*`). */
function compileItems(source: StateSource): Evaluate | undefined {
  const text = field(source, 'Items');
  const evaluate = jsonata(source, 'Items');
  if (evaluate === undefined || typeof text !== 'string') return evaluate;
  const expression = text.replace(/^\{%\s*|\s*%\}$/gu, '');
  return (environment) => {
    const value = evaluate(environment);
    if (isArray(value)) return value;
    const type = value === null ? 'null' : typeof value;
    throw new AslFailure(
      'States.QueryEvaluationError',
      `The JSONata expression '${expression}' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was '${type}' for value: ${JSON.stringify(value)}`,
      'Items',
    );
  };
}
