import type { Provisioner } from '../provisioner.ts';
import { batchComputeEnvironment, batchJobDefinition, batchJobQueue } from './batch.ts';
import { dynamoDbGlobalTable, dynamoDbTable } from './dynamodb-table.ts';
import { ecsCluster, ecsTaskDefinition } from './ecs.ts';
import { eventConnection } from './event-connection.ts';
import { eventRule } from './event-rule.ts';
import { eventSourceMapping } from './event-source-mapping.ts';
import { lambdaFunction } from './lambda-function.ts';
import { logGroup } from './log-group.ts';
import { s3Bucket } from './s3-bucket.ts';
import { secret } from './secret.ts';
import { snsSubscription, snsTopic } from './sns-topic.ts';
import { sqsQueue } from './sqs-queue.ts';
import { ssmParameter } from './ssm-parameter.ts';
import { activity, stateMachine } from './state-machine.ts';

/** The resource types that the yard hosts. */
export const PROVISIONERS: ReadonlyMap<string, Provisioner> = new Map(
  [
    dynamoDbTable,
    dynamoDbGlobalTable,
    sqsQueue,
    snsTopic,
    snsSubscription,
    s3Bucket,
    lambdaFunction,
    eventSourceMapping,
    logGroup,
    stateMachine,
    activity,
    eventRule,
    eventConnection,
    ecsCluster,
    ecsTaskDefinition,
    batchComputeEnvironment,
    batchJobQueue,
    batchJobDefinition,
    ssmParameter,
    secret,
  ].map((provisioner) => [provisioner.type, provisioner]),
);
