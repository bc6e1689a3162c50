import type { Duration } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { acknowledge } from './acknowledge.ts';
import { bundledCode } from './bundled-code.ts';

export interface PowertoolsFunctionProps {
  readonly config: StageConfig;
  readonly key: IKey;
  /** The folder under `lambda/` whose `handler.ts` exports `handler`. */
  readonly handler: string;
  /** Powertools' service name, which all functions of a use case share. */
  readonly service: string;
  readonly description: string;
  readonly timeout: Duration;
  readonly memoryMiB: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** What the handler may do, beyond writing its own logs and traces. */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * A task handler: Node 24 on arm64, bundled to one ES module by the esbuild of this repository (never Docker), AWS SDK
 * included, so that what runs on AWS and in the yard is the same code. Its own role, without managed policies; its own
 * encrypted log group with the stage's retention.
 */
export class PowertoolsFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: PowertoolsFunctionProps) {
    super(scope, id);
    const { config } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetention,
      encryptionKey: props.key,
      removalPolicy: config.removalPolicy,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `${props.description}: what the function may do`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    for (const statement of props.statements ?? []) this.role.addToPolicy(statement);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundledCode(props.handler),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMiB,
      timeout: props.timeout,
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      role: this.role,
      logGroup,
      environmentEncryption: props.key,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.service,
        POWERTOOLS_METRICS_NAMESPACE: 'Stepyard',
        POWERTOOLS_LOG_LEVEL: config.logLevel,
        NODE_OPTIONS: '--enable-source-maps',
        ...props.environment,
      },
    });
    acknowledge(
      this.role,
      'xray:PutTraceSegments and xray:PutTelemetryRecords know no resources',
      'AwsSolutions-IAM5[Resource::*]',
    );
    acknowledge(
      this.function,
      'Never invoked asynchronously: Step Functions waits for its answer, a queue keeps what it did not take',
      'Serverless-LambdaDLQ',
    );
  }
}
