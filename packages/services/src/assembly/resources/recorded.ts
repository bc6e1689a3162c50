import type { JsonObject } from '@stepyard/asl';
import { ACCOUNT_ID, PARTITION, REGION } from '../../service.ts';
import { textOf } from '../assets.ts';
import { stableId } from '../names.ts';
import type { ProvisionContext } from '../provisioner.ts';
import type { Provisioned } from '../scope.ts';

/** How a type that the yard only records names itself. */
interface RecordEntry {
  /** `arn:aws:<arn>/<name>` and so on, with `{name}`; undefined: it has no ARN. */
  readonly arn?: string;
  /** The property with its name. */
  readonly nameProperty?: string;
  /** It is called by an id of the service's making: `subnet-` and 17 hexadecimal digits. */
  readonly idPrefix?: string;
  /** What Ref gives; the name when not given. */
  readonly ref?: 'arn' | 'name';
}

const GLOBAL = `arn:${PARTITION}:iam::${ACCOUNT_ID}`;
const regional = (service: string, rest: string): string =>
  `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
const ec2 = (kind: string, idPrefix: string): RecordEntry => ({
  arn: regional('ec2', `${kind}/{name}`),
  idPrefix,
});

/**
 * Types that a workflow's stack has and that do nothing in the yard: permissions, keys, networks, alarms. Deploying
 * them is a note of their name.
 */
const RECORDED: ReadonlyMap<string, RecordEntry> = new Map([
  ['AWS::IAM::Role', { arn: `${GLOBAL}:role/{name}`, nameProperty: 'RoleName' }],
  ['AWS::IAM::Policy', { nameProperty: 'PolicyName' }],
  ['AWS::IAM::RolePolicy', { nameProperty: 'PolicyName' }],
  [
    'AWS::IAM::ManagedPolicy',
    { arn: `${GLOBAL}:policy/{name}`, nameProperty: 'ManagedPolicyName', ref: 'arn' },
  ],
  [
    'AWS::IAM::InstanceProfile',
    { arn: `${GLOBAL}:instance-profile/{name}`, nameProperty: 'InstanceProfileName' },
  ],
  [
    'AWS::IAM::ServiceLinkedRole',
    { arn: `${GLOBAL}:role/aws-service-role/{name}`, nameProperty: 'AWSServiceName' },
  ],
  ['AWS::KMS::Key', { arn: regional('kms', 'key/{name}'), idPrefix: '' }],
  ['AWS::KMS::Alias', { nameProperty: 'AliasName' }],
  ['AWS::EC2::VPC', ec2('vpc', 'vpc-')],
  ['AWS::EC2::Subnet', ec2('subnet', 'subnet-')],
  ['AWS::EC2::SecurityGroup', ec2('security-group', 'sg-')],
  ['AWS::EC2::SecurityGroupIngress', ec2('security-group-rule', 'sgr-')],
  ['AWS::EC2::SecurityGroupEgress', ec2('security-group-rule', 'sgr-')],
  ['AWS::EC2::RouteTable', ec2('route-table', 'rtb-')],
  ['AWS::EC2::Route', {}],
  ['AWS::EC2::SubnetRouteTableAssociation', { idPrefix: 'rtbassoc-' }],
  ['AWS::EC2::InternetGateway', ec2('internet-gateway', 'igw-')],
  ['AWS::EC2::VPCGatewayAttachment', {}],
  ['AWS::EC2::EIP', { idPrefix: 'eipalloc-' }],
  ['AWS::EC2::NatGateway', ec2('natgateway', 'nat-')],
  ['AWS::EC2::VPCEndpoint', ec2('vpc-endpoint', 'vpce-')],
  ['AWS::EC2::FlowLog', ec2('vpc-flow-log', 'fl-')],
  ['AWS::EC2::NetworkAcl', ec2('network-acl', 'acl-')],
  ['AWS::EC2::NetworkAclEntry', {}],
  ['AWS::EC2::SubnetNetworkAclAssociation', { idPrefix: 'aclassoc-' }],
  ['AWS::Logs::ResourcePolicy', { nameProperty: 'PolicyName' }],
  ['AWS::Logs::QueryDefinition', {}],
  ['AWS::Logs::MetricFilter', { nameProperty: 'FilterName' }],
  ['AWS::CloudWatch::Alarm', { arn: regional('cloudwatch', 'alarm:{name}'), nameProperty: 'AlarmName' }],
  [
    'AWS::CloudWatch::CompositeAlarm',
    { arn: regional('cloudwatch', 'alarm:{name}'), nameProperty: 'AlarmName' },
  ],
  ['AWS::CloudWatch::Dashboard', { nameProperty: 'DashboardName' }],
  ['AWS::ECR::Repository', { arn: regional('ecr', 'repository/{name}'), nameProperty: 'RepositoryName' }],
  ['AWS::SQS::QueuePolicy', {}],
  ['AWS::SNS::TopicPolicy', {}],
  ['AWS::S3::BucketPolicy', {}],
  ['AWS::Lambda::Permission', {}],
  ['AWS::ECS::ClusterCapacityProviderAssociations', {}],
  [
    'AWS::Batch::SchedulingPolicy',
    { arn: regional('batch', 'scheduling-policy/{name}'), nameProperty: 'Name', ref: 'arn' },
  ],
  ['AWS::CDK::Metadata', {}],
  ['AWS::CloudFormation::WaitConditionHandle', {}],
  ['AWS::ResourceGroups::Group', { nameProperty: 'Name' }],
  ['AWS::ApplicationInsights::Application', {}],
  ['AWS::XRay::Group', { nameProperty: 'GroupName' }],
  ['AWS::XRay::SamplingRule', {}],
]);

const ID_DIGITS = 17;

/** True for a type that the yard records and need not host. */
export function isRecorded(type: string): boolean {
  return RECORDED.has(type);
}

/** What Ref and GetAtt give for something that is only noted: a recorded type, or one that the yard does not host. */
export function record(type: string, properties: JsonObject, context: ProvisionContext): Provisioned {
  const entry = RECORDED.get(type) ?? unknownRecord(type);
  const name = nameOf(type, entry, properties, context);
  // IAM's ARNs hold the path before the name.
  const path = type.startsWith('AWS::IAM::') ? (textOf(properties['Path']) ?? '/').slice(1) : '';
  const arn = entry.arn?.replace('{name}', path + name);
  return {
    ref: entry.ref === 'arn' && arn !== undefined ? arn : name,
    attributes: {
      ...(arn === undefined ? {} : { Arn: arn }),
      ...particular(type, name, properties, context),
    },
    otherAttribute: (attribute) => otherAttribute(attribute, name, arn),
  };
}

function nameOf(type: string, entry: RecordEntry, properties: JsonObject, context: ProvisionContext): string {
  const { stackName, logicalId } = context;
  if (type === 'AWS::KMS::Key') return uuidOf(stableId(stackName, logicalId, 32));
  if (entry.idPrefix !== undefined) return entry.idPrefix + stableId(stackName, logicalId, ID_DIGITS);
  const given = entry.nameProperty === undefined ? undefined : textOf(properties[entry.nameProperty]);
  return context.name(given, { lengthMax: type.startsWith('AWS::IAM::') ? 64 : 255 });
}

/** Attributes by their own rules. */
function particular(
  type: string,
  name: string,
  properties: JsonObject,
  context: ProvisionContext,
): JsonObject {
  switch (type) {
    case 'AWS::IAM::Role':
      return { RoleId: `AROA${stableId(context.stackName, context.logicalId, 16).toUpperCase()}` };
    case 'AWS::KMS::Key':
      return { KeyId: name };
    case 'AWS::EC2::VPC':
      return {
        VpcId: name,
        CidrBlock: properties['CidrBlock'] ?? '10.0.0.0/16',
        DefaultSecurityGroup: `sg-${stableId(context.stackName, `${context.logicalId}/default`, ID_DIGITS)}`,
        DefaultNetworkAcl: `acl-${stableId(context.stackName, `${context.logicalId}/default`, ID_DIGITS)}`,
        Ipv6CidrBlocks: [],
        CidrBlockAssociations: [],
      };
    case 'AWS::EC2::Subnet':
      return {
        SubnetId: name,
        AvailabilityZone: properties['AvailabilityZone'] ?? `${REGION}a`,
        VpcId: properties['VpcId'] ?? '',
        Ipv6CidrBlocks: [],
      };
    case 'AWS::EC2::SecurityGroup':
      return { GroupId: name, VpcId: properties['VpcId'] ?? '' };
    default:
      return {};
  }
}

/** A type that is not in the table: its name is guessed from the properties that types usually have. */
function unknownRecord(type: string): RecordEntry {
  const [, service = 'custom', kind = 'resource'] = type.split('::');
  return {
    arn: regional(service.toLowerCase(), `${kind.toLowerCase()}/{name}`),
    nameProperty: 'Name',
  };
}

function otherAttribute(attribute: string, name: string, arn: string | undefined): string {
  if (attribute.endsWith('Arn')) return arn ?? `arn:${PARTITION}:stepyard:${REGION}:${ACCOUNT_ID}:${name}`;
  // A name that can never resolve (RFC 2606): a call there fails at once, and says why.
  if (/(?:Url|URL|Endpoint|Uri|URI)$/u.test(attribute))
    return `https://${name.toLowerCase()}.not-hosted.invalid`;
  if (/^(?:Id|.*Id|Name|Ref)$/u.test(attribute)) return name;
  return `${name}/${attribute}`;
}

function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
