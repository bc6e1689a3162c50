import { pascalCase } from './rows/row.ts';

/** What an `aws-sdk:<service>:<action>` resource stands for. */
export interface SdkService {
  /** The SDK's service id, lower case without spaces, as ServiceCaller takes it: `dynamodb`, `sfn`, `eventbridge`. */
  readonly client: string;
  /** `DynamoDb` in `DynamoDb.ResourceNotFoundException` and in `(Service: DynamoDb, Status Code: 400, ...)`. */
  readonly errorPrefix: string;
  /** The prefix of its IAM actions: `states` for `sfn`. */
  readonly iamPrefix: string;
}

/**
 * Spellings that the rule "first letter upper case" misses. The error prefix is the class prefix of the AWS SDK for Java 2,
 * which Step Functions uses (recorded: `DynamoDb`, `Sfn`, `S3`).
 */
const ERROR_PREFIXES: Readonly<Record<string, string>> = {
  accessanalyzer: 'AccessAnalyzer',
  apigateway: 'ApiGateway',
  apigatewayv2: 'ApiGatewayV2',
  appconfig: 'AppConfig',
  applicationautoscaling: 'ApplicationAutoScaling',
  appsync: 'AppSync',
  autoscaling: 'AutoScaling',
  bedrockagent: 'BedrockAgent',
  bedrockagentruntime: 'BedrockAgentRuntime',
  bedrockruntime: 'BedrockRuntime',
  cloudformation: 'CloudFormation',
  cloudfront: 'CloudFront',
  cloudtrail: 'CloudTrail',
  cloudwatch: 'CloudWatch',
  cloudwatchlogs: 'CloudWatchLogs',
  codebuild: 'CodeBuild',
  codedeploy: 'CodeDeploy',
  codepipeline: 'CodePipeline',
  cognitoidentity: 'CognitoIdentity',
  cognitoidentityprovider: 'CognitoIdentityProvider',
  costexplorer: 'CostExplorer',
  databasemigration: 'DatabaseMigration',
  databrew: 'DataBrew',
  datasync: 'DataSync',
  dynamodb: 'DynamoDb',
  elasticache: 'ElastiCache',
  elasticloadbalancing: 'ElasticLoadBalancing',
  elasticloadbalancingv2: 'ElasticLoadBalancingV2',
  emrcontainers: 'EmrContainers',
  emrserverless: 'EmrServerless',
  eventbridge: 'EventBridge',
  guardduty: 'GuardDuty',
  iotanalytics: 'IoTAnalytics',
  iotdataplane: 'IotDataPlane',
  lexruntimev2: 'LexRuntimeV2',
  lookoutvision: 'LookoutVision',
  mediaconvert: 'MediaConvert',
  opensearch: 'OpenSearch',
  rdsdata: 'RdsData',
  redshiftdata: 'RedshiftData',
  resourcegroupstaggingapi: 'ResourceGroupsTaggingApi',
  s3control: 'S3Control',
  sagemaker: 'SageMaker',
  sagemakerruntime: 'SageMakerRuntime',
  secretsmanager: 'SecretsManager',
  securityhub: 'SecurityHub',
  servicecatalog: 'ServiceCatalog',
  servicediscovery: 'ServiceDiscovery',
  sesv2: 'SesV2',
  ssoadmin: 'SsoAdmin',
  timestreamwrite: 'TimestreamWrite',
  timestreamquery: 'TimestreamQuery',
  xray: 'XRay',
};

/** Where the IAM prefix is not the service's name. */
const IAM_PREFIXES: Readonly<Record<string, string>> = {
  accessanalyzer: 'access-analyzer',
  applicationautoscaling: 'application-autoscaling',
  apigatewayv2: 'apigateway',
  bedrockagent: 'bedrock',
  bedrockagentruntime: 'bedrock',
  bedrockruntime: 'bedrock',
  cloudwatchlogs: 'logs',
  cognitoidentity: 'cognito-identity',
  cognitoidentityprovider: 'cognito-idp',
  costexplorer: 'ce',
  databasemigration: 'dms',
  efs: 'elasticfilesystem',
  elasticloadbalancingv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  emrcontainers: 'emr-containers',
  emrserverless: 'emr-serverless',
  eventbridge: 'events',
  iotdataplane: 'iot',
  lexruntimev2: 'lex',
  opensearch: 'es',
  rdsdata: 'rds-data',
  redshiftdata: 'redshift-data',
  resourcegroupstaggingapi: 'tag',
  s3control: 's3',
  sagemakerruntime: 'sagemaker',
  sesv2: 'ses',
  sfn: 'states',
  ssoadmin: 'sso',
  timestreamquery: 'timestream',
  timestreamwrite: 'timestream',
};

/**
 * Looks up the service of an `aws-sdk` resource by its name in the ARN. Any name of letters and digits is a service here:
 * whether it exists is known only where its SDK client is installed. undefined: it cannot be one.
 */
export function sdkService(serviceInArn: string): SdkService | undefined {
  if (!/^[a-z][a-z0-9]*$/u.test(serviceInArn)) return undefined;
  const own = (map: Readonly<Record<string, string>>): string | undefined =>
    Object.hasOwn(map, serviceInArn) ? map[serviceInArn] : undefined;
  return {
    client: serviceInArn,
    errorPrefix: own(ERROR_PREFIXES) ?? pascalCase(serviceInArn),
    iamPrefix: own(IAM_PREFIXES) ?? serviceInArn,
  };
}
