import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What stands behind one `${Name}` of a definition: the text for CloudFormation, and the resource for IAM. */
export interface Binding {
  /** The value that takes the place of `${Name}`; it may be a CDK token. */
  readonly value: string;
  /** The ARN that a statement names when a task's parameter holds this substitution; undefined: not a resource. */
  readonly arn?: string;
  /** The customer managed key that the resource is encrypted with. */
  readonly key?: IKey;
  /** The roles that `iam:PassRole` must cover when this is run: a task definition's execution role and task role. */
  readonly passRoleArns?: readonly string[];
  /** What the value looks like, for a check before deployment: an example without tokens. */
  readonly example: string;
}

/** The bindings of a definition, by substitution name. */
export type Bindings = Readonly<Record<string, Binding>>;

const EXAMPLE_REGION = 'us-east-1';
const EXAMPLE_ACCOUNT = '0'.repeat(12);

function exampleArn(service: string, resource: string): string {
  return `arn:aws:${service}:${EXAMPLE_REGION}:${EXAMPLE_ACCOUNT}:${resource}`;
}

/** Makes {@link Binding}s from constructs. */
export const bind = {
  /** Text that names no resource: the partition, a subnet list, a switch. */
  text(value: string, example = value): Binding {
    return { value, example };
  },
  table(table: ITable, key: IKey): Binding {
    return { value: table.tableName, arn: table.tableArn, key, example: 'Table' };
  },
  /** By URL, as sqs:sendMessage wants it. */
  queue(queue: IQueue, key: IKey): Binding {
    const example = `https://sqs.${EXAMPLE_REGION}.amazonaws.com/${EXAMPLE_ACCOUNT}/Queue.fifo`;
    return { value: queue.queueUrl, arn: queue.queueArn, key, example };
  },
  topic(topic: ITopic, key: IKey): Binding {
    return { value: topic.topicArn, arn: topic.topicArn, key, example: exampleArn('sns', 'Topic') };
  },
  function(fn: IFunction): Binding {
    return {
      value: fn.functionArn,
      arn: fn.functionArn,
      example: exampleArn('lambda', 'function:Function'),
    };
  },
  activity(activityArn: string, key: IKey): Binding {
    return {
      value: activityArn,
      arn: activityArn,
      key,
      example: exampleArn('states', 'activity:Activity'),
    };
  },
  stateMachine(arn: string, key: IKey): Binding {
    return { value: arn, arn, key, example: exampleArn('states', 'stateMachine:Machine') };
  },
  jobQueue(arn: string): Binding {
    return { value: arn, arn, example: exampleArn('batch', 'job-queue/Queue') };
  },
  jobDefinition(arn: string): Binding {
    return { value: arn, arn, example: exampleArn('batch', 'job-definition/Job:1') };
  },
  cluster(arn: string): Binding {
    return { value: arn, arn, example: exampleArn('ecs', 'cluster/Cluster') };
  },
  taskDefinition(arn: string, passRoleArns: readonly string[]): Binding {
    return { value: arn, arn, passRoleArns, example: exampleArn('ecs', 'task-definition/Task:1') };
  },
};
