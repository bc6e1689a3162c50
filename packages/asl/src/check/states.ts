import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import { languageOf } from '../integrations/tasks-of.ts';
import type { QueryLanguage } from '../program.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkAssign } from './assign.ts';
import { checkChoices } from './choices.ts';
import { checkCatch, checkRetry, checkStateName } from './errors.ts';
import { looksLikePath } from './expressions.ts';
import {
  BRANCH_FIELDS,
  DISTRIBUTED_CONFIG_FIELDS,
  EXCLUSIONS,
  INLINE_CONFIG_FIELDS,
  PROCESSOR_FIELDS,
  STATE_FIELDS,
  STATE_NAME_CHARACTERS_MAX,
  STATE_TYPES,
} from './fields.ts';
import type { Field, StateType } from './fields.ts';
import { checkHolder, objectScope } from './holder.ts';
import type { SpecialChecks } from './holder.ts';
import { checkItemBatcher, checkItemReader, checkLabel, checkMapState, checkResultWriter } from './map.ts';
import { characterCount, wrongType } from './scope.ts';
import type { MachineType, Scope } from './scope.ts';
import { checkCredentials, checkResource, checkTaskState } from './task.ts';
import { checkTransitions } from './transitions.ts';

/** What the states of all nested lists have in common. */
export interface ListContext {
  readonly machineLanguage: QueryLanguage;
  /** What the list is run as: the machine's type, or that of the child executions of the Distributed Map around it. */
  readonly runAs: MachineType;
  /** Names of all states seen so far in the whole machine, with the pointer of the first. */
  readonly names: Map<string, string>;
  /** Labels of all Distributed Maps seen so far. */
  readonly labels: Set<string>;
  /** How many Map and Parallel states are around this list. */
  readonly depth: number;
}

/** Map and Parallel states inside each other. No definition in use comes near; it bounds the recursion of all that follows. */
export const NESTED_LISTS_MAX = 100;

/** Checks a list of states: the machine, a branch, or a processor. */
export function checkList(scope: Scope, fields: readonly Field[], context: ListContext): void {
  if (context.depth > NESTED_LISTS_MAX) {
    scope.report.add(
      'tooDeep',
      scope.pointer,
      `Map and Parallel states are nested more than ${NESTED_LISTS_MAX} deep`,
    );
    return;
  }
  checkHolder(scope, fields, {
    stateName: checkStateName,
    states: (inner, pointer, value) => checkStates(inner, pointer, value, context),
    object: (inner, pointer, value) => {
      const config = objectScope(inner, pointer, value, 'a ProcessorConfig');
      if (config !== undefined) checkProcessorConfig(config);
    },
  });
  checkTransitions(scope);
}

/** A distributed processor says which kind of execution its children are; an inline one has none. */
function checkProcessorConfig(config: Scope): void {
  const isDistributed = getOwn(config.holder, 'Mode') === 'DISTRIBUTED';
  checkHolder(config, isDistributed ? DISTRIBUTED_CONFIG_FIELDS : INLINE_CONFIG_FIELDS);
}

function checkStates(scope: Scope, pointer: string, value: Json, context: ListContext): void {
  if (!isObject(value)) {
    wrongType(scope, pointer, 'Object', value);
    return;
  }
  const names = Object.keys(value);
  if (names.length === 0) scope.report.add('emptyValue', pointer, 'Value cannot be empty');
  for (const name of names) {
    const statePointer = appendPointer(pointer, name);
    checkName(scope, statePointer, name, context);
    const state = objectScope(scope, statePointer, value[name] ?? null, 'a state');
    if (state !== undefined) checkState(state, context);
  }
}

function checkName({ report }: Scope, pointer: string, name: string, { names }: ListContext): void {
  const characters = name.length <= STATE_NAME_CHARACTERS_MAX ? name.length : characterCount(name);
  if (characters > STATE_NAME_CHARACTERS_MAX) {
    const limit = `exceeds the ${STATE_NAME_CHARACTERS_MAX}-character limit allowed by the service`;
    report.addAtKey('nameTooLong', pointer, `Invalid State name: ${name} ${limit}`);
  }
  if (name === '') report.addAtKey('nameTooLong', pointer, 'Invalid State name: it is empty');
  const first = names.get(name);
  if (first === undefined) names.set(name, pointer);
  else {
    report.addAtKey(
      'duplicateName',
      pointer,
      `Duplicate State name: ${name}`,
      pointer,
      `it is used before, at ${first}`,
    );
  }
}

