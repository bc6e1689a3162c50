import { isObject, type Json } from '@stepyard/asl';

/**
 * The shapes of a service's answers, read from the schemas of its AWS SDK client: the one place that knows how those are laid out.
 * They say types and what is required; ranges come from a table of our own. Values of enumerations are the client's own constants of that name.
 */
export type Model =
  | { readonly kind: 'string'; readonly values?: readonly string[] }
  /** Bytes in base64; `length` is of the bytes. */
  | { readonly kind: 'blob'; readonly length?: Range }
  | { readonly kind: 'number'; readonly range?: Range }
  | { readonly kind: 'boolean' | 'any' }
  | { readonly kind: 'list' | 'map'; readonly member: () => Model }
  | {
      readonly kind: 'structure';
      readonly members: ReadonlyMap<string, () => Model>;
      readonly required: ReadonlySet<string>;
    };

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** Ranges that an API documents for members of its answers (API reference of the service), by namespace and member. */
const RANGES: Readonly<Record<string, Readonly<Record<string, Range>>>> = {
  'com.amazonaws.lambda': {
    MemorySize: { min: 128, max: 10_240 },
    Timeout: { min: 1 },
    Size: { min: 512, max: 10_240 },
    BatchSize: { min: 1, max: 10_000 },
    MaximumBatchingWindowInSeconds: { min: 0, max: 300 },
    MaximumRetryAttempts: { min: -1, max: 10_000 },
    ParallelizationFactor: { min: 1, max: 10 },
    TumblingWindowInSeconds: { min: 0, max: 900 },
  },
  'com.amazonaws.sfn': { Weight: { min: 0, max: 100 } },
};

/** The same for the lengths of bytes. */
const LENGTHS: typeof RANGES = {
  'com.amazonaws.kms': {
    CiphertextBlob: { min: 1, max: 6144 },
    CiphertextForRecipient: { min: 1, max: 6144 },
    ImportToken: { min: 1, max: 6144 },
    Mac: { min: 1, max: 6144 },
    Plaintext: { min: 1, max: 4096 },
    PrivateKeyCiphertextBlob: { min: 1, max: 6144 },
    PrivateKeyPlaintext: { min: 1, max: 4096 },
    PublicKey: { min: 1, max: 8192 },
    SharedSecret: { min: 1, max: 4096 },
    Signature: { min: 1, max: 6144 },
  },
};

type SdkModule = Readonly<Record<string, unknown>>;

const ANY: Model = { kind: 'any' };

/** The answer of an operation; undefined when the client has no such operation. Member names start with a capital, as states see them. */
export function answerModel(sdk: SdkModule, operation: string): Model | undefined {
  const schema = sdk[`${operation}$`];
  if (!Array.isArray(schema) || schema[0] !== 9) return undefined;
  return readSchema(sdk, schema[5] as unknown, undefined);
}

/** Schemas are numbers for simple types, 64 and 128 added for lists and maps of them, functions that give the real one, and tuples. */
function readSchema(sdk: SdkModule, schema: unknown, name: string | undefined): Model {
  if (typeof schema === 'function') return readSchema(sdk, (schema as () => unknown)(), name);
  if (typeof schema === 'number') return readNumber(sdk, schema, name);
  if (!Array.isArray(schema)) return ANY;
  const tuple: readonly unknown[] = schema;
  // A member with traits of its own: [schema, traits].
  if (tuple.length === 2) return readSchema(sdk, tuple[0], name);
  switch (tuple[0]) {
    case 0:
      return readSchema(sdk, tuple[4], typeof tuple[2] === 'string' ? tuple[2] : name);
    case 1:
      return { kind: 'list', member: () => readSchema(sdk, tuple[4], undefined) };
    case 2:
      return { kind: 'map', member: () => readSchema(sdk, tuple[5], undefined) };
    case 3:
    case 4:
      return readStructure(sdk, tuple);
    default:
      return ANY;
  }
}

function readStructure(sdk: SdkModule, tuple: readonly unknown[]): Model {
  const names = (tuple[4] ?? []) as readonly string[];
  const schemas = (tuple[5] ?? []) as readonly unknown[];
  const requiredCount = typeof tuple[6] === 'number' ? tuple[6] : 0;
  const namespace = typeof tuple[1] === 'string' ? tuple[1] : '';
  const ranges = RANGES[namespace];
  const lengths = LENGTHS[namespace];
  const member = (name: string, schema: unknown): Model => {
    const model = readSchema(sdk, schema, name);
    const range = ranges?.[name];
    if (model.kind === 'number' && range !== undefined) return { ...model, range };
    const length = lengths?.[name];
    return model.kind === 'blob' && length !== undefined ? { ...model, length } : model;
  };
  return {
    kind: 'structure',
    members: new Map(
      names.map((name, index) => [capitalised(name), () => member(capitalised(name), schemas[index])]),
    ),
    // The client lists the required members first.
    required: new Set(names.slice(0, requiredCount).map(capitalised)),
  };
}

const LIST = 64;
const MAP = 128;

function readNumber(sdk: SdkModule, schema: number, name: string | undefined): Model {
  if (schema >= MAP) return { kind: 'map', member: () => readNumber(sdk, schema - MAP, undefined) };
  // 42 is a streaming blob, which is no list.
  if (schema >= LIST) return { kind: 'list', member: () => readNumber(sdk, schema - LIST, undefined) };
  switch (schema) {
    case 0:
      return stringModel(sdk, name);
    case 1:
    case 17:
    case 19:
      return { kind: 'number' };
    case 2:
      return { kind: 'boolean' };
    // Times: text, as states see them ([100] of the recordings).
    case 4:
    case 5:
    case 6:
    case 7:
      return { kind: 'string' };
    // Bytes, and a stream of them.
    case 21:
    case 42:
      return { kind: 'blob' };
    default:
      return ANY;
  }
}

function stringModel(sdk: SdkModule, name: string | undefined): Model {
  const constants = name === undefined ? undefined : sdk[name];
  if (!isObject(constants as Json)) return { kind: 'string' };
  const values = Object.values(constants as Readonly<Record<string, unknown>>);
  const isEnumeration = values.length > 0 && values.every((value) => typeof value === 'string');
  return isEnumeration ? { kind: 'string', values } : { kind: 'string' };
}

function capitalised(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}
