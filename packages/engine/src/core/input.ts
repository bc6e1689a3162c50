import type { Json, JsonArray, JsonObject } from '@stepyard/asl';
import type { EndStatus } from './effect.ts';

/**
 * A fact from outside, and the only thing that ever changes an execution. The journal stores inputs as they are here, as
 * JSON text; everything else about an execution follows from them.
 *
 * `task` is the id of the history event that scheduled the attempt (TaskScheduled, LambdaFunctionScheduled,
 * ActivityScheduled): unique within its execution. `timer` is the number in the `armTimer` effect. A fact about a task or
 * a timer that is over changes nothing.
 */
export type Input =
  | Started
  /** A `.sync` job or a callback's message was accepted: TaskSubmitted. */
  | { readonly kind: 'taskSubmitted'; readonly task: number; readonly output: Json }
  /** `viaToken`: told by a task token, which may come before the call that carries it has returned. */
  | { readonly kind: 'taskSucceeded'; readonly task: number; readonly output: Json; readonly viaToken?: true }
  | {
      readonly kind: 'taskFailed';
      readonly task: number;
      readonly error?: string;
      readonly cause?: string;
      readonly viaToken?: true;
    }
  | { readonly kind: 'activityStarted'; readonly task: number; readonly workerName?: string }
  | { readonly kind: 'heartbeat'; readonly task: number }
  | { readonly kind: 'timerFired'; readonly timer: number }
  /** Which of the definition's activities do not exist, told whenever that has changed; none before it is first told. */
  | { readonly kind: 'activitiesMissing'; readonly arns: readonly string[] }
  | { readonly kind: 'stopped'; readonly error?: string; readonly cause?: string }
  /** Go on from where it failed, was aborted or timed out (redrive.ts). */
  | { readonly kind: 'redriven' }
  | MapRunInput;

/** Facts about a map run; `mapRun` is the id of its MapRunStarted event, `child` the number in the effect that started it. */
export type MapRunInput =
  | {
      readonly kind: 'itemsRead';
      readonly mapRun: number;
      readonly values: readonly Json[];
      /** Names, where the values are the members of a JSON object. */
      readonly keys?: readonly string[];
      /** The S3 URI that they come from. */
      readonly source: string;
      readonly isLast: boolean;
    }
  | { readonly kind: 'itemsFailed'; readonly mapRun: number; readonly cause: string }
  | {
      readonly kind: 'childEnded';
      readonly mapRun: number;
      readonly child: number;
      readonly status: EndStatus;
      /** Left out where the results go to files. */
      readonly output?: Json;
      readonly error?: string;
      readonly cause?: string;
      /** Its history is full, so that it cannot be redriven. */
      readonly isFull?: true;
    }
  /** Children numbered from `first` on have succeeded, `count` of them. */
  | {
      readonly kind: 'childrenSucceeded';
      readonly mapRun: number;
      readonly first: number;
      readonly count: number;
      /** Left out where the results go to files. */
      readonly outputs?: readonly Json[];
    }
  | {
      readonly kind: 'resultsWritten';
      readonly mapRun: number;
      readonly bucket: string;
      readonly key: string;
    }
  | { readonly kind: 'resultsFailed'; readonly mapRun: number; readonly cause: string }
  | {
      readonly kind: 'mapRunUpdated';
      readonly mapRun: number;
      readonly maxConcurrency?: number;
      readonly toleratedFailureCount?: number;
      readonly toleratedFailurePercentage?: number;
    };

/** The first input of every execution: all that it will ever know about itself. */
export interface Started {
  readonly kind: 'started';
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly type: MachineType;
  /** The input exactly as it was given: event 1 echoes it letter by letter. */
  readonly input: string;
  /** Seed of the execution's only source of randomness: jitter, `$random`, `States.UUID`, task tokens. */
  readonly seed: string;
  /** Which revision of the definition it runs, for the host to find it again. */
  readonly revisionId?: string;
  /** The version and the alias by which it was started. */
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
  /** Express started by StartSyncExecution: its context object has no RedriveCount. */
  readonly sync?: true;
  /** The test case of a mocks file that answers its tasks; its children's too. */
  readonly testCase?: string;
  /** Of a child execution: the map run that started it. */
  readonly mapRunArn?: string;
  /** Of a fork: where it begins instead of at the first state. */
  readonly fork?: Fork;
}

/** An execution that goes on from a state of another one, with data that may have been edited. */
export interface Fork {
  /** ARN of the execution that it is a fork of. */
  readonly of: string;
  /** The state that it begins at: of the first level, or within the last one of `around`. */
  readonly stateName: string;
  /** The state's input; `Started.input` is what the context object calls the execution's. */
  readonly input: Json;
  /** Those of the line that the state is in. */
  readonly variables: JsonObject;
  /** The Parallels and inline Maps that the state lies within, the outermost first; none at the first level. */
  readonly around?: readonly Around[];
  /** ASL text of a definition for this execution alone; without it the machine's. */
  readonly definition?: string;
}

/** A Parallel or Map that is entered with part of its work done, and which of its lines holds what comes next. */
export interface Around extends KeptLine {
  readonly index: number;
  /** Without that line. */
  readonly group: KeptGroup;
}

/** A line that enters the state in which it stood. */
export interface KeptLine {
  readonly stateName: string;
  readonly input: Json;
  readonly variables: JsonObject;
  /** Of a Parallel or Map: how far it had come. */
  readonly group?: KeptGroup;
}

/** How far branches or iterations had come. Those that are neither among `results` nor `lines` have not begun. */
export interface KeptGroup {
  /** One for each iteration; the one that all branches have. */
  readonly inputs: JsonArray;
  /** What `$$.Map.Item.Value` gives; only of a Map. */
  readonly items?: JsonArray;
  readonly concurrency: number;
  readonly results: readonly Kept<Json>[];
  readonly lines: readonly Kept<KeptLine>[];
}

/** Which branch or iteration, and what is kept of it. */
export type Kept<T> = readonly [index: number, value: T];

export type MachineType = 'STANDARD' | 'EXPRESS';

/** The inputs due at one instant. */
export interface Turn {
  /** Epoch milliseconds: the timestamp of all events of the turn. */
  readonly timeMs: number;
  readonly inputs: readonly Input[];
}
