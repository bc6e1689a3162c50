/**
 * A compiled state machine: what the interpreter runs. Paths, templates, conditions and intrinsics are closures, made once
 * by `compile`; the interpreter never parses. A field that a definition leaves out is `undefined` here, so that the common
 * case costs one comparison.
 */
import type { Environment, Evaluate } from './environment.ts';
import type { Json, JsonObject } from './json.ts';
import type { TaskResource } from './integrations/resource.ts';

export type QueryLanguage = 'JSONPath' | 'JSONata';

/** A compiled definition. */
export interface Program {
  readonly comment: string | undefined;
  readonly queryLanguage: QueryLanguage;
  readonly timeoutSeconds: number | undefined;
  readonly states: StateList;
}

/** The states of one scope: the machine itself, a Parallel branch or a Map's processor. */
export interface StateList {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export type State =
  PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** Where a state goes: the name of the next one, or undefined for `End: true`. */
export type Transition = string | undefined;

/**
 * The data flow of a state.
 * JSONPath: inputPath -> parameters -> (work) -> resultSelector -> resultPath -> assign -> outputPath.
 * JSONata: parameters holds `Arguments`; (work) -> assign and output, both on the same `$states`.
 * `inputPath`, `outputPath`: undefined is `$`; a null path in the definition compiles to a closure that gives `{}`.
 */
export interface Dataflow {
  readonly inputPath: Evaluate | undefined;
  readonly parameters: Evaluate | undefined;
  readonly resultSelector: Evaluate | undefined;
  /** undefined: the result replaces the input (`$`). 'discard': the definition says null, the input goes on. */
  readonly resultPath: ReferencePath | 'discard' | undefined;
  readonly outputPath: Evaluate | undefined;
  readonly output: Evaluate | undefined;
  readonly assign: Assign | undefined;
}

/** Writes `value` into a copy of `target` (a path is copied, not the tree). Throws AslFailure when it does not fit. */
export interface ReferencePath {
  readonly text: string;
  write(target: Json, value: Json): Json;
}

/** Evaluates all assignments against the old variables, then gives the new values: name -> value. */
export type Assign = (environment: Environment) => JsonObject;

/**
 * A number: a literal, or a path or JSONata expression that gives one. `text` is the path or expression as written, for AWS's
 * messages. What comes out is not validated here: the interpreter does it, with the texts of the state at hand.
 */
export type NumberField = number | { readonly evaluate: Evaluate; readonly text: string } | undefined;

export interface StateBase {
  readonly name: string;
  /** JSON pointer of the state in the definition: `/States/A/Branches/0/States/B`. */
  readonly pointer: string;
  readonly comment: string | undefined;
  readonly queryLanguage: QueryLanguage;
  readonly flow: Dataflow;
}

export interface PassState extends StateBase {
  readonly type: 'Pass';
  /** JSONPath's `Result`, a literal. */
  readonly result: Json | undefined;
  readonly next: Transition;
}

export interface TaskState extends StateBase {
  readonly type: 'Task';
  readonly resource: TaskResource;
  readonly timeoutSeconds: NumberField;
  readonly heartbeatSeconds: NumberField;
  readonly credentials: Evaluate | undefined;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  readonly next: Transition;
}

export interface ChoiceState extends StateBase {
  readonly type: 'Choice';
  readonly rules: readonly ChoiceRule[];
  readonly default: string | undefined;
}

export interface ChoiceRule {
  /** Throws AslFailure, as AWS does, when a JSONPath variable is missing or a JSONata condition is no boolean. */
  readonly condition: (environment: Environment) => boolean;
  readonly next: string;
  /** What the rule itself assigns and outputs; undefined: nothing is assigned, the state's input goes on. */
  readonly assign: Assign | undefined;
  readonly output: Evaluate | undefined;
}

export interface WaitState extends StateBase {
  readonly type: 'Wait';
  readonly until:
    | { readonly kind: 'seconds'; readonly seconds: number }
    | { readonly kind: 'timestamp'; readonly epochMs: number }
    /** A path or expression; the interpreter validates what comes out, with AWS's texts for `text` (the path as written). */
    | { readonly kind: 'secondsFrom' | 'timestampFrom'; readonly evaluate: Evaluate; readonly text: string };
  readonly next: Transition;
}

export interface SucceedState extends StateBase {
  readonly type: 'Succeed';
}

export interface FailState extends StateBase {
  readonly type: 'Fail';
  /** Literals compile to closures too; undefined: the field is absent, and stays absent in the history. */
  readonly error: Evaluate | undefined;
  readonly cause: Evaluate | undefined;
}

export interface ParallelState extends StateBase {
  readonly type: 'Parallel';
  readonly branches: readonly StateList[];
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  readonly next: Transition;
}

export interface MapState extends StateBase {
  readonly type: 'Map';
  readonly mode: 'INLINE' | 'DISTRIBUTED';
  readonly processor: StateList;
  /** JSONPath `ItemsPath` on the effective input, or JSONata `Items`. undefined: the effective input itself. */
  readonly items: Evaluate | undefined;
  /** JSONPath's ItemsPath as written, for messages. */
  readonly itemsPath?: string;
  /** `ItemSelector` (or the older `Parameters`), evaluated for each item with `$$.Map.Item` in the context. */
  readonly itemSelector: Evaluate | undefined;
  readonly maxConcurrency: NumberField;
  /** What a Map in DISTRIBUTED mode has besides; undefined: INLINE. */
  readonly distributed: DistributedMap | undefined;
  readonly toleratedFailureCount: NumberField;
  readonly toleratedFailurePercentage: NumberField;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
  readonly next: Transition;
}

export interface DistributedMap {
  readonly label: string | undefined;
  /** What its child executions are. */
  readonly executionType: 'STANDARD' | 'EXPRESS';
  /** The ItemProcessor as JSON text: the definition of the child executions. */
  readonly processorText: string;
  readonly reader: ItemReader | undefined;
  readonly batcher: ItemBatcher | undefined;
  readonly writer: ResultWriter | undefined;
}

export interface ItemReader {
  /** `arn:aws:states:::s3:getObject` or `...:s3:listObjectsV2`. */
  readonly resource: string;
  readonly parameters: Evaluate | undefined;
  /** ReaderConfig without MaxItems. */
  readonly config: Evaluate;
  readonly maxItems: NumberField;
}

export interface ItemBatcher {
  readonly maxItemsPerBatch: NumberField;
  readonly maxInputBytesPerBatch: NumberField;
  readonly batchInput: Evaluate | undefined;
}

export interface ResultWriter {
  /** undefined: the results are the state's output, not files. */
  readonly resource: string | undefined;
  readonly parameters: Evaluate | undefined;
  readonly outputType: 'JSON' | 'JSONL';
  readonly transformation: 'NONE' | 'COMPACT' | 'FLATTEN';
}

export interface Retrier {
  readonly errorEquals: readonly string[];
  /** Seconds before the first retry; 1 unless given. */
  readonly intervalSeconds: number;
  /** 3 unless given; 0: never retried. */
  readonly maxAttempts: number;
  /** 2 unless given. */
  readonly backoffRate: number;
  readonly maxDelaySeconds: number | undefined;
  readonly jitter: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  /** JSONPath: where the error object goes in the state's input; undefined is `$`, 'discard' is null. */
  readonly resultPath: ReferencePath | 'discard' | undefined;
  /** JSONata: `$states.errorOutput` is set while it runs. undefined: the output is the error object. */
  readonly output: Evaluate | undefined;
  readonly assign: Assign | undefined;
}
