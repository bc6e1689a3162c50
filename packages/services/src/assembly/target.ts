import type { Json, JsonObject } from '@stepyard/asl';
import type { ServiceAnswer, ServiceCall } from '@stepyard/engine';
import type { ContainerImage } from '../jobs/image.ts';

/** One AWS::Lambda::Function, ready to be created or replaced under its name. */
export interface FunctionDeployment {
  readonly functionName: string;
  /** `nodejs24.x`, `python3.13`; the Lambda service refuses what it cannot run, by name. */
  readonly runtime: string;
  readonly handler: string;
  /** Absolute path of the code: a directory, or a zip file where the assembly packed it itself. */
  readonly codePath: string | undefined;
  /** `Code.ZipFile`: the source text of a function written into the template; exactly one of the two is given. */
  readonly inlineCode: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly architectures: readonly string[];
  readonly roleArn: string;
  readonly description: string;
}

/** One AWS::StepFunctions::StateMachine, ready to be created or updated under its name. */
export interface StateMachineDeployment {
  readonly name: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** The definition's text after DefinitionSubstitutions. */
  readonly definition: string;
  readonly roleArn: string;
  /** LoggingConfiguration in the API's spelling (`level`, `includeExecutionData`, `destinations`); undefined: none. */
  readonly loggingConfiguration: JsonObject | undefined;
  readonly tracingEnabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly roleArn: string | undefined;
  /** At most one of these three is given; none: the whole event is sent. */
  readonly input: string | undefined;
  readonly inputPath: string | undefined;
  readonly inputTransformer:
    { readonly inputPathsMap: JsonObject; readonly inputTemplate: string } | undefined;
  /** `SqsParameters.MessageGroupId` for FIFO queues. */
  readonly messageGroupId: string | undefined;
}

/** One AWS::Events::Rule with its targets; replaces a rule of the same name. */
export interface RuleDeployment {
  readonly name: string;
  readonly eventBusName: string;
  readonly eventPattern: Json | undefined;
  /** `rate(5 minutes)` or `cron(...)`. */
  readonly scheduleExpression: string | undefined;
  readonly enabled: boolean;
  readonly targets: readonly RuleTarget[];
}

/**
 * Where an assembly is deployed to. Everything is create-or-update by name, so that deploying the same assembly over
 * existing data changes nothing. Methods reject with an Error whose message is one clear line; the loader adds the stack and
 * the logical id.
 */
export interface DeployTarget {
  /** Calls a hosted service in its API's own member names (dynamodb, sqs, sns, s3, batch, ecs). Rejects with ServiceError. */
  call(request: ServiceCall): Promise<ServiceAnswer>;
  deployFunction(deployment: FunctionDeployment): Promise<{ readonly functionArn: string }>;
  deployStateMachine(deployment: StateMachineDeployment): Promise<{ readonly stateMachineArn: string }>;
  createActivity(name: string): Promise<{ readonly activityArn: string }>;
  putRule(deployment: RuleDeployment): Promise<{ readonly ruleArn: string }>;
  /** Tells the job runner which build context an image reference stands for, before anything uses the reference. */
  registerImage(image: ContainerImage): void;
}
