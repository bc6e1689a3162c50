import type { QueryLanguage } from '../program.ts';

/** What a field's value may be. Checks (values.ts) and documentation derive from these. */
export type Kind =
  | { readonly kind: 'any' | 'object' | 'boolean' | 'string' }
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  /** `min` and `max` inclusive. In JSONata an expression may stand for it unless `literal`. */
  | {
      readonly kind: 'integer' | 'number';
      readonly min: number;
      readonly max: number;
      readonly literal?: true;
    }
  /** A path that is read. */
  | { readonly kind: 'path'; readonly nullable?: true }
  /** A path that is written. */
  | { readonly kind: 'resultPath' }
  /** A path or an intrinsic function call. */
  | { readonly kind: 'pathOrIntrinsic' }
  /** JSON with paths and intrinsic calls in members whose names end in `.$`. */
  | { readonly kind: 'template' }
  /** JSON with `{% %}` expressions in it. `of`: what the value is when it is no expression itself. */
  | { readonly kind: 'jsonata'; readonly of?: 'string' | 'array' | 'object' }
  | { readonly kind: 'timestamp' }
  /** Checked by the file named like it. */
  | {
      readonly kind:
        | 'assign'
        | 'catch'
        | 'choices'
        | 'credentials'
        | 'processor'
        | 'branches'
        | 'resource'
        | 'retry'
        | 'stateName'
        | 'states'
        | 'itemReader'
        | 'itemBatcher'
        | 'resultWriter'
        | 'label';
    };

export interface Field {
  readonly name: string;
  readonly value: Kind;
  readonly required?: true;
  /** undefined: both. */
  readonly language?: QueryLanguage;
}

export const STATE_TYPES = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'] as const;
export type StateType = (typeof STATE_TYPES)[number];

/** Longest state name, in characters. */
export const STATE_NAME_CHARACTERS_MAX = 80;
/** Longest Label of a Distributed Map, in characters. */
export const LABEL_CHARACTERS_MAX = 40;
/** Longest definition (CreateStateMachine). */
export const DEFINITION_LENGTH_MAX = 1_048_576;
/** Largest number of seconds anywhere in a definition. */
export const SECONDS_MAX = 99_999_999;
const DELAY_SECONDS_MAX = 31_622_400;

const SECONDS: Kind = { kind: 'integer', min: 1, max: SECONDS_MAX };
const COUNT: Kind = { kind: 'integer', min: 0, max: Number.MAX_SAFE_INTEGER };
const LANGUAGE: Kind = { kind: 'oneOf', values: ['JSONPath', 'JSONata'] };
const PATH: Kind = { kind: 'path' };
const STRING: Kind = { kind: 'string' };

const COMMENT: Field = { name: 'Comment', value: STRING };
const START: readonly Field[] = [
  { name: 'States', value: { kind: 'states' }, required: true },
  { name: 'StartAt', value: { kind: 'stateName' }, required: true },
];

/** The machine itself. */
export const MACHINE_FIELDS: readonly Field[] = [
  ...START,
  COMMENT,
  { name: 'QueryLanguage', value: LANGUAGE },
  // AWS takes 0 here, though not in a state.
  { name: 'TimeoutSeconds', value: { kind: 'integer', min: 0, max: SECONDS_MAX, literal: true } },
  { name: 'Version', value: { kind: 'oneOf', values: ['1.0'] } },
];

/** A branch of a Parallel state. */
export const BRANCH_FIELDS: readonly Field[] = [
  ...START,
  COMMENT,
  { name: 'QueryLanguage', value: LANGUAGE },
];

/** A Map's ItemProcessor, and the older Iterator. */
export const PROCESSOR_FIELDS: readonly Field[] = [
  ...BRANCH_FIELDS,
  { name: 'ProcessorConfig', value: { kind: 'object' } },
];

const MODE: Field = { name: 'Mode', value: { kind: 'oneOf', values: ['INLINE', 'DISTRIBUTED'] } };

/** ProcessorConfig of an inline Map. */
export const INLINE_CONFIG_FIELDS: readonly Field[] = [MODE];

/** ProcessorConfig of a Distributed Map. */
export const DISTRIBUTED_CONFIG_FIELDS: readonly Field[] = [
  MODE,
  { name: 'ExecutionType', value: { kind: 'oneOf', values: ['STANDARD', 'EXPRESS'] }, required: true },
];

export const RETRIER_FIELDS: readonly Field[] = [
  COMMENT,
  { name: 'ErrorEquals', value: { kind: 'any' }, required: true },
  { name: 'IntervalSeconds', value: { kind: 'integer', min: 0, max: SECONDS_MAX, literal: true } },
  { name: 'MaxAttempts', value: { kind: 'integer', min: 0, max: SECONDS_MAX, literal: true } },
  { name: 'BackoffRate', value: { kind: 'number', min: 1, max: Number.MAX_VALUE, literal: true } },
  { name: 'MaxDelaySeconds', value: { kind: 'integer', min: 1, max: DELAY_SECONDS_MAX, literal: true } },
  { name: 'JitterStrategy', value: { kind: 'oneOf', values: ['NONE', 'FULL'] } },
];

