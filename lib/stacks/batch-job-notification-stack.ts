import { Aws } from 'aws-cdk-lib';
import { CfnComputeEnvironment, CfnJobDefinition, CfnJobQueue } from 'aws-cdk-lib/aws-batch';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { acknowledge } from '../constructs/acknowledge.ts';
import { AslStateMachine } from '../constructs/asl-state-machine.ts';
import { bind } from '../constructs/bindings.ts';
import { FargateNetwork } from '../constructs/fargate-network.ts';
import { JOB_USER, JobImage } from '../constructs/job-image.ts';
import { OUTPUT } from '../outputs.ts';
import { UseCaseStack } from './use-case-stack.ts';

const ATTEMPTS = 3;
/** An attempt is killed after this; the state's own timeout is longer than all attempts together. */
const ATTEMPT_SECONDS = 600;
const VCPUS_MAX = 16;

/** Use case 1: run an AWS Batch job, tell how it ended; a failed job is a failed execution. */
export class BatchJobNotificationStack extends UseCaseStack {
  constructor(scope: Construct, config: StageConfig) {
    const useCase = 'batch-job-notification';
    super(scope, {
      config,
      useCase,
      description: 'Stepyard: run an AWS Batch job and notify of its end (Standard workflow)',
    });
    const key = this.stackKey.key;
    const network = new FargateNetwork(this, 'Network', { config, key });
    const job = new JobImage(this, 'Job', { config, key });
    const queue = this.jobQueue(network);
    const jobDefinition = jobDefinitionFor(this, job, network);
    const machine = new AslStateMachine(this, 'Machine', {
      config,
      key,
      definition: useCase,
      type: 'STANDARD',
      bindings: {
        Partition: bind.text(Aws.PARTITION, 'aws'),
        JobQueueArn: bind.jobQueue(queue.ref),
        JobDefinitionArn: bind.jobDefinition(jobDefinition.ref),
        TopicArn: bind.topic(this.notifications.topic, key),
      },
    });
    acknowledge(
      machine.role,
      'A job has no name before it runs; Step Functions only terminates jobs that it submitted',
      'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:batch:<AWS::Region>:<AWS::AccountId>:job/*]',
    );
    this.observe({ machines: [machine] });
    this.output(OUTPUT.stateMachineArn, machine.arn);
    this.output(OUTPUT.jobQueueArn, queue.ref);
  }

  private jobQueue(network: FargateNetwork): CfnJobQueue {
    const environment = new CfnComputeEnvironment(this, 'ComputeEnvironment', {
      type: 'MANAGED',
      state: 'ENABLED',
      // Without a service role Batch uses its service-linked one, which AWS keeps up to date.
      replaceComputeEnvironment: false,
      computeResources: {
        type: 'FARGATE',
        maxvCpus: VCPUS_MAX,
        subnets: [...network.subnetIds],
        securityGroupIds: [network.securityGroup.securityGroupId],
      },
    });
    return new CfnJobQueue(this, 'JobQueue', {
      priority: 1,
      state: 'ENABLED',
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: environment.ref }],
    });
  }
}

/**
 * Attempts are for what befell the platform: an image that could not be pulled, a host that was lost. A job that ran and
 * exited by itself has given its answer and is not run again; neither does the state machine retry it.
 */
function jobDefinitionFor(scope: Construct, job: JobImage, network: FargateNetwork): CfnJobDefinition {
  return new CfnJobDefinition(scope, 'JobDefinition', {
    type: 'container',
    platformCapabilities: ['FARGATE'],
    propagateTags: true,
    timeout: { attemptDurationSeconds: ATTEMPT_SECONDS },
    retryStrategy: {
      attempts: ATTEMPTS,
      evaluateOnExit: [
        { action: 'EXIT', onExitCode: '*' },
        { action: 'RETRY', onReason: 'CannotPullContainer*' },
        { action: 'RETRY', onReason: 'ResourceInitializationError*' },
        { action: 'RETRY', onStatusReason: 'Host EC2*' },
        { action: 'EXIT', onReason: '*' },
      ],
    },
    containerProperties: {
      image: job.image.imageUri,
      executionRoleArn: job.executionRole.roleArn,
      jobRoleArn: job.jobRole.roleArn,
      user: JOB_USER,
      readonlyRootFilesystem: true,
      resourceRequirements: [
        { type: 'VCPU', value: '0.25' },
        { type: 'MEMORY', value: '512' },
      ],
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      fargatePlatformConfiguration: { platformVersion: '1.4.0' },
      networkConfiguration: { assignPublicIp: network.assignPublicIp },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': job.logGroup.logGroupName,
          'awslogs-region': Aws.REGION,
          'awslogs-stream-prefix': 'job',
        },
      },
    },
  });
}
