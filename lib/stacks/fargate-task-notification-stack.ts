import { Aws, Fn } from 'aws-cdk-lib';
import {
  Cluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { AslStateMachine } from '../constructs/asl-state-machine.ts';
import { bind } from '../constructs/bindings.ts';
import { FargateNetwork } from '../constructs/fargate-network.ts';
import { JOB_USER, JobImage } from '../constructs/job-image.ts';
import { OUTPUT } from '../outputs.ts';
import { UseCaseStack } from './use-case-stack.ts';

const CONTAINER_NAME = 'job';
const PLATFORM_VERSION = '1.4.0';

/** Use case 2: run a container on Fargate, tell how it ended; a failed task is a failed execution and can be redriven. */
export class FargateTaskNotificationStack extends UseCaseStack {
  constructor(scope: Construct, config: StageConfig) {
    const useCase = 'fargate-task-notification';
    super(scope, {
      config,
      useCase,
      description: 'Stepyard: run a Fargate task and notify of its end (Standard workflow)',
    });
    const key = this.stackKey.key;
    const network = new FargateNetwork(this, 'Network', { config, key });
    const job = new JobImage(this, 'Job', { config, key });
    const cluster = new Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    const task = taskDefinitionFor(this, job);
    const machine = new AslStateMachine(this, 'Machine', {
      config,
      key,
      definition: useCase,
      type: 'STANDARD',
      bindings: {
        Partition: bind.text(Aws.PARTITION, 'aws'),
        ClusterArn: bind.cluster(cluster.clusterArn),
        TaskDefinitionArn: bind.taskDefinition(task.taskDefinitionArn, [
          job.executionRole.roleArn,
          job.jobRole.roleArn,
        ]),
        ContainerName: bind.text(CONTAINER_NAME),
        SubnetIds: bind.text(Fn.join(',', [...network.subnetIds]), 'subnet-1,subnet-2'),
        SecurityGroupId: bind.text(network.securityGroup.securityGroupId, 'sg-1'),
        AssignPublicIp: bind.text(network.assignPublicIp),
        PlatformVersion: bind.text(PLATFORM_VERSION),
        TopicArn: bind.topic(this.notifications.topic, key),
      },
    });
    this.observe({ machines: [machine] });
    this.output(OUTPUT.stateMachineArn, machine.arn);
    this.output(OUTPUT.clusterArn, cluster.clusterArn);
  }
}

function taskDefinitionFor(scope: Construct, job: JobImage): FargateTaskDefinition {
  const task = new FargateTaskDefinition(scope, 'Task', {
    cpu: 256,
    memoryLimitMiB: 512,
    executionRole: job.executionRole,
    taskRole: job.jobRole,
    runtimePlatform: {
      cpuArchitecture: CpuArchitecture.ARM64,
      operatingSystemFamily: OperatingSystemFamily.LINUX,
    },
  });
  task.addContainer('Container', {
    containerName: CONTAINER_NAME,
    image: ContainerImage.fromDockerImageAsset(job.image),
    essential: true,
    user: JOB_USER,
    readonlyRootFilesystem: true,
    privileged: false,
    logging: LogDriver.awsLogs({ logGroup: job.logGroup, streamPrefix: 'task' }),
  });
  return task;
}