export const CATCHER_FIELDS: readonly Field[] = [
  COMMENT,
  { name: 'ErrorEquals', value: { kind: 'any' }, required: true },
  { name: 'Next', value: { kind: 'stateName' }, required: true },
  { name: 'Assign', value: { kind: 'assign' } },
  { name: 'ResultPath', value: { kind: 'resultPath' }, language: 'JSONPath' },
  { name: 'Output', value: { kind: 'jsonata' }, language: 'JSONata' },
];

export const ITEM_READER_FIELDS: readonly Field[] = [
  { name: 'Resource', value: STRING, required: true },
  { name: 'Parameters', value: { kind: 'template' }, language: 'JSONPath' },
  { name: 'Arguments', value: { kind: 'jsonata', of: 'object' }, language: 'JSONata' },
  { name: 'ReaderConfig', value: { kind: 'object' } },
];

export const READER_CONFIG_FIELDS: readonly Field[] = [
  { name: 'InputType', value: { kind: 'oneOf', values: ['CSV', 'JSON', 'JSONL', 'MANIFEST', 'PARQUET'] } },
  { name: 'Transformation', value: { kind: 'oneOf', values: ['NONE', 'LOAD_AND_FLATTEN'] } },
  { name: 'ManifestType', value: { kind: 'oneOf', values: ['ATHENA_DATA', 'S3_INVENTORY'] } },
  { name: 'CSVHeaderLocation', value: { kind: 'oneOf', values: ['FIRST_ROW', 'GIVEN'] } },
  { name: 'CSVHeaders', value: { kind: 'any' } },
  {
    name: 'CSVDelimiter',
    value: { kind: 'oneOf', values: ['COMMA', 'PIPE', 'SEMICOLON', 'SPACE', 'TAB'] },
  },
  { name: 'MaxItems', value: COUNT },
  { name: 'MaxItemsPath', value: PATH, language: 'JSONPath' },
  { name: 'ItemsPointer', value: STRING },
];

export const ITEM_BATCHER_FIELDS: readonly Field[] = [
  { name: 'MaxItemsPerBatch', value: { kind: 'integer', min: 1, max: Number.MAX_SAFE_INTEGER } },
  { name: 'MaxItemsPerBatchPath', value: PATH, language: 'JSONPath' },
  { name: 'MaxInputBytesPerBatch', value: { kind: 'integer', min: 1, max: 262_144 } },
  { name: 'MaxInputBytesPerBatchPath', value: PATH, language: 'JSONPath' },
  { name: 'BatchInput', value: { kind: 'template' }, language: 'JSONPath' },
  { name: 'BatchInput', value: { kind: 'jsonata' }, language: 'JSONata' },
];

export const RESULT_WRITER_FIELDS: readonly Field[] = [
  { name: 'Resource', value: STRING },
  { name: 'Parameters', value: { kind: 'template' }, language: 'JSONPath' },
  { name: 'Arguments', value: { kind: 'jsonata', of: 'object' }, language: 'JSONata' },
  { name: 'WriterConfig', value: { kind: 'object' } },
];

export const WRITER_CONFIG_FIELDS: readonly Field[] = [
  { name: 'OutputType', value: { kind: 'oneOf', values: ['JSON', 'JSONL'] }, required: true },
  { name: 'Transformation', value: { kind: 'oneOf', values: ['NONE', 'COMPACT', 'FLATTEN'] } },
];

const COMMON: readonly Field[] = [
  { name: 'Type', value: { kind: 'oneOf', values: STATE_TYPES }, required: true },
  COMMENT,
  { name: 'QueryLanguage', value: LANGUAGE },
];

const INPUT_OUTPUT: readonly Field[] = [
  { name: 'InputPath', value: { kind: 'path', nullable: true }, language: 'JSONPath' },
  { name: 'OutputPath', value: { kind: 'path', nullable: true }, language: 'JSONPath' },
  { name: 'Output', value: { kind: 'jsonata' }, language: 'JSONata' },
];

const ASSIGN: Field = { name: 'Assign', value: { kind: 'assign' } };

const NEXT: readonly Field[] = [
  { name: 'Next', value: { kind: 'stateName' } },
  { name: 'End', value: { kind: 'boolean' } },
];

const RESULT: readonly Field[] = [
  { name: 'ResultSelector', value: { kind: 'template' }, language: 'JSONPath' },
  { name: 'ResultPath', value: { kind: 'resultPath' }, language: 'JSONPath' },
];

const PARAMETERS: Field = { name: 'Parameters', value: { kind: 'template' }, language: 'JSONPath' };

const ERRORS: readonly Field[] = [
  { name: 'Retry', value: { kind: 'retry' } },
  { name: 'Catch', value: { kind: 'catch' } },
];

function orPath(name: string, value: Kind): Field[] {
  return [
    { name, value },
    { name: `${name}Path`, value: PATH, language: 'JSONPath' },
  ];
}

