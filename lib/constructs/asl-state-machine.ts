import { Annotations, ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { repositoryPath } from '../paths.ts';
import { stackName } from '../outputs.ts';
import { acknowledge } from './acknowledge.ts';
import type { Bindings } from './bindings.ts';
import { readDefinition } from './definition-file.ts';
import { iamStatementsFor } from './iam-statements.ts';

export interface AslStateMachineProps {
  readonly config: StageConfig;
  readonly key: IKey;
  /** `transfer-records` for `definitions/transfer-records.asl.json`; the machine's name is `stepyard-<stage>-<this>`. */
  readonly definition: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** Exactly the substitutions that the definition uses. */
  readonly bindings: Bindings;
  /** What the role needs beyond what the definition says; there should be none. */
  readonly statements?: readonly PolicyStatement[];
}

/** Seconds for which Step Functions may keep a data key: fewer calls to KMS, at the price of a slower revocation. */
const DATA_KEY_SECONDS = 300;

/**
 * A state machine from an ASL file. The file is what is deployed, run locally, checked and tested: the template has it
 * inline, with CloudFormation's own substitutions, so that `cdk diff` shows a change of a state as such.
 *
 * It is checked before anything is synthesised; a mistake stops `cdk synth` with the file and the line. The role is the
 * machine's own and holds what the definition needs and no more.
 */
export class AslStateMachine extends Construct {
  readonly arn: string;
  readonly machineName: string;
  readonly role: Role;
  readonly resource: CfnStateMachine;
  readonly type: 'STANDARD' | 'EXPRESS';

  constructor(scope: Construct, id: string, props: AslStateMachineProps) {
    super(scope, id);
    const { config, key, bindings } = props;
    const definition = readDefinition(
      repositoryPath('definitions', `${props.definition}.asl.json`),
      props.type,
      bindings,
    );
    for (const warning of definition.warnings) {
      Annotations.of(this).addWarningV2(`stepyard:${warning.split(' ')[1] ?? ''}`, warning);
    }
    this.type = props.type;
    this.machineName = stackName(config.stage, props.definition);
    const logGroup = new LogGroup(this, 'Logs', {
      // The prefix keeps CloudWatch Logs' resource policy from growing with every log group.
      logGroupName: `/aws/vendedlogs/states/${this.machineName}`,
      retention: config.logRetention,
      encryptionKey: key,
      removalPolicy: config.removalPolicy,
    });
    const needed = [...iamStatementsFor(definition, bindings), ...(props.statements ?? [])];
    this.role = new Role(this, 'Role', {
      description: `${this.machineName}: what its states need`,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      inlinePolicies: {
        // CloudFormation refuses a policy without statements; a machine of Pass states needs none.
        ...(needed.length > 0 ? { Definition: new PolicyDocument({ statements: needed }) } : {}),
        Platform: new PolicyDocument({ statements: platformStatements(this, key, this.machineName) }),
      },
    });
    acknowledge(
      this.role,
      'Log delivery and X-Ray know no resources; nor do DescribeJobs and DescribeTasks, and a task has no ARN before it runs',
      'AwsSolutions-IAM5[Resource::*]',
    );
    this.resource = new CfnStateMachine(this, 'Resource', {
      stateMachineName: this.machineName,
      stateMachineType: props.type,
      roleArn: this.role.roleArn,
      definitionString: definition.text,
      definitionSubstitutions: Object.fromEntries(
        Object.entries(bindings).map(([name, binding]) => [name, binding.value]),
      ),
      loggingConfiguration: {
        level: 'ALL',
        includeExecutionData: config.includeExecutionData,
        destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logGroup.logGroupArn } }],
      },
      tracingConfiguration: { enabled: true },
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: key.keyArn,
        kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
      },
    });
    this.arn = this.resource.ref;
  }
}

/** The ARN of a machine by its name: for a machine that starts itself, where a reference would be a circle. */
export function machineArnByName(scope: Construct, machineName: string): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: machineName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Logs, traces and the machine's own encryption: the same for every machine, whatever its definition. */
function platformStatements(scope: Construct, key: IKey, machineName: string): PolicyStatement[] {
  return [
    // These actions of log delivery know no resource.
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [key.keyArn],
      conditions: {
        StringEquals: {
          'kms:EncryptionContext:aws:states:stateMachineArn': machineArnByName(scope, machineName),
        },
      },
    }),
  ];
}
