import type { Severity } from '../diagnostic.ts';

/** One kind of finding. A code is never reused for another meaning. */
export interface Code {
  readonly code: string;
  readonly severity: Severity;
  /** What ValidateStateMachineDefinition and InvalidDefinition call it. */
  readonly aws: AwsCode;
  readonly summary: string;
}

/** The codes of ValidateStateMachineDefinition's diagnostics that these findings map to. */
export type AwsCode =
  'SCHEMA_VALIDATION_FAILED' | 'INVALID_JSON_DESCRIPTION' | 'MISSING_TRANSITION_TARGET' | 'WARNING';

function error(code: string, summary: string, aws: AwsCode = 'SCHEMA_VALIDATION_FAILED'): Code {
  return { code, severity: 'error', aws, summary };
}

function warning(code: string, summary: string): Code {
  return { code, severity: 'warning', aws: 'WARNING', summary };
}

/**
 * The one registry of diagnostic codes.
 * 1xx text, 2xx fields and values, 3xx transitions, 4xx expressions, 5xx errors and resources, 6xx types and limits,
 * 8xx what is legal but will hurt.
 */
export const CODES = {
  syntax: error('ASL101', 'The text is not JSON', 'INVALID_JSON_DESCRIPTION'),
  tooDeep: error('ASL102', 'Values are nested too deeply', 'INVALID_JSON_DESCRIPTION'),
  tooLong: error('ASL103', 'The definition is longer than Step Functions accepts'),
  duplicateKey: error('ASL104', 'A name appears twice in one object', 'INVALID_JSON_DESCRIPTION'),
  numberRange: error('ASL105', 'A number is too large to be represented', 'INVALID_JSON_DESCRIPTION'),
  notAnObject: error('ASL106', 'The definition is not an object'),

  missingField: error('ASL201', 'A required field is missing'),
  unknownField: error('ASL202', 'A field is not known here'),
  wrongLanguage: error('ASL203', 'A field belongs to the other query language'),
  wrongType: error('ASL204', 'A value has the wrong type'),
  wrongValue: error('ASL205', 'A value is not one of those allowed'),
  outOfRange: error('ASL206', 'A number is outside its range'),
  exclusiveFields: error('ASL207', 'Fields exclude each other'),
  emptyValue: error('ASL208', 'A value must not be empty'),
  badTimestamp: error('ASL209', 'A timestamp is not RFC 3339'),
  nameTooLong: error('ASL210', 'A name is too long'),
  duplicateName: warning('ASL211', 'A state name appears twice in the machine'),
  badForm: error('ASL212', 'A value does not have the form it needs'),
  mixedLanguages: error('ASL213', 'A state asks for JSONPath in a JSONata machine'),

  missingTarget: error(
    'ASL301',
    'A transition leads to a state that does not exist',
    'MISSING_TRANSITION_TARGET',
  ),
  noTransition: error('ASL302', 'A state needs Next or End'),
  noTerminalState: error('ASL303', 'No state ends the machine'),
  unreachable: error('ASL304', 'A state is never reached', 'MISSING_TRANSITION_TARGET'),
  noDefault: warning('ASL305', 'A Choice state has no Default'),

  badPath: error('ASL401', 'A path does not parse'),
  badReferencePath: error('ASL402', 'A reference path does not parse or is not one'),
  badIntrinsic: error('ASL403', 'An intrinsic function call does not parse'),
  badJsonata: error('ASL404', 'A JSONata expression does not parse'),
  badTemplate: error('ASL405', 'A payload template does not parse'),
  badRule: error('ASL406', 'A Choice rule is not well formed'),
  badVariable: error('ASL407', 'A variable cannot be assigned'),
  notAnExpression: error('ASL409', 'A JSONata field needs an expression or a literal'),

  errorsEmpty: error('ASL501', 'ErrorEquals names no error'),
  statesAllAlone: error('ASL502', 'States.ALL does not stand alone and last'),
  unknownStatesError: warning('ASL503', 'An error name with the reserved prefix States. is not known'),
  badResource: error('ASL504', 'A Resource is none that Step Functions knows'),
  unknownAction: error('ASL505', 'An integration has no such action'),
  unknownPattern: error('ASL506', 'An integration does not have this pattern'),
  missingParameter: error('ASL507', 'An integration lacks a required parameter'),
  placeholderResource: warning(
    'ASL510',
    'A Resource has a form that only the examples of the States Language use',
  ),
  unknownParameter: warning('ASL508', 'A parameter is not known to the integration and is dropped'),
  noTaskToken: warning('ASL509', 'A callback task does not pass its task token on'),

  expressPattern: error('ASL601', 'Express machines cannot do this'),
  timeoutOrder: error('ASL602', 'HeartbeatSeconds is greater than TimeoutSeconds'),

  noTimeout: warning('ASL801', 'A Task has no timeout'),
  noRetry: warning('ASL802', 'A Task has no Retry'),
  inlineConcurrency: warning('ASL804', 'An inline Map asks for more than 40 concurrent iterations'),
} as const satisfies Record<string, Code>;

export type CodeName = keyof typeof CODES;
