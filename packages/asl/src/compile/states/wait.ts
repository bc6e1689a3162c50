import { parseTimestamp } from '../../choice/timestamp.ts';
import { compilePath } from '../../jsonpath/compile-path.ts';
import type { WaitState } from '../../program.ts';
import { compileJsonataTemplate } from '../../template/jsonata-template.ts';
import { isExpression } from '../../template/jsonata-expression.ts';
import { compileBase } from '../dataflow.ts';
import { field, refuse, stringField, transition } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

export function compileWait(source: StateSource): WaitState {
  return { ...compileBase(source), type: 'Wait', until: compileUntil(source), next: transition(source) };
}

function compileUntil(source: StateSource): WaitState['until'] {
  const seconds = field(source, 'Seconds');
  if (typeof seconds === 'number') return { kind: 'seconds', seconds };
  if (typeof seconds === 'string' && isExpression(seconds)) {
    return { kind: 'secondsFrom', evaluate: compileJsonataTemplate(seconds, 'Seconds'), text: seconds };
  }
  const timestamp = field(source, 'Timestamp');
  if (typeof timestamp === 'string' && source.language === 'JSONata' && isExpression(timestamp)) {
    return {
      kind: 'timestampFrom',
      evaluate: compileJsonataTemplate(timestamp, 'Timestamp'),
      text: timestamp,
    };
  }
  if (typeof timestamp === 'string') {
    const moment = parseTimestamp(timestamp) ?? refuse(source, 'Timestamp is no timestamp');
    return { kind: 'timestamp', epochMs: moment.epochSeconds * 1000 + Math.floor(moment.nanoseconds / 1e6) };
  }
  const secondsPath = stringField(source, 'SecondsPath');
  if (secondsPath !== undefined) return from('secondsFrom', 'SecondsPath', secondsPath);
  const timestampPath = stringField(source, 'TimestampPath');
  if (timestampPath !== undefined) return from('timestampFrom', 'TimestampPath', timestampPath);
  return refuse(source, 'a Wait state says neither how long nor until when');
}

function from(kind: 'secondsFrom' | 'timestampFrom', name: string, text: string): WaitState['until'] {
  // Text: recordings `base/wait--*`.
  const cause = `The ${name} parameter does not reference an input value: ${text}`;
  return { kind, evaluate: compilePath(text, { kind: 'text', cause }).evaluate, text };
}
