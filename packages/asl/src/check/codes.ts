import type { Severity } from '../diagnostic.ts';

/**
 * The codes of ValidateStateMachineDefinition and InvalidDefinition (API reference, ValidateStateMachineDefinitionDiagnostic;
 * those of variables are not listed there, but are what deployments report).
 */
export type AwsCode =
  | 'SCHEMA_VALIDATION_FAILED'
  | 'INVALID_JSON_DESCRIPTION'
  | 'MISSING_TRANSITION_TARGET'
  | 'MISSING_END_STATE'
  | 'DUPLICATE_STATE_NAME'
  | 'INVALID_STATE_NAME'
  | 'DUPLICATE_LABEL_NAME'
  | 'INVALID_LABEL_NAME'
  | 'RESERVED_VARIABLE_NAME'
  | 'INVALID_VARIABLE_NAME'
  | 'TOO_DEEPLY_NESTED'
  | 'INVALID_JSONATA_EXPRESSION'
  | 'UNSUPPORTED_JSONATA_EXPRESSION'
  | 'NO_DOLLAR'
  | 'NO_PATH'
  | 'PASS_RESULT_IS_STATIC';

/** One kind of finding. A code is never reused for another meaning. */
export interface Code {
  readonly code: string;
  readonly severity: Severity;
  /** What AWS calls it; undefined: AWS does not report it (our own warnings). */
  readonly aws: AwsCode | undefined;
  readonly summary: string;
  /** What to do about it, one sentence. */
  readonly help: string;
}

function error(code: string, summary: string, help: string, aws: AwsCode = 'SCHEMA_VALIDATION_FAILED'): Code {
  return { code, severity: 'error', aws, summary, help };
}

function warning(code: string, summary: string, help: string, aws?: AwsCode): Code {
  return { code, severity: 'warning', aws, summary, help };
}

/** 1xx: the text. */
const TEXT = {
  syntax: error(
    'ASL101',
    'The text is not JSON',
    'Mend the text at the marked place.',
    'INVALID_JSON_DESCRIPTION',
  ),
  tooDeep: error(
    'ASL102',
    'Values or states are nested too deeply',
    'Flatten the definition, or move the inner part to a state machine of its own.',
    'TOO_DEEPLY_NESTED',
  ),
  tooLong: error(
    'ASL103',
    'The definition is longer than Step Functions accepts',
    'Split it: a part of it becomes a state machine of its own, started with states:startExecution.',
  ),
  duplicateKey: error(
    'ASL104',
    'A name appears twice in one object',
    'Rename or remove one of the two: only the last one counts.',
    'INVALID_JSON_DESCRIPTION',
  ),
  numberRange: error(
    'ASL105',
    'A number is too large to be represented',
    'Use a smaller number, or a string.',
    'INVALID_JSON_DESCRIPTION',
  ),
  notAnObject: error(
    'ASL106',
    'The definition is not an object',
    'Begin with { "StartAt": ..., "States": ... }.',
  ),
  yamlFeature: error(
    'ASL107',
    'The YAML uses something that JSON cannot say',
    'Write the value without tags, and with names that are strings.',
    'INVALID_JSON_DESCRIPTION',
  ),
};

/** 2xx: fields and their values. */
const FIELDS = {
  missingField: error('ASL201', 'A required field is missing', 'Add the field.'),
  unknownField: error(
    'ASL202',
    'A field is not known here',
    'Remove it, or correct its spelling: names are case-sensitive. Notes belong in Comment.',
  ),
  wrongLanguage: error(
    'ASL203',
    'A field belongs to the other query language',
    'Use the field of the query language in force, or set QueryLanguage on the state.',
  ),
  wrongType: error('ASL204', 'A value has the wrong type', 'Give a value of the type that is named.'),
  wrongValue: error('ASL205', 'A value is not one of those allowed', 'Use one of the values listed.'),
  outOfRange: error('ASL206', 'A number is outside its range', 'Use a number within the range.'),
  exclusiveFields: error('ASL207', 'Fields exclude each other', 'Keep one of them.'),
  emptyValue: error('ASL208', 'A value must not be empty', 'Give it at least one element.'),
  badTimestamp: error(
    'ASL209',
    'A timestamp is not RFC 3339',
    'Write it as 2030-01-01T00:00:00Z: with T, and with Z or an offset.',
  ),
  nameTooLong: error(
    'ASL210',
    'The name of a state is too long or empty',
    'Use 1 to 80 characters.',
    'INVALID_STATE_NAME',
  ),
  duplicateName: error(
    'ASL211',
    'A state name appears twice in the machine',
    'Rename one of the two: names count for the whole machine, branches and processors included.',
    'DUPLICATE_STATE_NAME',
  ),
  badLabel: error(
    'ASL212',
    'The Label of a Map is too long, empty, or has characters that it cannot have',
    'Use up to 40 letters, digits, hyphens and underscores.',
    'INVALID_LABEL_NAME',
  ),
  mixedLanguages: error(
    'ASL213',
    'A state asks for JSONPath in a JSONata machine',
    'Remove QueryLanguage from the state, or from the machine and set JSONata on the states that need it.',
  ),
  duplicateLabel: error(
    'ASL214',
    'Two Map states have the same Label',
    'Give each a Label of its own.',
    'DUPLICATE_LABEL_NAME',
  ),
};

