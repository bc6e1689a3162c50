import type { Integration } from '../integration.ts';
import { CALL, CALL_AND_JOB, forSync, managedRule, onAny, onParameter, passRole, row } from './row.ts';
import type { ServiceFacts } from './row.ts';

const DYNAMODB: ServiceFacts = {
  service: 'dynamodb',
  client: 'dynamodb',
  errorPrefix: 'DynamoDB',
  genericError: 'AmazonDynamoDBException',
  serviceLabel: 'AmazonDynamoDBv2',
};

const GLUE: ServiceFacts = {
  service: 'glue',
  client: 'glue',
  errorPrefix: 'Glue',
  genericError: 'AWSGlueException',
  serviceLabel: 'AWSGlue',
};

const ATHENA: ServiceFacts = {
  service: 'athena',
  client: 'athena',
  errorPrefix: 'Athena',
  genericError: 'AmazonAthenaException',
  serviceLabel: 'AmazonAthena',
};

const DATABREW: ServiceFacts = {
  service: 'databrew',
  client: 'databrew',
  errorPrefix: 'DataBrew',
  genericError: 'AWSGlueDataBrewException',
  serviceLabel: 'AWSGlueDataBrew',
};

const EMR: ServiceFacts = {
  service: 'elasticmapreduce',
  client: 'emr',
  errorPrefix: 'ElasticMapReduce',
  genericError: 'AmazonElasticMapReduceException',
  serviceLabel: 'AmazonElasticMapReduce',
};

const EMR_CONTAINERS: ServiceFacts = {
  service: 'emr-containers',
  client: 'emrcontainers',
  errorPrefix: 'EMRContainers',
  genericError: 'AmazonEMRContainersException',
  serviceLabel: 'AmazonEMRContainers',
};

const EMR_SERVERLESS: ServiceFacts = {
  service: 'emr-serverless',
  client: 'emrserverless',
  errorPrefix: 'EMRServerless',
  genericError: 'AWSEMRServerlessException',
  serviceLabel: 'AWSEMRServerless',
};

const WRITE = `ConditionExpression ConditionalOperator Expected ExpressionAttributeNames ExpressionAttributeValues
  ReturnConsumedCapacity ReturnItemCollectionMetrics ReturnValues`;

/** Source: connect-ddb (these four only; Scan, Query and the batches are `aws-sdk:dynamodb`). */
const DYNAMODB_ROWS: readonly Integration[] = [
  row(DYNAMODB, 'getItem', {
    patterns: CALL,
    parameters: `TableName! Key! AttributesToGet ConsistentRead ExpressionAttributeNames ProjectionExpression
      ReturnConsumedCapacity`,
    iam: [onParameter('TableName', 'dynamodb:GetItem')],
  }),
  row(DYNAMODB, 'putItem', {
    patterns: CALL,
    parameters: `TableName! Item! ${WRITE}`,
    iam: [onParameter('TableName', 'dynamodb:PutItem')],
  }),
  row(DYNAMODB, 'updateItem', {
    patterns: CALL,
    parameters: `TableName! Key! AttributeUpdates UpdateExpression ${WRITE}`,
    iam: [onParameter('TableName', 'dynamodb:UpdateItem')],
  }),
  row(DYNAMODB, 'deleteItem', {
    patterns: CALL,
    parameters: `TableName! Key! ${WRITE}`,
    iam: [onParameter('TableName', 'dynamodb:DeleteItem')],
  }),
];

