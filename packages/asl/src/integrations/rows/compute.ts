import type { Integration } from '../integration.ts';
import {
  CALL_AND_JOB,
  CALL_AND_TOKEN,
  CALL,
  forSync,
  managedRule,
  onAny,
  onJobs,
  onParameter,
  passRole,
  row,
} from './row.ts';
import type { ServiceFacts } from './row.ts';

const LAMBDA: ServiceFacts = {
  service: 'lambda',
  client: 'lambda',
  errorPrefix: 'Lambda',
  genericError: 'AWSLambdaException',
  serviceLabel: 'AWSLambda',
};

const STATES: ServiceFacts = {
  service: 'states',
  client: 'sfn',
  errorPrefix: 'StepFunctions',
  genericError: 'AWSStepFunctionsException',
  serviceLabel: 'AWSStepFunctions',
};

const BATCH: ServiceFacts = {
  service: 'batch',
  client: 'batch',
  errorPrefix: 'Batch',
  genericError: 'AWSBatchException',
  serviceLabel: 'AWSBatch',
};

const ECS: ServiceFacts = {
  service: 'ecs',
  client: 'ecs',
  errorPrefix: 'ECS',
  genericError: 'AmazonECSException',
  serviceLabel: 'AmazonECS',
};

const CODEBUILD: ServiceFacts = {
  service: 'codebuild',
  client: 'codebuild',
  errorPrefix: 'CodeBuild',
  genericError: 'AWSCodeBuildException',
  serviceLabel: 'AWSCodeBuild',
};

const EKS: ServiceFacts = {
  service: 'eks',
  client: 'eks',
  errorPrefix: 'EKS',
  genericError: 'AmazonEKSException',
  serviceLabel: 'AmazonEKS',
};

const BUILD_PARAMETERS = `ProjectName! ArtifactsOverride AutoRetryLimitOverride BuildStatusConfigOverride BuildspecOverride
  CacheOverride CertificateOverride ComputeTypeOverride DebugSessionEnabled EncryptionKeyOverride EnvironmentTypeOverride
  EnvironmentVariablesOverride FleetOverride GitCloneDepthOverride GitSubmodulesConfigOverride IdempotencyToken ImageOverride
  ImagePullCredentialsTypeOverride InsecureSslOverride LogsConfigOverride PrivilegedModeOverride QueuedTimeoutInMinutesOverride
  RegistryCredentialOverride ReportBuildStatusOverride SecondaryArtifactsOverride SecondarySourcesOverride
  SecondarySourcesVersionOverride ServiceRoleOverride SourceAuthOverride SourceLocationOverride SourceTypeOverride SourceVersion
  TimeoutInMinutesOverride`;

const BUILD_BATCH_PARAMETERS = `ProjectName! ArtifactsOverride BuildBatchConfigOverride BuildTimeoutInMinutesOverride BuildspecOverride
  CacheOverride CertificateOverride ComputeTypeOverride DebugSessionEnabled EncryptionKeyOverride EnvironmentTypeOverride
  EnvironmentVariablesOverride GitCloneDepthOverride GitSubmodulesConfigOverride IdempotencyToken ImageOverride
  ImagePullCredentialsTypeOverride InsecureSslOverride LogsConfigOverride PrivilegedModeOverride QueuedTimeoutInMinutesOverride
  RegistryCredentialOverride ReportBuildBatchStatusOverride SecondaryArtifactsOverride SecondarySourcesOverride
  SecondarySourcesVersionOverride ServiceRoleOverride SourceAuthOverride SourceLocationOverride SourceTypeOverride SourceVersion`;

const KUBERNETES = 'ClusterName! CertificateAuthority! Endpoint!';