/** 3xx: transitions. */
const TRANSITIONS = {
  missingTarget: error(
    'ASL301',
    'A transition leads to a state that does not exist',
    'Name a state of the same States object: transitions do not leave a branch or a processor.',
    'MISSING_TRANSITION_TARGET',
  ),
  noTransition: error('ASL302', 'A state needs Next or End', 'Add "Next": "..." or "End": true.'),
  noTerminalState: error(
    'ASL303',
    'No state ends the machine',
    'Give one state "End": true, or add a Succeed or Fail state.',
    'MISSING_END_STATE',
  ),
  unreachable: error(
    'ASL304',
    'A state is never reached',
    'Lead a transition to it, or remove it.',
    'MISSING_TRANSITION_TARGET',
  ),
  noDefault: warning(
    'ASL305',
    'A Choice state has no Default',
    'Add Default: an input that no rule matches fails with States.NoChoiceMatched, which a Choice cannot catch.',
  ),
};

/** 4xx: paths, templates and expressions. */
const EXPRESSIONS = {
  badPath: error('ASL401', 'A path does not parse', 'Write a JSONPath: it begins with $.'),
  badReferencePath: error(
    'ASL402',
    'A reference path does not parse or is not one',
    'Write a path to one place: no wildcards, filters, slices or deep scans.',
  ),
  badIntrinsic: error(
    'ASL403',
    'An intrinsic function call does not parse',
    'Check the name of the function, its arguments, quotes and escapes.',
  ),
  badJsonata: error(
    'ASL404',
    'A JSONata expression does not parse',
    'Check the expression; it stands between {% and %}, which are the first and the last characters.',
    'INVALID_JSONATA_EXPRESSION',
  ),
  unsupportedJsonata: error(
    'ASL414',
    'A JSONata expression reads what a state does not offer',
    'Read the input by $states.input, a variable by $name, and $states.errorOutput in a Catch only.',
    'UNSUPPORTED_JSONATA_EXPRESSION',
  ),
  badTemplate: error('ASL405', 'A payload template is not well formed', 'Keep one of the two fields.'),
  badRule: error(
    'ASL406',
    'A Choice rule is not well formed',
    'Give it one of And, Or, Not and Variable; beside Variable stands one comparison. Next stands in the outermost rule only.',
  ),
  badVariable: error(
    'ASL407',
    'A variable has no valid name',
    'Begin with a letter, go on with letters, digits and underscores, 80 characters at most.',
    'INVALID_VARIABLE_NAME',
  ),
  reservedVariable: error(
    'ASL408',
    'A variable has the reserved name states',
    'Choose another name.',
    'RESERVED_VARIABLE_NAME',
  ),
  notAnExpression: error(
    'ASL409',
    'A JSONata field needs an expression or a literal',
    'Write {% ... %}, or a literal of the type that is named.',
  ),
  unassignedVariable: warning(
    'ASL410',
    'A variable is read that nothing assigns',
    'Assign it in a state that runs before, or correct its spelling: reading it fails the state.',
  ),
  noDollar: warning(
    'ASL411',
    'A value looks like a path or an intrinsic call, but its field does not end in .$',
    'Add .$ to the name of the field; without it the value is passed on as the text it is.',
    'NO_DOLLAR',
  ),
  noPath: warning(
    'ASL412',
    'A value looks like a path, but its field does not end in Path',
    'Use the field whose name ends in Path; this one takes the text as it is.',
    'NO_PATH',
  ),
  staticResult: warning(
    'ASL413',
    'The Result of a Pass state holds a path, which is not evaluated',
    'Use Parameters, whose .$ fields are evaluated.',
    'PASS_RESULT_IS_STATIC',
  ),
};

