/**
 * What the app costs: a table made from the templates, for the README (npm run docs). Prices are AWS's list prices for US East
 * (N. Virginia), without free tiers and discounts; the page that has each is named, and is what counts.
 */
export const PRICES_AS_OF = '2026-06';

const HOURS_A_MONTH = 730;

interface Price {
  /** US dollars a month for each resource that stands, used or not. */
  readonly standingUsd: number;
  /** What its use costs. */
  readonly use: string;
  /** Under https://aws.amazon.com/. */
  readonly page: string;
}

const PRICES: Readonly<Record<string, Price>> = {
  'AWS::ApiGatewayV2::Api': {
    standingUsd: 0,
    use: '$1.00 per million requests',
    page: 'api-gateway/pricing',
  },
  'AWS::Batch::JobDefinition': {
    standingUsd: 0,
    use: 'the Fargate task under each job: $0.04048 per vCPU-hour and $0.004445 per GB-hour, ARM $0.03238 and $0.00356',
    page: 'fargate/pricing',
  },
  'AWS::CloudWatch::Alarm': { standingUsd: 0.1, use: '', page: 'cloudwatch/pricing' },
  'AWS::CloudWatch::Dashboard': { standingUsd: 3, use: '', page: 'cloudwatch/pricing' },
  'AWS::DynamoDB::Table': {
    standingUsd: 0,
    use: '$0.625 per million writes, $0.125 per million reads, storage and its backups',
    page: 'dynamodb/pricing',
  },
  'AWS::EC2::EIP': { standingUsd: 0.005 * HOURS_A_MONTH, use: '', page: 'vpc/pricing' },
  'AWS::EC2::NatGateway': { standingUsd: 0.045 * HOURS_A_MONTH, use: '$0.045 per GB', page: 'vpc/pricing' },
  'AWS::ECS::TaskDefinition': {
    standingUsd: 0,
    use: 'as the Batch job; in public subnets $0.005 per hour for the address',
    page: 'fargate/pricing',
  },
  'AWS::KMS::Key': {
    standingUsd: 1,
    use: '$0.03 per 10,000 requests; $1 a month more for each of the first two rotations',
    page: 'kms/pricing',
  },
  'AWS::Lambda::Function': {
    standingUsd: 0,
    use: '$0.20 per million requests, $0.0000133334 per GB-second (ARM)',
    page: 'lambda/pricing',
  },
  'AWS::Logs::LogGroup': {
    standingUsd: 0,
    use: '$0.50 per GB written, storage until it expires',
    page: 'cloudwatch/pricing',
  },
  'AWS::S3::Bucket': { standingUsd: 0, use: 'storage and requests', page: 's3/pricing' },
  'AWS::SNS::Topic': {
    standingUsd: 0,
    use: '$0.50 per million messages, and their delivery',
    page: 'sns/pricing',
  },
  'AWS::SQS::Queue': { standingUsd: 0, use: '$0.40 per million requests, FIFO $0.50', page: 'sqs/pricing' },
  'AWS::Scheduler::Schedule': { standingUsd: 0, use: 'invocations', page: 'eventbridge/pricing' },
  'AWS::StepFunctions::StateMachine': {
    standingUsd: 0,
    use: 'Standard $25 per million transitions; Express $1 per million requests and $0.00001667 per GB-second',
    page: 'step-functions/pricing',
  },
};

/** What no bill names: permissions, wiring, and what costs only through something else that is in the table. */
const FREE: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::Batch::ComputeEnvironment',
  'AWS::Batch::JobQueue',
  'AWS::EC2::FlowLog',
  'AWS::EC2::InternetGateway',
  'AWS::EC2::Route',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::VPC',
  'AWS::EC2::VPCEndpoint',
  'AWS::EC2::VPCGatewayAttachment',
  'AWS::ECS::Cluster',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventSourceMapping',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::StepFunctions::Activity',
]);

/** The CloudFormation types of a stage's resources, each as often as there are resources of it. */
export type StageResources = Readonly<Record<'dev' | 'prod', readonly string[]>>;

/** Types that stand in a stage but neither cost nor are known to be free; and those that stand in none. */
export function costGaps({ dev, prod }: StageResources): {
  readonly unpriced: string[];
  readonly unused: string[];
} {
  const present = new Set([...dev, ...prod]);
  const known = [...Object.keys(PRICES), ...FREE];
  return {
    unpriced: [...present].filter((type) => !known.includes(type)).toSorted(),
    unused: known.filter((type) => !present.has(type)).toSorted(),
  };
}

/** The table, in Markdown: a row for each billed type that stands in a stage, and the sum. */
export function costTable({ dev, prod }: StageResources): string {
  const rows = Object.entries(PRICES).map(([type, { standingUsd, use, page }]) => {
    const inDev = count(dev, type);
    const inProd = count(prod, type);
    const standing = standingUsd === 0 ? '' : `${usd(standingUsd)} each`;
    const link = `[${page.split('/')[0] ?? page}](https://aws.amazon.com/${page}/)`;
    return `| ${type.replace('AWS::', '')} | ${inDev} | ${inProd} | ${standing} | ${use} | ${link} |`;
  });
  return [
    '| resource | dev | prod | a month, standing | by use | price list |',
    '|---|---:|---:|---|---|---|',
    ...rows,
    `| **standing, a month** | **${usd(standingOf(dev))}** | **${usd(standingOf(prod))}** | | | |`,
  ].join('\n');
}

/** US dollars a month for what stands in a stage, before anything runs. */
export function standingOf(types: readonly string[]): number {
  return types.reduce((sum, type) => sum + (PRICES[type]?.standingUsd ?? 0), 0);
}

function count(types: readonly string[], type: string): number {
  return types.filter((other) => other === type).length;
}

function usd(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
