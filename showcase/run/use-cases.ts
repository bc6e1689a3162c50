import { fileURLToPath } from 'node:url';
import { OUTPUT, stackName, type OutputKey, type UseCase as Stack } from '../../lib/outputs.ts';
import type { Options } from '../options.ts';
import type { SourceRecord } from '../records/record.ts';
import type { TransferStore } from './transfer-store.ts';

/** Lifelike records for whoever has none at hand. */
export const SAMPLES_FILE = fileURLToPath(new URL('../sample-records.json', import.meta.url));

/** The stage that is deployed to the yard. */
export const STAGE = 'dev';

/** The outputs of all deployed stacks: stack name -> key -> value. */
export type StackOutputs = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** One execution that the showcase starts, and what should come of it. */
export interface UseCase {
  /** The state machine's name, as its definition is called. */
  readonly name: string;
  readonly stateMachineArn: string;
  /** Collects what the stack's topic sends. */
  readonly notificationQueueUrl: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expectedStatus: 'SUCCEEDED' | 'FAILED';
  readonly transfer: Transfer | undefined;
}

/** What a use case that moves records is given. */
export interface Transfer {
  readonly store: TransferStore;
  readonly records: readonly SourceRecord[];
  /** The field that tells the records apart. */
  readonly key: string;
  /** Whether the records travel in the execution's input, or as a file in the bucket. */
  readonly via: 'input' | 'bucket';
  /** Puts one row into the table that can never be sent. */
  readonly withPoison: boolean;
}

export interface Records {
  /** The user's, or else the sample records. */
  readonly records: readonly SourceRecord[];
  readonly key: string;
  readonly areSamples: boolean;
  readonly samples: readonly SourceRecord[];
}

/** All use cases, in the order of the README. Throws when a stack lacks an output: then app and showcase do not fit. */
export function useCases(
  outputs: StackOutputs,
  { records, key, areSamples, samples }: Records,
  options: Pick<Options, 'failJob' | 'failTask'>,
): readonly UseCase[] {
  const output = (stack: Stack, name: OutputKey): string => required(outputs, stackName(STAGE, stack), name);
  const of = (
    name: string,
    stack: Stack,
    machine: OutputKey,
    rest: Partial<Pick<UseCase, 'input' | 'expectedStatus' | 'transfer'>>,
  ): UseCase => ({
    name,
    stateMachineArn: output(stack, machine),
    notificationQueueUrl: output(stack, OUTPUT.notificationQueueUrl),
    input: {},
    expectedStatus: 'SUCCEEDED',
    transfer: undefined,
    ...rest,
  });
  const store = (stack: Stack): TransferStore => ({
    tableName: output(stack, OUTPUT.tableName),
    quarantineTableName: output(stack, OUTPUT.quarantineTableName),
    queueUrl: output(stack, OUTPUT.queueUrl),
    bucketName: output(stack, OUTPUT.bucketName),
  });
  const tour = { input: { name: 'Ada', numbers: [1, 2, 3] } };
  return [
    of('batch-job-notification', 'batch-job-notification', OUTPUT.stateMachineArn, job(options.failJob)),
    of(
      'fargate-task-notification',
      'fargate-task-notification',
      OUTPUT.stateMachineArn,
      job(options.failTask),
    ),
    of('transfer-records', 'transfer-records', OUTPUT.stateMachineArn, {
      transfer: {
        store: store('transfer-records'),
        records,
        key,
        via: areSamples ? 'input' : 'bucket',
        withPoison: areSamples,
      },
    }),
    of('transfer-records-parent', 'transfer-records-express', OUTPUT.parentStateMachineArn, {
      transfer: {
        store: store('transfer-records-express'),
        records: samples,
        key: 'id',
        via: 'bucket',
        withPoison: true,
      },
    }),
    of('state-tour', 'state-tour', OUTPUT.stateMachineArn, tour),
    of('state-tour-jsonata', 'state-tour', OUTPUT.jsonataStateMachineArn, tour),
  ];
}

function job(fails: boolean): Pick<UseCase, 'input' | 'expectedStatus'> {
  return fails
    ? { input: { fail: true, exitCode: 3 }, expectedStatus: 'FAILED' }
    : { input: { records: 1000, seconds: 1 }, expectedStatus: 'SUCCEEDED' };
}

/** One output of one stack. */
export function required(outputs: StackOutputs, stack: string, name: string): string {
  const value = outputs.get(stack)?.[name];
  if (value === undefined) throw new Error(`stack ${stack} has no output ${name}`);
  return value;
}
