import { Aws } from 'aws-cdk-lib';
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import type { AslStateMachine } from './asl-state-machine.ts';
import { kmsActionsFor } from './kms-actions.ts';

export interface SyncExecutionApiProps {
  readonly config: StageConfig;
  readonly key: IKey;
  /** An Express machine. */
  readonly machine: AslStateMachine;
  /** `/transfers`: POST its input as the body. */
  readonly path: string;
}

/** HTTP APIs wait no longer than this for an integration; a longer execution goes on, its answer is lost. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/** What a line of the access log holds: who, what, how it went; no body. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  caller: '$context.identity.caller',
  route: '$context.routeKey',
  status: '$context.status',
  integrationStatus: '$context.integration.integrationStatus',
  integrationError: '$context.integrationErrorMessage',
  latencyMs: '$context.responseLatency',
});

/**
 * An HTTP API that starts an Express machine and answers with its result, without code in between. Callers sign with IAM.
 * The answer is 200 even when the execution failed: `status` in the body says.
 */
export class SyncExecutionApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: SyncExecutionApiProps) {
    super(scope, id);
    const { config, key, machine } = props;
    const role = new Role(this, 'Role', {
      description: `${machine.machineName}: what its HTTP API needs`,
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        Start: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['states:StartSyncExecution'], resources: [machine.arn] }),
            new PolicyStatement({
              actions: kmsActionsFor(['states:StartSyncExecution']),
              resources: [key.keyArn],
            }),
          ],
        }),
      },
    });
    const api = new CfnApi(this, 'Api', {
      name: machine.machineName,
      description: `Starts ${machine.machineName} and waits for its result`,
      protocolType: 'HTTP',
    });
    const integration = new CfnIntegration(this, 'Integration', {
      apiId: api.ref,
      integrationType: 'AWS_PROXY',
      integrationSubtype: 'StepFunctions-StartSyncExecution',
      payloadFormatVersion: '1.0',
      credentialsArn: role.roleArn,
      timeoutInMillis: INTEGRATION_TIMEOUT_MS,
      requestParameters: { StateMachineArn: machine.arn, Input: '$request.body' },
    });
    new CfnRoute(this, 'Route', {
      apiId: api.ref,
      routeKey: `POST ${props.path}`,
      authorizationType: 'AWS_IAM',
      target: `integrations/${integration.ref}`,
    });
    this.stage(api, config, key, machine.machineName);
    this.url = `${api.attrApiEndpoint}${props.path}`;
  }

  private stage(api: CfnApi, config: StageConfig, key: IKey, name: string): void {
    const logGroup = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/apis/${name}`,
      retention: config.logRetention,
      encryptionKey: key,
      removalPolicy: config.removalPolicy,
    });
    new CfnStage(this, 'Stage', {
      apiId: api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: logGroup.logGroupArn, format: ACCESS_LOG_FORMAT },
      defaultRouteSettings: {
        throttlingRateLimit: 10,
        throttlingBurstLimit: 20,
        detailedMetricsEnabled: true,
      },
    });
  }
}
