import type { ExecutionChange, HistoryEvent, StateMachineDescription } from '@stepyard/engine';
import { asText } from '../member.ts';
import type { CloudWatchService } from './cloudwatch.ts';
import { single, type Dimensions } from './store.ts';

const NAMESPACE = 'AWS/States';

/** How an execution ended -> the metric that counts it. */
const ENDS: Readonly<Record<string, string>> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  ABORTED: 'Aborted',
};

interface Kind {
  /** Of what is counted: `LambdaFunctionsStarted`. */
  readonly counted: string;
  /** Of what is timed: `LambdaFunctionRunTime`. */
  readonly timed: string;
  readonly dimension: string;
}

/** By the beginning of an event's type. */
const KINDS: readonly (readonly [prefix: string, kind: Kind])[] = [
  ['LambdaFunction', { counted: 'LambdaFunctions', timed: 'LambdaFunction', dimension: 'LambdaFunctionArn' }],
  ['Activity', { counted: 'Activities', timed: 'Activity', dimension: 'ActivityArn' }],
  [
    'Task',
    {
      counted: 'ServiceIntegrations',
      timed: 'ServiceIntegration',
      dimension: 'ServiceIntegrationResourceArn',
    },
  ],
];

/** What an event of an attempt tells, by the rest of its type. */
const STEPS: Readonly<Record<string, string>> = {
  Scheduled: 'Scheduled',
  Started: 'Started',
  Submitted: 'Submitted',
  Succeeded: 'Succeeded',
  Failed: 'Failed',
  TimedOut: 'TimedOut',
  ScheduleFailed: 'Failed',
  StartFailed: 'Failed',
  SubmitFailed: 'Failed',
};

/** One attempt of a Task that is under way. */
interface Attempt {
  readonly kind: Kind;
  readonly arn: string;
  readonly scheduledMs: number;
  readonly startedMs: number | undefined;
}

/**
 * The metrics that Step Functions publishes, but for those of throttling, which the yard has none of.
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 */
export class ExecutionMetrics {
  readonly #cloudwatch: Pick<CloudWatchService, 'record'>;
  readonly #hasTasks = new WeakMap<StateMachineDescription, boolean>();
  /** Attempts under way, by execution and then by the last event of each. */
  readonly #attempts = new Map<string, Map<number, Attempt>>();

  constructor(cloudwatch: Pick<CloudWatchService, 'record'>) {
    this.#cloudwatch = cloudwatch;
  }

  /** Whether the events of a machine's executions tell anything: only those of Tasks do. */
  isWanted(machine: StateMachineDescription): boolean {
    let hasTasks = this.#hasTasks.get(machine);
    if (hasTasks === undefined) {
      hasTasks = machine.definition.includes('"Task"');
      this.#hasTasks.set(machine, hasTasks);
    }
    return hasTasks;
  }

  /** An execution started, was redriven or ended. */
  changed(change: ExecutionChange): void {
    const { status, isFirst, isRedrive, startDateMs, stopDateMs } = change;
    // The children of a Distributed Map are counted by their map run.
    if (change.mapRunArn !== undefined) {
      if (stopDateMs !== undefined) this.#attempts.delete(change.executionArn);
      return;
    }
    const dimensions = dimensionsOf(change);
    const count = (name: string, atMs: number): void => {
      for (const dimension of dimensions) this.#record(name, dimension, 1, 'Count', atMs);
    };
    if (isFirst) count('ExecutionsStarted', startDateMs);
    if (isRedrive) count('ExecutionsRedriven', stopDateMs ?? Date.now());
    if (stopDateMs === undefined) return;
    this.#attempts.delete(change.executionArn);
    count(`Executions${ENDS[status] ?? ''}`, stopDateMs);
    const durationMs = stopDateMs - startDateMs;
    for (const dimension of dimensions) {
      this.#record('ExecutionTime', dimension, durationMs, 'Milliseconds', stopDateMs);
      if (change.type === 'EXPRESS') {
        const billedMs = Math.max(100, Math.ceil(durationMs / 100) * 100);
        this.#record('ExpressExecutionBilledDuration', dimension, billedMs, 'Milliseconds', stopDateMs);
      }
    }
  }

  /** New events of an execution, in order. */
  take(executionArn: string, events: readonly HistoryEvent[]): void {
    for (const event of events) {
      const found = KINDS.find(([prefix]) => event.type.startsWith(prefix));
      if (found === undefined) continue;
      const [prefix, kind] = found;
      const step = STEPS[event.type.slice(prefix.length)];
      if (step !== undefined) this.#step(executionArn, kind, step, event);
    }
  }

  #step(executionArn: string, kind: Kind, step: string, event: HistoryEvent): void {
    let attempts = this.#attempts.get(executionArn);
    if (step === 'Scheduled') {
      if (attempts === undefined) this.#attempts.set(executionArn, (attempts = new Map()));
      const attempt = { kind, arn: arnOf(event), scheduledMs: event.timestampMs, startedMs: undefined };
      attempts.set(event.id, attempt);
      this.#count(attempt, step, event.timestampMs);
      return;
    }
    const attempt = attempts?.get(event.previousEventId);
    // It was scheduled before this process began.
    if (attempts === undefined || attempt === undefined) return;
    attempts.delete(event.previousEventId);
    const { timestampMs } = event;
    if (step === 'Started') {
      attempts.set(event.id, { ...attempt, startedMs: timestampMs });
      this.#count(attempt, step, timestampMs);
      this.#time(attempt, 'ScheduleTime', timestampMs - attempt.scheduledMs, timestampMs);
    } else if (step === 'Submitted') {
      attempts.set(event.id, attempt);
    } else {
      const isHeartbeat = step === 'TimedOut' && event.details?.['error'] === 'States.HeartbeatTimeout';
      this.#count(attempt, isHeartbeat ? 'HeartbeatTimedOut' : step, timestampMs);
      if (attempt.startedMs !== undefined) {
        this.#time(attempt, 'RunTime', timestampMs - attempt.startedMs, timestampMs);
      }
      this.#time(attempt, 'Time', timestampMs - attempt.scheduledMs, timestampMs);
    }
  }

  #count({ kind, arn }: Attempt, step: string, atMs: number): void {
    this.#record(`${kind.counted}${step}`, { [kind.dimension]: arn }, 1, 'Count', atMs);
  }

  #time({ kind, arn }: Attempt, what: string, durationMs: number, atMs: number): void {
    this.#record(`${kind.timed}${what}`, { [kind.dimension]: arn }, durationMs, 'Milliseconds', atMs);
  }

  #record(name: string, dimensions: Dimensions, value: number, unit: string, timestampMs: number): void {
    const aggregate = single(value);
    this.#cloudwatch.record({ namespace: NAMESPACE, name, dimensions, timestampMs, unit, aggregate });
  }
}

/** Of the machine; and again of the version or the alias that the execution was started by. */
function dimensionsOf(change: ExecutionChange): readonly Dimensions[] {
  const { stateMachineArn: StateMachineArn, stateMachineVersionArn: version } = change;
  const last = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
  const alias = change.stateMachineAliasArn;
  return [
    { StateMachineArn },
    ...(version === undefined ? [] : [{ StateMachineArn, Version: last(version) }]),
    ...(alias === undefined ? [] : [{ StateMachineArn, Alias: last(alias) }]),
  ];
}

/** The function's or the activity's ARN; of an integration the Resource of the state. */
function arnOf({ details, type }: HistoryEvent): string {
  const resource = asText(details?.['resource']);
  return type === 'TaskScheduled'
    ? `arn:aws:states:::${asText(details?.['resourceType'])}:${resource}`
    : resource;
}
