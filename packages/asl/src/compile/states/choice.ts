import { compileChoiceRule } from '../../choice/compile-rule.ts';
import type { JsonObject } from '../../json.ts';
import { getOwn } from '../../json.ts';
import type { ChoiceRule, ChoiceState } from '../../program.ts';
import { compileAssign } from '../../template/assign.ts';
import { compileCondition } from '../../choice/condition.ts';
import { compileJsonataTemplate } from '../../template/jsonata-template.ts';
import { compileBase } from '../dataflow.ts';
import { listField, refuse, stateName, stringField } from '../state-source.ts';
import type { StateSource } from '../state-source.ts';

export function compileChoice(source: StateSource): ChoiceState {
  return {
    ...compileBase(source),
    type: 'Choice',
    rules: listField(source, 'Choices').map((rule, index) => compileRule(source, rule, index)),
    default: stateName(stringField(source, 'Default')),
  };
}

function compileRule(source: StateSource, rule: JsonObject, index: number): ChoiceRule {
  const next = stateName(getOwn(rule, 'Next'));
  if (next === undefined) return refuse(source, 'a Choice rule has no Next');
  const assign = getOwn(rule, 'Assign');
  const output = source.language === 'JSONata' ? getOwn(rule, 'Output') : undefined;
  return {
    condition: compileTest(source, rule, index),
    next,
    assign:
      assign === undefined ? undefined : compileAssign(assign, source.language, `Choices[${index}]/Assign`),
    output: output === undefined ? undefined : compileJsonataTemplate(output, `Choices[${index}]/Output`),
  };
}

function compileTest(source: StateSource, rule: JsonObject, index: number): ChoiceRule['condition'] {
  if (source.language === 'JSONPath') return compileChoiceRule(rule);
  const condition = getOwn(rule, 'Condition');
  if (typeof condition === 'boolean') return () => condition;
  if (typeof condition !== 'string') return refuse(source, 'a Choice rule has no Condition');
  return compileCondition(condition, `Choices[${index}]/Condition`);
}