/** 5xx: errors, resources and their parameters. */
const RESOURCES = {
  errorsEmpty: error('ASL501', 'ErrorEquals names no error', 'Name at least one error, or States.ALL.'),
  statesAllAlone: error(
    'ASL502',
    'States.ALL does not stand alone and last',
    'Move States.ALL to an element of its own at the end.',
  ),
  unknownStatesError: warning(
    'ASL503',
    'An error name with the reserved prefix States. is not known',
    'Correct its spelling: nothing raises this error.',
  ),
  badResource: error(
    'ASL504',
    'A Resource is none that Step Functions knows',
    'Give the ARN of a Lambda function, an activity, or an integration: arn:aws:states:::sqs:sendMessage.',
  ),
  unknownAction: error(
    'ASL505',
    'An integration has no such action',
    'Use an action of the optimised integration, or arn:aws:states:::aws-sdk:service:action.',
  ),
  unknownPattern: error(
    'ASL506',
    'An integration does not have this pattern',
    'Use a pattern that it has: none, .sync, .sync:2 (nested executions only) or .waitForTaskToken.',
  ),
  missingParameter: error(
    'ASL507',
    'An integration lacks a required parameter',
    'Add it to Parameters (JSONPath) or Arguments (JSONata).',
  ),
  unknownParameter: warning(
    'ASL508',
    'A parameter is not known to the integration and is dropped',
    'Remove it or correct its spelling: names are in PascalCase.',
  ),
  noTaskToken: warning(
    'ASL509',
    'A callback task does not pass its task token on',
    'Pass $$.Task.Token ($states.context.Task.Token in JSONata): without it nobody can answer.',
  ),
  placeholderResource: warning(
    'ASL510',
    'A Resource has a form that only the examples of the States Language use',
    'Replace it by a real ARN.',
  ),
  activityCredentials: error(
    'ASL511',
    'A task of an activity has Credentials',
    'Remove Credentials: the worker brings its own.',
  ),
};

/** 6xx: kinds of machine, and limits. */
const TYPES = {
  expressPattern: error(
    'ASL601',
    'Express executions cannot do this',
    'Make the machine, or the ExecutionType of the Distributed Map, STANDARD, or use the request-response pattern and inline Maps.',
  ),
  timeoutOrder: error(
    'ASL602',
    'HeartbeatSeconds is not smaller than TimeoutSeconds',
    'Make the heartbeat shorter than the timeout.',
  ),
};

/** 8xx: legal, but it will hurt. */
const PRACTICE = {
  noTimeout: warning(
    'ASL801',
    'A Task has no timeout',
    'Add TimeoutSeconds: without it a task that never answers holds the execution for up to a year.',
  ),
  noRetry: warning('ASL802', 'A Task has no Retry', 'Add Retry on the transient errors of the service.'),
  uncaught: warning(
    'ASL803',
    'Nothing catches the errors of a Task',
    'Add Catch to the task or to a Parallel or Map around it, unless the execution shall fail.',
  ),
  inlineConcurrency: warning(
    'ASL804',
    'An inline Map asks for more than 40 concurrent iterations',
    'Ask for 40 or fewer, or use the distributed mode.',
  ),
  growth: warning(
    'ASL805',
    'The payload may grow with each turn of a loop',
    'Keep only what the next turn needs: an execution fails when a payload exceeds 262,144 bytes.',
  ),
  endlessLoop: warning(
    'ASL806',
    'A loop has no way out',
    'Add a Choice that leaves the loop: a Standard execution ends at 25,000 history events.',
  ),
};

/** The one registry of diagnostic codes. docs/diagnostics.md is made from it. */
export const CODES = {
  ...TEXT,
  ...FIELDS,
  ...TRANSITIONS,
  ...EXPRESSIONS,
  ...RESOURCES,
  ...TYPES,
  ...PRACTICE,
} satisfies Record<string, Code>;

export type CodeName = keyof typeof CODES;

const BY_CODE: ReadonlyMap<string, Code> = new Map(Object.values<Code>(CODES).map((row) => [row.code, row]));

/** The registry's row of a diagnostic's code; undefined for a code that is not ours. */
export function findCode(code: string): Code | undefined {
  return BY_CODE.get(code);
}