function checkState(outer: Scope, context: ListContext): void {
  const { report, pointer, holder } = outer;
  const language = languageOf(holder, outer.language);
  const type = getOwn(holder, 'Type');
  const known = STATE_TYPES.find((candidate) => candidate === type);
  if (known === undefined) {
    const typePointer = appendPointer(pointer, 'Type');
    if (type === undefined) report.add('missingField', pointer, 'These fields are required: [Type]');
    else
      report.add(
        'wrongValue',
        typePointer,
        `The field 'Type' should have one of these values: [${STATE_TYPES.join(', ')}]`,
      );
    return;
  }
  if (context.machineLanguage === 'JSONata' && language === 'JSONPath') {
    const message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
    report.add('mixedLanguages', appendPointer(pointer, 'QueryLanguage'), message);
  }
  const scope: Scope = { report, pointer, language, holder, what: `a ${known} state` };
  checkHolder(scope, STATE_FIELDS[known], specialChecks(context), EXCLUSIONS[known]);
  checkEnd(scope, known);
  if (language === 'JSONPath') checkLooks(scope, known);
  if (known === 'Task') checkTaskState(scope);
  if (known === 'Map') checkMapState(scope, context.runAs);
  if (known === 'Choice' && !Object.hasOwn(holder, 'Default')) {
    report.addAtKey(
      'noDefault',
      pointer,
      'Without a Default an input that no rule matches fails with States.NoChoiceMatched',
    );
  }
}

/** Texts that look like paths where none is evaluated (AWS's warnings NO_PATH and PASS_RESULT_IS_STATIC). */
function checkLooks({ report, pointer, holder }: Scope, type: StateType): void {
  if (type === 'Fail') {
    for (const field of ['Error', 'Cause']) {
      const value = getOwn(holder, field);
      if (typeof value !== 'string' || !looksLikePath(value)) continue;
      const message = `'${value}' is passed on as the text it is: use ${field}Path`;
      report.add('noPath', appendPointer(pointer, field), message);
    }
  }
  const result = type === 'Pass' ? getOwn(holder, 'Result') : undefined;
  if (isObject(result)) {
    const name = Object.keys(result).find((key) => {
      const value = result[key];
      return typeof value === 'string' && looksLikePath(value);
    });
    if (name === undefined) return;
    const message = `'${name}' in Result is passed on as it is: nothing in it is evaluated`;
    const at = appendPointer(pointer, 'Result');
    report.add('staticResult', at, message, appendPointer(at, name));
  }
}

function specialChecks(context: ListContext): SpecialChecks {
  const inner: ListContext = { ...context, depth: context.depth + 1 };
  return {
    assign: checkAssign,
    catch: checkCatch,
    choices: checkChoices,
    credentials: checkCredentials,
    itemBatcher: checkItemBatcher,
    itemReader: checkItemReader,
    label: (scope, pointer, value) => checkLabel(scope, pointer, value, context.labels),
    resource: (scope, pointer, value) => checkResource(scope, pointer, value, context.runAs),
    resultWriter: checkResultWriter,
    retry: checkRetry,
    stateName: checkStateName,
    branches: (scope, pointer, value) => checkBranches(scope, pointer, value, inner),
    processor: (scope, pointer, value) => {
      const list = listScope(scope, pointer, value, 'an ItemProcessor', inner);
      if (list === undefined) return;
      checkList(list, PROCESSOR_FIELDS, { ...inner, runAs: childType(list.holder) ?? inner.runAs });
    },
  };
}

/** Of the child executions that a distributed processor makes; an inline one makes none. */
function childType(processor: JsonObject): MachineType | undefined {
  const config = getOwn(processor, 'ProcessorConfig');
  if (!isObject(config) || getOwn(config, 'Mode') !== 'DISTRIBUTED') return undefined;
  return getOwn(config, 'ExecutionType') === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
}

function checkBranches(scope: Scope, pointer: string, value: Json, context: ListContext): void {
  if (!isArray(value)) {
    wrongType(scope, pointer, 'Array', value);
    return;
  }
  if (value.length === 0) scope.report.add('emptyValue', pointer, 'Value cannot be empty');
  for (const [index, element] of value.entries()) {
    const list = listScope(scope, appendPointer(pointer, index), element, 'a branch', context);
    if (list !== undefined) checkList(list, BRANCH_FIELDS, context);
  }
}

/** Nested states take the machine's query language, not that of the state around them. */
function listScope(
  scope: Scope,
  pointer: string,
  value: Json,
  what: string,
  { machineLanguage }: ListContext,
): Scope | undefined {
  const list = objectScope(scope, pointer, value, what);
  return list && { ...list, language: languageOf(list.holder, machineLanguage) };
}

/** States that go on need either Next or End; the others have neither, which the table of fields says. */
function checkEnd({ report, pointer, holder }: Scope, type: StateType): void {
  if (type === 'Choice' || type === 'Succeed' || type === 'Fail') return;
  const isEnd = getOwn(holder, 'End') === true;
  const hasNext = Object.hasOwn(holder, 'Next');
  if (hasNext && isEnd) {
    const message = 'There should only be one of the following fields: [Next, End]';
    report.addAtKey('exclusiveFields', pointer, message, appendPointer(pointer, 'End'));
  } else if (!hasNext && !isEnd) {
    report.add(
      'noTransition',
      pointer,
      'This object should have only one of the following fields: [Next, End]',
    );
  }
}
