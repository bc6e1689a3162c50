import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray } from '../json.ts';
import type { Catcher, Retrier } from '../program.ts';
import { compileAssign } from '../template/assign.ts';
import { compileJsonataTemplate } from '../template/jsonata-template.ts';
import { compileResultPath } from './dataflow.ts';
import { listField, refuse, stateName } from './state-source.ts';
import type { StateSource } from './state-source.ts';

export function compileRetry(source: StateSource): Retrier[] {
  return listField(source, 'Retry').map((retrier): Retrier => {
    const number = (name: string): number | undefined => {
      const value = getOwn(retrier, name);
      return value === undefined || typeof value === 'number'
        ? value
        : refuse(source, `Retry's ${name} is no number`);
    };
    return {
      errorEquals: errorNames(source, retrier),
      intervalSeconds: number('IntervalSeconds') ?? 1,
      maxAttempts: number('MaxAttempts') ?? 3,
      backoffRate: number('BackoffRate') ?? 2,
      maxDelaySeconds: number('MaxDelaySeconds'),
      jitter: getOwn(retrier, 'JitterStrategy') === 'FULL' ? 'FULL' : 'NONE',
    };
  });
}

export function compileCatch(source: StateSource): Catcher[] {
  return listField(source, 'Catch').map((catcher, index): Catcher => {
    const next = stateName(getOwn(catcher, 'Next'));
    if (next === undefined) return refuse(source, 'a Catch has no Next');
    const isJsonata = source.language === 'JSONata';
    const output = getOwn(catcher, 'Output');
    const assign = getOwn(catcher, 'Assign');
    return {
      errorEquals: errorNames(source, catcher),
      next,
      resultPath: isJsonata ? undefined : compileResultPath(getOwn(catcher, 'ResultPath')),
      output:
        isJsonata && output !== undefined
          ? compileJsonataTemplate(output, `Catch[${index}]/Output`)
          : undefined,
      assign:
        assign === undefined ? undefined : compileAssign(assign, source.language, `Catch[${index}]/Assign`),
    };
  });
}

function errorNames(source: StateSource, holder: JsonObject): string[] {
  const names: Json | undefined = getOwn(holder, 'ErrorEquals');
  if (isArray(names) && names.every((name) => typeof name === 'string')) return [...names];
  return refuse(source, 'ErrorEquals is no array of strings');
}
