export type { CallContext, HostedService, LogRecord, LogSink } from './service.ts';
export {
  ACCOUNT_ID,
  answer,
  apiError,
  DetailedServiceError,
  NOT_HOSTED,
  PARTITION,
  refuseFeature,
  refuseOperation,
  REGION,
} from './service.ts';
export { createServices, type Services, type ServicesOptions } from './create-services.ts';
export type { Messages, QueueContents } from './messaging/messages.ts';
export { createServiceCaller, type ServiceCallerOptions, type SfnHandler } from './caller/caller.ts';
export { createEndpointCaller, loadSdk, type SdkModule } from './caller/endpoint.ts';
export { ExecutionLogger } from './logs/execution-logger.ts';
export { ExecutionMetrics } from './cloudwatch/execution-metrics.ts';
export { destinationArn } from './logs/execution-log.ts';
export type { LogsService } from './logs/logs.ts';
export { createEvents, type EventsService } from './events/events.ts';
export { createLambda, type FunctionDefinition, type LambdaService } from './lambda/lambda.ts';
export type { CodeSource } from './lambda/code.ts';
export type { ContainerImage } from './jobs/image.ts';
export { ImageRegistry } from './jobs/image-registry.ts';
export type { ContainerJob, JobEnd, JobRunner, Readiness, RunningJob } from './jobs/runner.ts';
export { awsEnvironment } from './jobs/runner.ts';
export { chooseRunner, type ChooseRunnerOptions, type JobsMode } from './jobs/choose-runner.ts';
export { JobPool, type JobPoolOptions } from './jobs/job-pool.ts';
export type { LogLine } from './jobs/log-buffer.ts';
export {
  type CommandResult,
  type ContainerEngine,
  findContainerEngine,
  runEngine,
} from './jobs/container-engine.ts';
export { BatchService, type BatchOptions } from './batch/batch.ts';
export { EcsService, type EcsOptions } from './ecs/ecs.ts';
export { AssemblyError } from './assembly/assembly-error.ts';
export { readAssembly, type Assembly, type AssemblyStack } from './assembly/read-assembly.ts';
export {
  deploy,
  type DeployedResource,
  type DeployedStack,
  type Deployment,
  type DeployOptions,
  type ResourceClass,
  type StackOutput,
  type Unhosted,
} from './assembly/deploy.ts';
export type {
  DeployTarget,
  FunctionDeployment,
  RuleDeployment,
  RuleTarget,
  StateMachineDeployment,
} from './assembly/target.ts';
export { createServicesTarget, type ServicesTargetOptions } from './assembly/services-target.ts';
