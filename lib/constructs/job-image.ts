import { Aws } from 'aws-cdk-lib';
import { DockerImageAsset, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';
import { repositoryPath } from '../paths.ts';
import { acknowledge } from './acknowledge.ts';

/** The user of the image's base, `node`. */
export const JOB_USER = '1000:1000';

export interface JobImageProps {
  readonly config: StageConfig;
  readonly key: IKey;
}

/**
 * What running the job's image on Fargate takes, whoever schedules it: the image, built from containers/job when the app is
 * deployed (synthesis only takes its fingerprint); a role for the platform, which pulls it and writes its logs; a
 * role for the job itself, which needs nothing.
 */
export class JobImage extends Construct {
  readonly image: DockerImageAsset;
  readonly logGroup: LogGroup;
  readonly executionRole: Role;
  readonly jobRole: Role;

  constructor(scope: Construct, id: string, { config, key }: JobImageProps) {
    super(scope, id);
    this.image = new DockerImageAsset(this, 'Image', {
      directory: repositoryPath('containers', 'job'),
      platform: Platform.LINUX_ARM64,
      exclude: ['*.test.ts'],
    });
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: config.logRetention,
      encryptionKey: key,
      removalPolicy: config.removalPolicy,
    });
    this.executionRole = new Role(this, 'ExecutionRole', {
      description: 'Fargate: pull the image of the job and write its logs',
      assumedBy: ecsTasks(),
    });
    this.image.repository.grantPull(this.executionRole);
    this.logGroup.grantWrite(this.executionRole);
    acknowledge(
      this.executionRole,
      'ecr:GetAuthorizationToken knows no resources; pulling itself is granted on the one repository',
      'AwsSolutions-IAM5[Resource::*]',
    );
    this.jobRole = new Role(this, 'JobRole', {
      description: 'The job itself: it calls no AWS API',
      assumedBy: ecsTasks(),
    });
  }
}

function ecsTasks(): ServicePrincipal {
  return new ServicePrincipal('ecs-tasks.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
