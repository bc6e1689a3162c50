import type { Integration } from '../integration.ts';
import { CALL, CALL_AND_TOKEN, onAny, onParameter, row } from './row.ts';

/** Sources: connect-sns, connect-sqs, connect-eventbridge, connect-api-gateway, connect-third-party-apis (call HTTPS APIs). */
export const MESSAGING_ROWS: readonly Integration[] = [
  row(
    {
      service: 'sns',
      client: 'sns',
      errorPrefix: 'SNS',
      genericError: 'AmazonSNSException',
      serviceLabel: 'AmazonSNS',
    },
    'publish',
    {
      patterns: CALL_AND_TOKEN,
      parameters: `Message! MessageAttributes MessageDeduplicationId MessageGroupId MessageStructure PhoneNumber Subject
        TargetArn TopicArn`,
      iam: [onParameter('TopicArn', 'sns:Publish')],
    },
  ),
  row(
    {
      service: 'sqs',
      client: 'sqs',
      errorPrefix: 'SQS',
      genericError: 'AmazonSQSException',
      serviceLabel: 'AmazonSQS',
    },
    'sendMessage',
    {
      patterns: CALL_AND_TOKEN,
      parameters:
        'QueueUrl! MessageBody! DelaySeconds MessageAttributes MessageDeduplicationId MessageGroupId',
      iam: [onParameter('QueueUrl', 'sqs:SendMessage')],
    },
  ),
  row(
    {
      service: 'events',
      client: 'eventbridge',
      errorPrefix: 'EventBridge',
      genericError: 'AmazonEventBridgeException',
      serviceLabel: 'AmazonEventBridge',
    },
    'putEvents',
    {
      patterns: CALL_AND_TOKEN,
      parameters: 'Entries! EndpointId',
      iam: [onParameter('Entries.EventBusName', 'events:PutEvents')],
    },
  ),
  row(
    {
      service: 'apigateway',
      client: 'apigateway',
      errorPrefix: 'ApiGateway',
      genericError: 'ApiGatewayException',
      serviceLabel: 'ApiGateway',
    },
    'invoke',
    {
      patterns: CALL_AND_TOKEN,
      parameters:
        'ApiEndpoint! Method! AllowNullValues AuthType Headers Path QueryParameters RequestBody Stage',
      iam: [onParameter('ApiEndpoint', 'execute-api:Invoke')],
    },
  ),
  row(
    {
      service: 'http',
      client: 'http',
      errorPrefix: 'States.Http',
      genericError: 'Socket',
      serviceLabel: 'Http',
    },
    'invoke',
    {
      patterns: CALL,
      operation: 'InvokeHTTPEndpoint',
      parameters:
        'ApiEndpoint! Method! Authentication Headers InvocationConfig QueryParameters RequestBody Transform',
      lostWorker: 'States.Http.Socket',
      iam: [
        onAny('states:InvokeHTTPEndpoint'),
        onParameter('Authentication.ConnectionArn', 'events:RetrieveConnectionCredentials'),
        onAny('secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'),
      ],
    },
  ),
];