/** Sources: connect-glue, connect-athena, connect-databrew. */
const ANALYTICS_ROWS: readonly Integration[] = [
  row(GLUE, 'startJobRun', {
    patterns: CALL_AND_JOB,
    parameters: `JobName! AllocatedCapacity Arguments ExecutionClass ExecutionRoleSessionPolicy JobRunId
      JobRunQueuingEnabled MaxCapacity NotificationProperty NumberOfWorkers SecurityConfiguration Timeout WorkerType`,
    iam: [
      onAny('glue:StartJobRun'),
      forSync(onAny('glue:GetJobRun', 'glue:GetJobRuns', 'glue:BatchStopJobRun')),
    ],
  }),
  row(ATHENA, 'startQueryExecution', {
    patterns: CALL_AND_JOB,
    parameters: `QueryString! ClientRequestToken EngineConfiguration ExecutionParameters QueryExecutionContext
      ResultConfiguration ResultReuseConfiguration WorkGroup`,
    iam: [
      onAny('athena:StartQueryExecution', 'athena:GetDataCatalog'),
      forSync(onAny('athena:StopQueryExecution', 'athena:GetQueryExecution')),
    ],
  }),
  row(ATHENA, 'stopQueryExecution', {
    patterns: CALL,
    parameters: 'QueryExecutionId!',
    iam: [onAny('athena:StopQueryExecution')],
  }),
  row(ATHENA, 'getQueryExecution', {
    patterns: CALL,
    parameters: 'QueryExecutionId!',
    iam: [onAny('athena:GetQueryExecution')],
  }),
  row(ATHENA, 'getQueryResults', {
    patterns: CALL,
    parameters: 'QueryExecutionId! MaxResults NextToken QueryResultType',
    iam: [onAny('athena:GetQueryResults')],
  }),
  row(DATABREW, 'startJobRun', {
    patterns: CALL_AND_JOB,
    parameters: 'Name!',
    iam: [onAny('databrew:StartJobRun'), forSync(onAny('databrew:ListJobRuns', 'databrew:StopJobRun'))],
  }),
];

/** Sources: connect-emr, connect-emr-eks, connect-emr-serverless. */
const EMR_ROWS: readonly Integration[] = [
  row(EMR, 'createCluster', {
    patterns: CALL_AND_JOB,
    operation: 'RunJobFlow',
    parameters: `Name! Instances! AdditionalInfo AmiVersion Applications AutoScalingRole AutoTerminationPolicy
      BootstrapActions Configurations CustomAmiId EbsRootVolumeIops EbsRootVolumeSize EbsRootVolumeThroughput
      JobFlowRole KerberosAttributes LogEncryptionKmsKeyId LogUri ManagedScalingPolicy OSReleaseLabel
      PlacementGroupConfigs ReleaseLabel RepoUpgradeOnBoot ScaleDownBehavior SecurityConfiguration ServiceRole
      StepConcurrencyLevel Tags VisibleToAllUsers`,
    iam: [
      onAny(
        'elasticmapreduce:RunJobFlow',
        'elasticmapreduce:DescribeCluster',
        'elasticmapreduce:TerminateJobFlows',
      ),
      passRole('elasticmapreduce.amazonaws.com'),
      managedRule('StepFunctionsGetEventForEMRRunJobFlowRule'),
    ],
  }),
  row(EMR, 'setClusterTerminationProtection', {
    patterns: CALL,
    operation: 'SetTerminationProtection',
    parameters: 'ClusterId! TerminationProtected!',
    iam: [onAny('elasticmapreduce:SetTerminationProtection')],
  }),
  row(EMR, 'terminateCluster', {
    patterns: CALL_AND_JOB,
    operation: 'TerminateJobFlows',
    parameters: 'ClusterId!',
    iam: [
      onAny('elasticmapreduce:TerminateJobFlows', 'elasticmapreduce:DescribeCluster'),
      managedRule('StepFunctionsGetEventForEMRTerminateJobFlowsRule'),
    ],
  }),
  row(EMR, 'addStep', {
    patterns: CALL_AND_JOB,
    operation: 'AddJobFlowSteps',
    parameters: 'ClusterId! Step! ExecutionRoleArn',
    iam: [
      onAny(
        'elasticmapreduce:AddJobFlowSteps',
        'elasticmapreduce:DescribeStep',
        'elasticmapreduce:CancelSteps',
      ),
      managedRule('StepFunctionsGetEventForEMRAddJobFlowStepsRule'),
    ],
  }),
  row(EMR, 'cancelStep', {
    patterns: CALL,
    operation: 'CancelSteps',
    parameters: 'ClusterId! StepId! StepCancellationOption',
    iam: [onAny('elasticmapreduce:CancelSteps')],
  }),
  row(EMR, 'modifyInstanceFleetByName', {
    patterns: CALL,
    operation: 'ModifyInstanceFleet',
    parameters: 'ClusterId! InstanceFleetName! InstanceFleet!',
    iam: [onAny('elasticmapreduce:ModifyInstanceFleet', 'elasticmapreduce:ListInstanceFleets')],
  }),
  row(EMR, 'modifyInstanceGroupByName', {
    patterns: CALL,
    operation: 'ModifyInstanceGroups',
    parameters: 'ClusterId! InstanceGroupName! InstanceGroup!',
    iam: [onAny('elasticmapreduce:ModifyInstanceGroups', 'elasticmapreduce:ListInstanceGroups')],
  }),
  row(EMR_CONTAINERS, 'createVirtualCluster', {
    patterns: CALL,
    parameters: 'ContainerProvider! Name! ClientToken SecurityConfigurationId Tags',
    iam: [onAny('emr-containers:CreateVirtualCluster')],
  }),
  row(EMR_CONTAINERS, 'deleteVirtualCluster', {
    patterns: CALL_AND_JOB,
    parameters: 'Id!',
    iam: [
      onAny('emr-containers:DeleteVirtualCluster'),
      forSync(onAny('emr-containers:DescribeVirtualCluster')),
    ],
  }),
  row(EMR_CONTAINERS, 'startJobRun', {
    patterns: CALL_AND_JOB,
    parameters: `VirtualClusterId! ClientToken ConfigurationOverrides ExecutionRoleArn JobDriver JobTemplateId
      JobTemplateParameters Name ReleaseLabel RetryPolicyConfiguration Tags`,
    iam: [
      onAny('emr-containers:StartJobRun'),
      forSync(onAny('emr-containers:DescribeJobRun', 'emr-containers:CancelJobRun')),
    ],
  }),
  ...serverlessRows(),
];

