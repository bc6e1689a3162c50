/**
 * An app as a stranger writes it, with what CDK makes of it by itself: fluent states, inline functions, an account and a region, custom
 * resources, and services that the yard does not host. It is the shape of CDK's own example, a job poller.
 */
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { StepFunctionsRestApi } from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AttributeType, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription, SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import {
  Choice,
  Condition,
  DefinitionBody,
  JsonPath,
  LogLevel,
  Pass,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import {
  CallAwsService,
  DynamoAttributeValue,
  DynamoPutItem,
  GlueStartJobRun,
  LambdaInvoke,
  SnsPublish,
  SqsSendMessage,
} from 'aws-cdk-lib/aws-stepfunctions-tasks';

const app = new App();
const stack = new Stack(app, 'JobPoller', { env: { account: '123456789012', region: 'eu-west-1' } });
const inline = (id: string, answer: string): LambdaFunction =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline(`exports.handler = async () => (${answer});`),
  });

const table = new Table(stack, 'Jobs', {
  partitionKey: { name: 'id', type: AttributeType.STRING },
  stream: StreamViewType.NEW_IMAGE,
});
const queue = new Queue(stack, 'Queue');
const topic = new Topic(stack, 'Topic');
topic.addSubscription(new EmailSubscription('somebody@example.com'));
topic.addSubscription(new SqsSubscription(queue));
const bucket = new Bucket(stack, 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
bucket.addEventNotification(EventType.OBJECT_CREATED, new SqsDestination(queue));
const parameter = new StringParameter(stack, 'Parameter', { stringValue: 'from the store' });
new Secret(stack, 'Secret');
new UserPool(stack, 'Users');

const discard = { resultPath: JsonPath.DISCARD };
const keep = new DynamoPutItem(stack, 'Keep', {
  table,
  item: { id: DynamoAttributeValue.fromString(JsonPath.stringAt('$.guid')) },
  ...discard,
});
const read = new CallAwsService(stack, 'Read', {
  service: 'ssm',
  action: 'getParameter',
  parameters: { Name: parameter.parameterName },
  iamResources: ['*'],
  resultSelector: { 'value.$': '$.Parameter.Value' },
  resultPath: '$.setting',
});
const finish = keep
  .next(
    new SqsSendMessage(stack, 'Send', { queue, messageBody: TaskInput.fromJsonPathAt('$.guid'), ...discard }),
  )
  .next(new SnsPublish(stack, 'Tell', { topic, message: TaskInput.fromText('done'), ...discard }))
  .next(read)
  .next(new Succeed(stack, 'Done'));
const status = inline('Status', '"SUCCEEDED"');
const poll = new LambdaInvoke(stack, 'Submit', {
  lambdaFunction: inline('Submitter', '{ guid: "1", wait: 0 }'),
  outputPath: '$.Payload',
})
  .next(new Wait(stack, 'Wait', { time: WaitTime.secondsPath('$.wait') }))
  .next(
    new LambdaInvoke(stack, 'Poll', {
      lambdaFunction: status,
      payloadResponseOnly: true,
      resultPath: '$.status',
    }),
  )
  .next(
    new Choice(stack, 'Finished?')
      .when(
        Condition.stringEquals('$.status', 'FAILED'),
        new GlueStartJobRun(stack, 'Repair', { glueJobName: 'j' }),
      )
      .otherwise(finish),
  );
const machine = new StateMachine(stack, 'Machine', {
  definitionBody: DefinitionBody.fromChainable(poll),
  timeout: Duration.minutes(5),
  logs: { destination: new LogGroup(stack, 'Log'), level: LogLevel.ALL },
});
new Rule(stack, 'Hourly', {
  schedule: Schedule.rate(Duration.hours(1)),
  targets: [new SfnStateMachine(machine)],
});
new StepFunctionsRestApi(stack, 'Api', {
  stateMachine: new StateMachine(stack, 'Express', {
    stateMachineType: StateMachineType.EXPRESS,
    definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Answer')),
  }),
});
