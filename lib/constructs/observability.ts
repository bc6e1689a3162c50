import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { AslStateMachine } from './asl-state-machine.ts';
import type { EncryptedQueue } from './encrypted-queue.ts';
import type { EncryptedTopic } from './encrypted-topic.ts';
import type { PowertoolsFunction } from './powertools-function.ts';

export interface ObservabilityProps {
  /** The dashboard's name: the stack's. */
  readonly name: string;
  readonly notifications: EncryptedTopic;
  readonly machines: readonly AslStateMachine[];
  readonly functions?: readonly PowertoolsFunction[];
  /** Queues that somebody is meant to empty: their backlog is watched. Every dead-letter queue is watched anyway. */
  readonly consumedQueues?: readonly EncryptedQueue[];
  /** Queues whose messages wait until somebody looks. */
  readonly otherQueues?: readonly EncryptedQueue[];
}

const PERIOD = Duration.minutes(5);
const BACKLOG_SECONDS_MAX = 900;

/** What a machine can suffer, and what to do about it. Express machines cannot be stopped, so they are never aborted. */
const MACHINE_ALARMS = [
  ['ExecutionsFailed', 'an execution failed: look at its history, mend, redrive or start again'],
  ['ExecutionsTimedOut', 'an execution took longer than its machine allows'],
  ['ExecutionsAborted', 'somebody stopped an execution'],
  ['ExecutionThrottled', 'Step Functions throttled state transitions: spread the load or raise the quota'],
] as const;

/**
 * The alarms of a use case, each telling the topic, and one dashboard. No data means that nothing ran, which is
 * not an alarm.
 */
export class Observability extends Construct {
  readonly dashboard: Dashboard;
  readonly #notifications: EncryptedTopic;

  constructor(scope: Construct, id: string, props: ObservabilityProps) {
    super(scope, id);
    this.#notifications = props.notifications;
    this.dashboard = new Dashboard(this, 'Dashboard', { dashboardName: props.name });
    for (const machine of props.machines) this.watchMachine(machine);
    for (const fn of props.functions ?? []) this.watchFunction(fn);
    for (const queue of props.consumedQueues ?? []) this.watchBacklog(queue);
    const queues = [...(props.consumedQueues ?? []), ...(props.otherQueues ?? [])];
    for (const queue of [props.notifications.notifications, ...queues]) this.watchDeadLetters(queue);
  }

  private watchMachine(machine: AslStateMachine): void {
    const metric = (metricName: string, statistic = 'Sum'): Metric =>
      new Metric({
        namespace: 'AWS/States',
        metricName,
        dimensionsMap: { StateMachineArn: machine.arn },
        statistic,
        period: PERIOD,
      });
    for (const [metricName, meaning] of MACHINE_ALARMS) {
      if (machine.type === 'EXPRESS' && metricName === 'ExecutionsAborted') continue;
      this.alarm(`${machine.node.id}${metricName}`, metric(metricName), `${machine.machineName}: ${meaning}`);
    }
    this.dashboard.addWidgets(
      new GraphWidget({
        title: `${machine.machineName}: executions`,
        left: ['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionsFailed', 'ExecutionsTimedOut'].map(
          (name) => metric(name),
        ),
        width: 12,
      }),
      new GraphWidget({
        title: `${machine.machineName}: duration`,
        left: ['p50', 'p90', 'p99'].map((statistic) => metric('ExecutionTime', statistic)),
        width: 12,
      }),
    );
  }

  private watchFunction({ function: fn, node }: PowertoolsFunction): void {
    const errors = fn.metricErrors({ period: PERIOD });
    this.alarm(`${node.id}Errors`, errors, `${node.id}: the function failed: look at its log`);
    this.dashboard.addWidgets(
      new GraphWidget({
        title: `${node.id}: invocations`,
        left: [fn.metricInvocations({ period: PERIOD }), errors, fn.metricThrottles({ period: PERIOD })],
        width: 12,
      }),
      new GraphWidget({
        title: `${node.id}: duration`,
        left: ['p50', 'p99'].map((statistic) => fn.metricDuration({ period: PERIOD, statistic })),
        width: 12,
      }),
    );
  }

  private watchBacklog({ queue, node }: EncryptedQueue): void {
    const age = queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: 'Maximum' });
    this.alarm(
      `${node.id}Backlog`,
      age,
      `${node.id}: a message waits longer than ${BACKLOG_SECONDS_MAX} s: is the consumer running?`,
      BACKLOG_SECONDS_MAX,
    );
    this.dashboard.addWidgets(
      new GraphWidget({ title: `${node.id}: age of the oldest message`, left: [age] }),
    );
  }

  private watchDeadLetters({ deadLetterQueue, node }: EncryptedQueue): void {
    const visible = deadLetterQueue.metricApproximateNumberOfMessagesVisible({
      period: PERIOD,
      statistic: 'Maximum',
    });
    this.alarm(
      `${node.id}DeadLetters`,
      visible,
      `${node.id}: messages could not be delivered or processed; look at the dead-letter queue`,
    );
    this.dashboard.addWidgets(new GraphWidget({ title: `${node.id}: dead letters`, left: [visible] }));
  }

  private alarm(id: string, metric: IMetric, alarmDescription: string, above = 0): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#notifications.topic));
  }
}