function serverlessRows(): Integration[] {
  const application = 'ApplicationId!';
  return [
    row(EMR_SERVERLESS, 'createApplication', {
      patterns: CALL_AND_JOB,
      parameters: `ReleaseLabel! Type! Architecture AutoStartConfiguration AutoStopConfiguration ClientToken ImageConfiguration
        InitialCapacity InteractiveConfiguration MaximumCapacity MonitoringConfiguration Name NetworkConfiguration
        RuntimeConfiguration SchedulerConfiguration Tags WorkerTypeSpecifications`,
      iam: [
        onAny('emr-serverless:CreateApplication'),
        forSync(onAny('emr-serverless:GetApplication', 'emr-serverless:DeleteApplication')),
        managedRule('StepFunctionsGetEventsForEMRServerlessApplicationRule'),
      ],
    }),
    ...['startApplication', 'stopApplication', 'deleteApplication'].map((action) =>
      row(EMR_SERVERLESS, action, {
        patterns: CALL_AND_JOB,
        parameters: application,
        iam: [
          onAny(`emr-serverless:${action.charAt(0).toUpperCase()}${action.slice(1)}`),
          forSync(onAny('emr-serverless:GetApplication', 'emr-serverless:StopApplication')),
          managedRule('StepFunctionsGetEventsForEMRServerlessApplicationRule'),
        ],
      }),
    ),
    row(EMR_SERVERLESS, 'startJobRun', {
      patterns: CALL_AND_JOB,
      parameters: `${application} ExecutionRoleArn! ClientToken ConfigurationOverrides ExecutionIamPolicy
        ExecutionTimeoutMinutes JobDriver Mode Name RetryPolicy Tags`,
      iam: [
        onAny('emr-serverless:StartJobRun'),
        forSync(onAny('emr-serverless:GetJobRun', 'emr-serverless:CancelJobRun')),
        passRole('emr-serverless.amazonaws.com'),
        managedRule('StepFunctionsGetEventsForEMRServerlessJobRule'),
      ],
    }),
    row(EMR_SERVERLESS, 'cancelJobRun', {
      patterns: CALL_AND_JOB,
      parameters: `${application} JobRunId! ShutdownGracePeriodInSeconds`,
      iam: [
        onAny('emr-serverless:CancelJobRun'),
        forSync(onAny('emr-serverless:GetJobRun')),
        managedRule('StepFunctionsGetEventsForEMRServerlessJobRule'),
      ],
    }),
  ];
}

export const DATA_ROWS: readonly Integration[] = [...DYNAMODB_ROWS, ...ANALYTICS_ROWS, ...EMR_ROWS];
