import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { SubnetConfiguration } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Aws } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

export interface FargateNetworkProps {
  readonly config: StageConfig;
  readonly key: IKey;
}

/**
 * Two availability zones for containers that only ever call out, to registries and AWS's APIs, over HTTPS. Public mode puts
 * them in public subnets with a public address, which costs nothing while idle; private mode puts them behind NAT gateways.
 * Either way nothing can connect to them. Image layers come from S3 through a gateway endpoint, which is free.
 */
export class FargateNetwork extends Construct {
  readonly vpc: Vpc;
  readonly securityGroup: SecurityGroup;
  readonly subnetIds: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';

  constructor(scope: Construct, id: string, { config, key }: FargateNetworkProps) {
    super(scope, id);
    const { mode, availabilityZones, natGateways } = config.network;
    const isPrivate = mode === 'private';
    const publicSubnets = { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false };
    const privateSubnets = { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const subnetConfiguration: SubnetConfiguration[] = isPrivate
      ? [publicSubnets, privateSubnets]
      : [publicSubnets];
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.42.0.0/16'),
      maxAzs: availabilityZones,
      natGateways,
      subnetConfiguration,
      // CDK would do it with a Lambda function behind a custom resource; the rule that matters is the group below.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: { S3: { service: GatewayVpcEndpointAwsService.S3 } },
    });
    this.logFlows(config, key);
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Containers call out over HTTPS; nothing calls in',
      allowAllOutbound: false,
    });
    this.securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Registries and AWS APIs');
    this.subnetIds = (isPrivate ? this.vpc.privateSubnets : this.vpc.publicSubnets).map(
      (subnet) => subnet.subnetId,
    );
    this.assignPublicIp = isPrivate ? 'DISABLED' : 'ENABLED';
  }

  private logFlows(config: StageConfig, key: IKey): void {
    const logGroup = new LogGroup(this, 'FlowLogs', {
      retention: config.logRetention,
      encryptionKey: key,
      removalPolicy: config.removalPolicy,
    });
    const role = new Role(this, 'FlowLogRole', {
      description: 'VPC flow logs: what writing them needs',
      assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    this.vpc.addFlowLog('Rejected', {
      destination: FlowLogDestination.toCloudWatchLogs(logGroup, role),
      trafficType: FlowLogTrafficType.REJECT,
    });
  }
}
