import type { Json, JsonObject } from '@stepyard/asl';
import type { Engine, StateMachineDescription, TaskRunner } from '@stepyard/engine';
import type { MockRunner } from '../mocks/mock-runner.ts';
import type { TagStore } from './tags.ts';

/** What every operation works with. */
export interface StepFunctionsContext {
  /** Whose machines these are, in twelve digits. */
  readonly account: string;
  readonly engine: Engine;
  readonly tags: TagStore;
  /** Runs the Task of a TestState without a mock. */
  readonly runner: TaskRunner;
  /** Whether there is a log group of that ARN: what a logging configuration's destination must be. */
  readonly hasLogGroup: (logGroupArn: string) => boolean;
  /** Hears of every machine that was created or updated. */
  readonly onStateMachine: (machine: StateMachineDescription) => void;
  /** Present when the yard was started with a mocks file. */
  readonly mocks: MockRunner | undefined;
}

/**
 * One operation of the Step Functions API: checked input (validateInput) to wire output, whose times are epoch seconds.
 * Rejects with ApiError or EngineError for what the caller did wrong.
 */
export type Operation = (context: StepFunctionsContext, input: JsonObject, caller: Caller) => Promise<Answer>;

/** Who waits for the answer. */
export interface Caller {
  /** Aborts when the caller has gone. Most operations never ask for it. */
  readonly signal: AbortSignal;
}

/** Members without a value are not sent. */
export type Answer = Readonly<Record<string, Json | undefined>> | WrittenAnswer;

/** An answer that is written already. */
export class WrittenAnswer {
  /** JSON in UTF-8, to be sent in order. */
  readonly chunks: readonly Uint8Array[];

  constructor(chunks: readonly Uint8Array[]) {
    this.chunks = chunks;
  }
}

/** A required string member, whose presence was checked before or is AWS's own promise. */
export function text(input: JsonObject, name: string): string {
  const value = input[name];
  if (typeof value !== 'string') throw new Error(`${name} is no string`);
  return value;
}

export function optionalText(input: JsonObject, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}

export function optionalNumber(input: JsonObject, name: string): number | undefined {
  const value = input[name];
  return typeof value === 'number' ? value : undefined;
}

export function optionalBoolean(input: JsonObject, name: string): boolean | undefined {
  const value = input[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** The members that have a value: what `exactOptionalPropertyTypes` wants of a request object. */
export function present<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  const found: Partial<T> = {};
  for (const name in members) if (members[name] !== undefined) found[name] = members[name];
  return found as T;
}