/** Field by state type by query language: what may stand where. */
export const STATE_FIELDS: Readonly<Record<StateType, readonly Field[]>> = {
  Pass: [
    ...COMMON,
    ...INPUT_OUTPUT,
    ...NEXT,
    ASSIGN,
    PARAMETERS,
    { name: 'Result', value: { kind: 'any' }, language: 'JSONPath' },
    { name: 'ResultPath', value: { kind: 'resultPath' }, language: 'JSONPath' },
  ],
  Task: [
    ...COMMON,
    ...INPUT_OUTPUT,
    ...NEXT,
    ...RESULT,
    ...ERRORS,
    ASSIGN,
    PARAMETERS,
    { name: 'Arguments', value: { kind: 'jsonata', of: 'object' }, language: 'JSONata' },
    { name: 'Resource', value: { kind: 'resource' }, required: true },
    ...orPath('TimeoutSeconds', SECONDS),
    ...orPath('HeartbeatSeconds', SECONDS),
    { name: 'Credentials', value: { kind: 'credentials' } },
  ],
  Choice: [
    ...COMMON,
    ...INPUT_OUTPUT,
    ASSIGN,
    { name: 'Choices', value: { kind: 'choices' }, required: true },
    { name: 'Default', value: { kind: 'stateName' } },
  ],
  Wait: [
    ...COMMON,
    ...INPUT_OUTPUT,
    ...NEXT,
    ASSIGN,
    ...orPath('Seconds', { kind: 'integer', min: 0, max: SECONDS_MAX }),
    ...orPath('Timestamp', { kind: 'timestamp' }),
  ],
  Succeed: [...COMMON, ...INPUT_OUTPUT],
  Fail: [
    ...COMMON,
    { name: 'Error', value: STRING, language: 'JSONPath' },
    { name: 'Error', value: { kind: 'jsonata', of: 'string' }, language: 'JSONata' },
    { name: 'ErrorPath', value: { kind: 'pathOrIntrinsic' }, language: 'JSONPath' },
    { name: 'Cause', value: STRING, language: 'JSONPath' },
    { name: 'Cause', value: { kind: 'jsonata', of: 'string' }, language: 'JSONata' },
    { name: 'CausePath', value: { kind: 'pathOrIntrinsic' }, language: 'JSONPath' },
  ],
  Parallel: [
    ...COMMON,
    ...INPUT_OUTPUT,
    ...NEXT,
    ...RESULT,
    ...ERRORS,
    ASSIGN,
    PARAMETERS,
    { name: 'Arguments', value: { kind: 'jsonata', of: 'object' }, language: 'JSONata' },
    { name: 'Branches', value: { kind: 'branches' }, required: true },
  ],
  Map: [
    ...COMMON,
    ...INPUT_OUTPUT,
    ...NEXT,
    ...RESULT,
    ...ERRORS,
    ASSIGN,
    PARAMETERS,
    { name: 'ItemProcessor', value: { kind: 'processor' } },
    { name: 'Iterator', value: { kind: 'processor' } },
    { name: 'ItemsPath', value: PATH, language: 'JSONPath' },
    { name: 'Items', value: { kind: 'jsonata', of: 'array' }, language: 'JSONata' },
    { name: 'ItemSelector', value: { kind: 'template' }, language: 'JSONPath' },
    { name: 'ItemSelector', value: { kind: 'jsonata' }, language: 'JSONata' },
    ...orPath('MaxConcurrency', COUNT),
    ...orPath('ToleratedFailureCount', COUNT),
    ...orPath('ToleratedFailurePercentage', { kind: 'number', min: 0, max: 100 }),
    { name: 'ItemReader', value: { kind: 'itemReader' } },
    { name: 'ItemBatcher', value: { kind: 'itemBatcher' } },
    { name: 'ResultWriter', value: { kind: 'resultWriter' } },
    { name: 'Label', value: { kind: 'label' } },
  ],
};

/** Fields of which a holder may have one at most; `required`: exactly one. */
export interface Exclusion {
  readonly names: readonly string[];
  readonly required?: true;
}

export const EXCLUSIONS: Readonly<Partial<Record<StateType, readonly Exclusion[]>>> = {
  Task: [
    { names: ['TimeoutSeconds', 'TimeoutSecondsPath'] },
    { names: ['HeartbeatSeconds', 'HeartbeatSecondsPath'] },
  ],
  Wait: [{ names: ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'], required: true }],
  Fail: [{ names: ['Error', 'ErrorPath'] }, { names: ['Cause', 'CausePath'] }],
  Map: [
    { names: ['ItemProcessor', 'Iterator'], required: true },
    { names: ['ItemSelector', 'Parameters'] },
    { names: ['MaxConcurrency', 'MaxConcurrencyPath'] },
    { names: ['ToleratedFailureCount', 'ToleratedFailureCountPath'] },
    { names: ['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'] },
  ],
};

export const ITEM_BATCHER_EXCLUSIONS: readonly Exclusion[] = [
  { names: ['MaxItemsPerBatch', 'MaxItemsPerBatchPath'] },
  { names: ['MaxInputBytesPerBatch', 'MaxInputBytesPerBatchPath'] },
];

export const READER_CONFIG_EXCLUSIONS: readonly Exclusion[] = [{ names: ['MaxItems', 'MaxItemsPath'] }];