/** Sources: connect-lambda, connect-stepfunctions, connect-batch (batch-iam), connect-ecs (ecs-iam). */
const MAIN_ROWS: readonly Integration[] = [
  row(LAMBDA, 'invoke', {
    patterns: CALL_AND_TOKEN,
    parameters: 'FunctionName! ClientContext InvocationType LogType Payload Qualifier',
    lostWorker: 'Lambda.Unknown',
    iam: [onParameter('FunctionName', 'lambda:InvokeFunction')],
  }),
  row(STATES, 'startExecution', {
    patterns: ['requestResponse', 'sync', 'sync:2', 'waitForTaskToken'],
    parameters: 'StateMachineArn! Input Name TraceHeader',
    iam: [
      onParameter('StateMachineArn', 'states:StartExecution'),
      onJobs('states:DescribeExecution', 'states:StopExecution'),
      managedRule('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
    ],
  }),
  row(BATCH, 'submitJob', {
    patterns: CALL_AND_JOB,
    parameters: `JobName! JobQueue! JobDefinition! ArrayProperties ContainerOverrides DependsOn EcsPropertiesOverride
      EksPropertiesOverride NodeOverrides Parameters PropagateTags RetryStrategy SchedulingPriorityOverride ShareIdentifier
      Tags Timeout`,
    iam: [
      onParameter('JobDefinition', 'batch:SubmitJob'),
      onParameter('JobQueue', 'batch:SubmitJob'),
      forSync(onAny('batch:DescribeJobs')),
      onJobs('batch:TerminateJob'),
      managedRule('StepFunctionsGetEventsForBatchJobsRule'),
    ],
  }),
  row(ECS, 'runTask', {
    patterns: ['requestResponse', 'sync', 'waitForTaskToken'],
    parameters: `TaskDefinition! CapacityProviderStrategy Cluster EnableExecuteCommand Group LaunchType NetworkConfiguration
      Overrides PlacementConstraints PlacementStrategy PlatformVersion PropagateTags Tags`,
    iam: [
      onParameter('TaskDefinition', 'ecs:RunTask'),
      forSync(onAny('ecs:StopTask', 'ecs:DescribeTasks')),
      managedRule('StepFunctionsGetEventsForECSTaskRule'),
      passRole('ecs-tasks.amazonaws.com'),
    ],
  }),
];

/** Sources: connect-codebuild, connect-eks. */
const OTHER_ROWS: readonly Integration[] = [
  row(CODEBUILD, 'startBuild', {
    patterns: CALL_AND_JOB,
    parameters: BUILD_PARAMETERS,
    iam: [
      onParameter('ProjectName', 'codebuild:StartBuild'),
      forSync(onParameter('ProjectName', 'codebuild:StopBuild', 'codebuild:BatchGetBuilds')),
      managedRule('StepFunctionsGetEventForCodeBuildStartBuildRule'),
    ],
  }),
  row(CODEBUILD, 'stopBuild', { patterns: CALL, parameters: 'Id!', iam: [onAny('codebuild:StopBuild')] }),
  row(CODEBUILD, 'batchDeleteBuilds', {
    patterns: CALL,
    parameters: 'Ids!',
    iam: [onAny('codebuild:BatchDeleteBuilds')],
  }),
  row(CODEBUILD, 'batchGetReports', {
    patterns: CALL,
    parameters: 'ReportArns!',
    iam: [onAny('codebuild:BatchGetReports')],
  }),
  row(CODEBUILD, 'startBuildBatch', {
    patterns: CALL_AND_JOB,
    parameters: BUILD_BATCH_PARAMETERS,
    iam: [
      onParameter('ProjectName', 'codebuild:StartBuildBatch'),
      forSync(onParameter('ProjectName', 'codebuild:StopBuildBatch', 'codebuild:BatchGetBuildBatches')),
      managedRule('StepFunctionsGetEventForCodeBuildStartBuildBatchRule'),
    ],
  }),
  row(CODEBUILD, 'stopBuildBatch', {
    patterns: CALL,
    parameters: 'Id!',
    iam: [onAny('codebuild:StopBuildBatch')],
  }),
  row(CODEBUILD, 'retryBuildBatch', {
    patterns: CALL_AND_JOB,
    parameters: 'Id IdempotencyToken RetryType',
    iam: [onAny('codebuild:RetryBuildBatch')],
  }),
  row(CODEBUILD, 'deleteBuildBatch', {
    patterns: CALL,
    parameters: 'Id!',
    iam: [onAny('codebuild:DeleteBuildBatch')],
  }),
  row(EKS, 'call', {
    patterns: CALL,
    operation: 'KubernetesCall',
    parameters: `${KUBERNETES} Method! Path! QueryParameters RequestBody`,
    iam: [],
  }),
  row(EKS, 'runJob', {
    patterns: CALL_AND_JOB,
    operation: 'KubernetesRunJob',
    parameters: `${KUBERNETES} Job! Namespace LogOptions`,
    iam: [],
  }),
  row(EKS, 'createCluster', {
    patterns: CALL_AND_JOB,
    parameters: `Name! RoleArn! ResourcesVpcConfig! AccessConfig BootstrapSelfManagedAddons ClientRequestToken ComputeConfig
      DeletionProtection EncryptionConfig KubernetesNetworkConfig Logging OutpostConfig RemoteNetworkConfig StorageConfig Tags
      UpgradePolicy Version ZonalShiftConfig`,
    iam: [onAny('eks:CreateCluster'), forSync(onAny('eks:DescribeCluster')), passRole('eks.amazonaws.com')],
  }),
  row(EKS, 'deleteCluster', {
    patterns: CALL_AND_JOB,
    parameters: 'Name!',
    iam: [onAny('eks:DeleteCluster'), forSync(onAny('eks:DescribeCluster'))],
  }),
  row(EKS, 'createNodegroup', {
    patterns: CALL_AND_JOB,
    parameters: `ClusterName! NodegroupName! NodeRole! Subnets! AmiType CapacityType ClientRequestToken DiskSize InstanceTypes
      Labels LaunchTemplate NodeRepairConfig ReleaseVersion RemoteAccess ScalingConfig Tags Taints UpdateConfig Version`,
    iam: [
      onAny('eks:CreateNodegroup'),
      forSync(onAny('eks:DescribeNodegroup')),
      passRole('eks.amazonaws.com'),
    ],
  }),
  row(EKS, 'deleteNodegroup', {
    patterns: CALL_AND_JOB,
    parameters: 'ClusterName! NodegroupName!',
    iam: [onAny('eks:DeleteNodegroup'), forSync(onAny('eks:DescribeNodegroup'))],
  }),
  row(EKS, 'createFargateProfile', {
    patterns: CALL_AND_JOB,
    parameters:
      'ClusterName! FargateProfileName! PodExecutionRoleArn! ClientRequestToken Selectors Subnets Tags',
    iam: [
      onAny('eks:CreateFargateProfile'),
      forSync(onAny('eks:DescribeFargateProfile')),
      passRole('eks-fargate-pods.amazonaws.com'),
    ],
  }),
  row(EKS, 'deleteFargateProfile', {
    patterns: CALL_AND_JOB,
    parameters: 'ClusterName! FargateProfileName!',
    iam: [onAny('eks:DeleteFargateProfile'), forSync(onAny('eks:DescribeFargateProfile'))],
  }),
];

export const COMPUTE_ROWS: readonly Integration[] = [...MAIN_ROWS, ...OTHER_ROWS];
