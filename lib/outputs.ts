/**
 * The keys of the stacks' outputs. Whoever drives a deployed stack (the showcase, the smoke test, the integration test)
 * finds its resources by these names and by nothing else.
 */
export const OUTPUT = {
  /** The machine that the use case is about; in `transfer-records-express` the Express one, in `state-tour` the JSONPath one. */
  stateMachineArn: 'StateMachineArn',
  /** transfer-records-express: the Standard parent that starts the Express machine in a loop. */
  parentStateMachineArn: 'ParentStateMachineArn',
  /** state-tour: the twin written in JSONata. */
  jsonataStateMachineArn: 'JsonataStateMachineArn',
  topicArn: 'TopicArn',
  /** The SQS queue subscribed to the topic: every notification arrives here as SNS's envelope. */
  notificationQueueUrl: 'NotificationQueueUrl',
  /** The FIFO queue that records are transferred to. */
  queueUrl: 'QueueUrl',
  tableName: 'TableName',
  quarantineTableName: 'QuarantineTableName',
  /** The bucket that takes files of records for the loader. */
  bucketName: 'BucketName',
  loaderFunctionName: 'LoaderFunctionName',
  greeterFunctionName: 'GreeterFunctionName',
  activityArn: 'ActivityArn',
  /** transfer-records-express: the URL of the HTTP API, IAM authorisation, `POST /transfers`. */
  apiUrl: 'ApiUrl',
  jobQueueArn: 'JobQueueArn',
  clusterArn: 'ClusterArn',
  dashboardUrl: 'DashboardUrl',
  consoleUrl: 'ConsoleUrl',
} as const;

export type OutputKey = (typeof OUTPUT)[keyof typeof OUTPUT];

export const USE_CASES = [
  'batch-job-notification',
  'fargate-task-notification',
  'transfer-records',
  'transfer-records-express',
  'state-tour',
] as const;

export type UseCase = (typeof USE_CASES)[number];

/** The name of a use case's stack: `stepyard-dev-transfer-records`. State machines are named alike, after their definition. */
export function stackName(stage: string, useCase: string): string {
  return `stepyard-${stage}-${useCase}`;
}
