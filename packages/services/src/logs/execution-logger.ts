import type { HistoryEvent, StateMachineDescription } from '@stepyard/engine';
import { stableId } from '../assembly/names.ts';
import { ACCOUNT_ID } from '../service.ts';
import { groupArn } from './input.ts';
import { executionLogMessage, isLogged, readExecutionLogging } from './execution-log.ts';
import type { LogsService } from './logs.ts';

/** Step Functions writes into it once, when logging is switched on, to see whether it may. */
const VALIDATION_STREAM = 'log_stream_created_by_aws_to_validate_log_delivery_subscriptions';
const VALIDATION_MESSAGE =
  'Permissions are set correctly to allow AWS CloudWatch Logs to write into your logs while creating a subscription.';

const TERMINAL_EVENTS: ReadonlySet<string> = new Set([
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ExecutionAborted',
  'ExecutionTimedOut',
]);

/** Writes what executions do to the log groups that their machines name. */
export class ExecutionLogger {
  readonly #logs: Pick<LogsService, 'append' | 'hasGroup'>;
  /** Stream of each machine and group: one as long as the yard runs. */
  readonly #streams = new Map<string, string>();
  /** Executions under way that were redriven, and how often. */
  readonly #redrives = new Map<string, number>();

  constructor(logs: Pick<LogsService, 'append' | 'hasGroup'>) {
    this.#logs = logs;
  }

  /** Whether executions of the machine are logged at all. */
  isWanted(machine: StateMachineDescription): boolean {
    const { level, group } = readExecutionLogging(machine.configuration['loggingConfiguration']);
    return level !== 'OFF' && group !== undefined;
  }

  /** New events of an execution, in order. */
  take(machine: StateMachineDescription, executionArn: string, events: readonly HistoryEvent[]): void {
    const { level, includeExecutionData, group } = readExecutionLogging(
      machine.configuration['loggingConfiguration'],
    );
    for (const event of events) this.#noteRedrive(executionArn, event);
    const logged = events.filter(({ type }) => isLogged(level, type));
    // A group that was deleted meanwhile is not made again: the events are lost, as on AWS.
    if (group === undefined || logged.length === 0 || !this.#logs.hasGroup(groupArn(ACCOUNT_ID, group)))
      return;
    this.#logs.append(
      group,
      this.#stream(machine.name, group, logged[0]?.timestampMs ?? 0),
      logged.map((event) => ({
        timestampMs: event.timestampMs,
        message: executionLogMessage(
          event,
          executionArn,
          this.#redrives.get(executionArn) ?? 0,
          includeExecutionData,
        ),
      })),
    );
    if (events.some(({ type }) => TERMINAL_EVENTS.has(type))) this.#redrives.delete(executionArn);
  }

  /** Says in the log group that it can be written to, as AWS does when logging is switched on. */
  validate(machine: StateMachineDescription): void {
    const { group, level } = readExecutionLogging(machine.configuration['loggingConfiguration']);
    if (group === undefined || level === 'OFF') return;
    this.#logs.append(group, VALIDATION_STREAM, [{ timestampMs: Date.now(), message: VALIDATION_MESSAGE }]);
  }

  #noteRedrive(executionArn: string, { type, details }: HistoryEvent): void {
    const count = details?.['redriveCount'];
    if (type === 'ExecutionRedriven' && typeof count === 'number') this.#redrives.set(executionArn, count);
  }

  /** `states/<machine>/<minute>/<8 digits>`. */
  #stream(machine: string, group: string, timestampMs: number): string {
    const key = `${group} ${machine}`;
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const minute = new Date(timestampMs).toISOString().slice(0, 16).replaceAll(/[T:]/gu, '-');
    const stream = `states/${machine}/${minute}/${stableId(group, `${machine}/${minute}`, 8)}`;
    this.#streams.set(key, stream);
    return stream;
  }
}
