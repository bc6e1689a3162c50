import { RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export const STAGES = ['dev', 'prod'] as const;
export type StageName = (typeof STAGES)[number];

/**
 * Where Fargate's network interfaces live.
 * `public`: public subnets and a public address, no NAT gateway: a demonstration that costs nothing while idle. Nothing can
 * connect to it, for its security group has no ingress.
 * `private`: private subnets behind NAT gateways, no public address.
 */
export interface NetworkConfig {
  readonly mode: 'public' | 'private';
  readonly availabilityZones: number;
  /** 0 in public mode. */
  readonly natGateways: number;
}

/** Everything that differs between stages. Constructs read nothing else from outside. */
export interface StageConfig {
  readonly stage: StageName;
  readonly owner: string;
  /** What becomes of tables, keys, buckets and log groups when their stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  readonly logRetention: RetentionDays;
  /** Powertools' log level for the functions. */
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN';
  /** Whether state machine logs hold inputs and outputs, which may hold personal data. */
  readonly includeExecutionData: boolean;
  readonly network: NetworkConfig;
  /** Gets every notification besides the queue; undefined: nobody. Must confirm the subscription. */
  readonly notificationEmail: string | undefined;
  /** Whether the consumer reads the transfer queue. In dev it does not, so that the messages stay there to be looked at. */
  readonly consumerEnabled: boolean;
  /** Whether the schedule starts the transfer by itself. */
  readonly scheduleEnabled: boolean;
  /** EventBridge Scheduler's expression. */
  readonly scheduleExpression: string;
}

const CONFIGS: Readonly<Record<StageName, Omit<StageConfig, 'notificationEmail'>>> = {
  dev: {
    stage: 'dev',
    owner: 'stepyard',
    removalPolicy: RemovalPolicy.DESTROY,
    deletionProtection: false,
    logRetention: RetentionDays.ONE_WEEK,
    logLevel: 'DEBUG',
    includeExecutionData: true,
    network: { mode: 'public', availabilityZones: 2, natGateways: 0 },
    consumerEnabled: false,
    scheduleEnabled: false,
    scheduleExpression: 'rate(1 hour)',
  },
  prod: {
    stage: 'prod',
    owner: 'stepyard',
    removalPolicy: RemovalPolicy.RETAIN,
    deletionProtection: true,
    logRetention: RetentionDays.THREE_MONTHS,
    logLevel: 'INFO',
    includeExecutionData: false,
    network: { mode: 'private', availabilityZones: 2, natGateways: 2 },
    consumerEnabled: true,
    scheduleEnabled: true,
    scheduleExpression: 'rate(1 hour)',
  },
};

/** A mistake in what the user asked the app for: one line that says what, where and what to do. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConfigError';
  }
}

/** Reads values given with `cdk -c key=value`. */
export type ContextReader = (key: string) => unknown;

/**
 * The configuration of the stage that the context names: `-c stage=dev|prod` (dev when absent), and
 * `-c notificationEmail=you@example.com`. Throws {@link ConfigError}.
 */
export function stageConfig(context: ContextReader): StageConfig {
  const stage = context('stage') ?? 'dev';
  const known = STAGES.find((name) => name === stage);
  if (known === undefined) {
    throw new ConfigError(
      `-c stage=${JSON.stringify(stage)}: unknown stage; use one of ${STAGES.join(', ')}`,
    );
  }
  const config = { ...CONFIGS[known], notificationEmail: emailFrom(context('notificationEmail')) };
  checkConfig(config);
  return config;
}

function emailFrom(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > 254 || !/^[^\s@]+@[^\s@]+\.[^\s@]+$/u.test(value)) {
    throw new ConfigError(`-c notificationEmail=${JSON.stringify(value)}: not an e-mail address`);
  }
  return value;
}

/** Throws {@link ConfigError} for a combination that cannot work, or that no production stage should have. */
export function checkConfig(config: StageConfig): void {
  const { stage, network } = config;
  const refuse = (condition: boolean, message: string): void => {
    if (condition) throw new ConfigError(`stage ${stage}: ${message}`);
  };
  refuse(network.availabilityZones < 2, 'a Fargate network needs at least two availability zones');
  refuse(
    network.mode === 'public' && network.natGateways > 0,
    'a public network needs no NAT gateway; set natGateways to 0',
  );
  refuse(
    network.mode === 'private' && network.natGateways < 1,
    'a private network needs a NAT gateway to pull images through',
  );
  refuse(
    network.natGateways > network.availabilityZones,
    'there are more NAT gateways than availability zones',
  );
  if (stage !== 'prod') return;
  refuse(config.removalPolicy !== RemovalPolicy.RETAIN, 'production data must be retained');
  refuse(!config.deletionProtection, 'production tables need deletion protection');
  refuse(config.includeExecutionData, 'production logs must not hold execution data');
  refuse(config.logLevel === 'DEBUG', 'production functions must not log at DEBUG');
}
