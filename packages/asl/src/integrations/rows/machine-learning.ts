import type { Integration } from '../integration.ts';
import {
  CALL,
  CALL_AND_JOB,
  CALL_AND_TOKEN,
  forSync,
  managedRule,
  onAny,
  onParameter,
  passRole,
  row,
} from './row.ts';
import type { ServiceFacts } from './row.ts';

const SAGEMAKER: ServiceFacts = {
  service: 'sagemaker',
  client: 'sagemaker',
  errorPrefix: 'SageMaker',
  genericError: 'AmazonSageMakerException',
  serviceLabel: 'AmazonSageMaker',
};

const BEDROCK: ServiceFacts = {
  service: 'bedrock',
  client: 'bedrock',
  errorPrefix: 'Bedrock',
  genericError: 'BedrockException',
  serviceLabel: 'Bedrock',
};

const BEDROCK_AGENTCORE: ServiceFacts = {
  service: 'bedrock-agentcore',
  client: 'bedrockagentcore',
  errorPrefix: 'BedrockAgentCore',
  genericError: 'BedrockAgentCoreException',
  serviceLabel: 'BedrockAgentCore',
};

const MEDIACONVERT: ServiceFacts = {
  service: 'mediaconvert',
  client: 'mediaconvert',
  errorPrefix: 'MediaConvert',
  genericError: 'AWSMediaConvertException',
  serviceLabel: 'AWSMediaConvert',
};

/** A SageMaker job that `.sync` waits for. */
function job(action: string, parameters: string, describe: string, stop: string, rule: string): Integration {
  return row(SAGEMAKER, action, {
    patterns: CALL_AND_JOB,
    parameters,
    iam: [
      onAny(`sagemaker:${action.charAt(0).toUpperCase()}${action.slice(1)}`, 'sagemaker:AddTags'),
      forSync(onAny(`sagemaker:${describe}`, `sagemaker:${stop}`)),
      managedRule(rule),
      passRole('sagemaker.amazonaws.com'),
    ],
  });
}

/** Sources: connect-sagemaker, the SageMaker API reference. */
const SAGEMAKER_ROWS: readonly Integration[] = [
  job(
    'createTrainingJob',
    `TrainingJobName! AlgorithmSpecification! OutputDataConfig! RoleArn! CheckpointConfig DebugHookConfig
    DebugRuleConfigurations EnableInterContainerTrafficEncryption EnableManagedSpotTraining EnableNetworkIsolation Environment
    ExperimentConfig HyperParameters InfraCheckConfig InputDataConfig ProfilerConfig ProfilerRuleConfigurations RemoteDebugConfig
    ResourceConfig RetryStrategy SessionChainingConfig StoppingCondition Tags TensorBoardOutputConfig VpcConfig`,
    'DescribeTrainingJob',
    'StopTrainingJob',
    'StepFunctionsGetEventsForSageMakerTrainingJobsRule',
  ),
  job(
    'createTransformJob',
    `TransformJobName! ModelName! TransformInput! TransformOutput! TransformResources! BatchStrategy DataCaptureConfig
    DataProcessing Environment ExperimentConfig MaxConcurrentTransforms MaxPayloadInMB ModelClientConfig Tags`,
    'DescribeTransformJob',
    'StopTransformJob',
    'StepFunctionsGetEventsForSageMakerTransformJobsRule',
  ),
  job(
    'createHyperParameterTuningJob',
    `HyperParameterTuningJobName! HyperParameterTuningJobConfig! Autotune Tags TrainingJobDefinition TrainingJobDefinitions
    WarmStartConfig`,
    'DescribeHyperParameterTuningJob',
    'StopHyperParameterTuningJob',
    'StepFunctionsGetEventsForSageMakerHyperParameterTuningJobsRule',
  ),
  job(
    'createLabelingJob',
    `LabelingJobName! LabelAttributeName! InputConfig! OutputConfig! RoleArn! HumanTaskConfig! LabelCategoryConfigS3Uri
    LabelingJobAlgorithmsConfig StoppingConditions Tags`,
    'DescribeLabelingJob',
    'StopLabelingJob',
    'StepFunctionsGetEventsForSageMakerLabelingJobsRule',
  ),
  job(
    'createProcessingJob',
    `ProcessingJobName! ProcessingResources! AppSpecification! RoleArn! Environment ExperimentConfig NetworkConfig
    ProcessingInputs ProcessingOutputConfig StoppingCondition Tags`,
    'DescribeProcessingJob',
    'StopProcessingJob',
    'StepFunctionsGetEventsForSageMakerProcessingJobsRule',
  ),
  row(SAGEMAKER, 'createModel', {
    patterns: CALL,
    parameters: `ModelName! Containers EnableNetworkIsolation ExecutionRoleArn InferenceExecutionConfig PrimaryContainer Tags
      VpcConfig`,
    iam: [onAny('sagemaker:CreateModel', 'sagemaker:AddTags'), passRole('sagemaker.amazonaws.com')],
  }),
  row(SAGEMAKER, 'createEndpointConfig', {
    patterns: CALL,
    parameters: `EndpointConfigName! ProductionVariants! AsyncInferenceConfig DataCaptureConfig EnableNetworkIsolation
      ExecutionRoleArn ExplainerConfig KmsKeyId ShadowProductionVariants Tags VpcConfig`,
    iam: [onAny('sagemaker:CreateEndpointConfig', 'sagemaker:AddTags')],
  }),
  row(SAGEMAKER, 'createEndpoint', {
    patterns: CALL,
    parameters: 'EndpointName! EndpointConfigName! DeploymentConfig Tags',
    iam: [onAny('sagemaker:CreateEndpoint', 'sagemaker:AddTags')],
  }),
  row(SAGEMAKER, 'updateEndpoint', {
    patterns: CALL,
    parameters: `EndpointName! EndpointConfigName! DeploymentConfig ExcludeRetainedVariantProperties
      RetainAllVariantProperties RetainDeploymentConfig`,
    iam: [onAny('sagemaker:UpdateEndpoint')],
  }),
];

/** Sources: connect-bedrock, connect-bedrockagentcore (with the API reference of InvokeHarness), connect-mediaconvert. */
export const MACHINE_LEARNING_ROWS: readonly Integration[] = [
  ...SAGEMAKER_ROWS,
  row({ ...BEDROCK, client: 'bedrockruntime' }, 'invokeModel', {
    patterns: CALL_AND_TOKEN,
    parameters: `ModelId! Accept Body ContentType GuardrailIdentifier GuardrailVersion Input Output PerformanceConfigLatency
      ServiceTier Trace`,
    iam: [onParameter('ModelId', 'bedrock:InvokeModel')],
  }),
  row(BEDROCK, 'createModelCustomizationJob', {
    patterns: CALL_AND_JOB,
    parameters: `BaseModelIdentifier! CustomModelName! JobName! OutputDataConfig! RoleArn! TrainingDataConfig!
      ClientRequestToken CustomModelKmsKeyId CustomModelTags CustomizationConfig CustomizationType HyperParameters JobTags
      ValidationDataConfig VpcConfig`,
    iam: [
      onAny('bedrock:CreateModelCustomizationJob'),
      forSync(onAny('bedrock:GetModelCustomizationJob', 'bedrock:StopModelCustomizationJob')),
      passRole('bedrock.amazonaws.com'),
    ],
  }),
  row(BEDROCK_AGENTCORE, 'invokeHarness', {
    patterns: CALL,
    parameters: `HarnessArn! RuntimeSessionId! Messages! ActorId AllowedTools MaxIterations MaxTokens Model Qualifier
      RuntimeUserId Skills SystemPrompt TimeoutSeconds Tools`,
    iam: [onParameter('HarnessArn', 'bedrock-agentcore:InvokeHarness')],
  }),
  row(MEDIACONVERT, 'createJob', {
    patterns: CALL_AND_JOB,
    parameters: `Role! Settings! AccelerationSettings BillingTagsSource ClientRequestToken HopDestinations JobEngineVersion
      JobTemplate Priority Queue SimulateReservedQueue StatusUpdateInterval Tags UserMetadata`,
    iam: [
      onAny('mediaconvert:CreateJob'),
      forSync(onAny('mediaconvert:GetJob', 'mediaconvert:CancelJob')),
      managedRule('StepFunctionsGetEventsForMediaConvertJobRule'),
      passRole('mediaconvert.amazonaws.com'),
    ],
  }),
];
