import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceCaller } from '@stepyard/engine';
import { createCloudWatch, type CloudWatchService } from './cloudwatch/cloudwatch.ts';
import { DYNALITE_OPERATIONS, TIME_TO_LIVE_OPERATIONS } from './dynamodb/operations.ts';
import { Connections } from './events/connections.ts';
import { createEvents, type EventsService } from './events/events.ts';
import { createHttp } from './http/http-task.ts';
import { createLambda, type LambdaService } from './lambda/lambda.ts';
import { createLogs, type LogsService } from './logs/logs.ts';
import type { FindQueue } from './messaging/account-stores.ts';
import { SNS_ACTIONS, SQS_ACTIONS } from './messaging/fauxqs.ts';
import { LaterFauxqs } from './messaging/later-fauxqs.ts';
import { createMessages, type Messages } from './messaging/messages.ts';
import { PublishedMessages } from './messaging/published.ts';
import { createSns } from './messaging/sns.ts';
import { createSqs } from './messaging/sqs.ts';
import { createCloudFormation, type CloudFormationService } from './plain/cloudformation.ts';
import { createIam } from './plain/iam.ts';
import { createSecretsManager } from './plain/secrets-manager.ts';
import { createSsm } from './plain/ssm.ts';
import { createSts } from './plain/sts.ts';
import { openLater } from './open-later.ts';
import { createS3, S3_OPERATIONS } from './s3/s3.ts';
import { ACCOUNT_ID, type AccountOptions, type HostedService, type LogSink } from './service.ts';

export interface ServicesOptions {
  /** Everything lies below; undefined keeps all in memory. */
  readonly dataDir: string | undefined;
  /** `http://127.0.0.1:4566`, with no slash at the end: where clients reach the gateway. Asked for late, when the port is known. */
  readonly gatewayOrigin: () => string;
  /** The way from EventBridge to its targets, asked for when an event is delivered (createServiceCaller over these services). */
  readonly caller: () => ServiceCaller;
  readonly log: LogSink;
  /** False where time is virtual; true unless given. */
  readonly runsSchedules?: boolean;
  /** Whose services these are, in twelve digits; the main account unless given. */
  readonly account?: string;
  /** The services of another account, where something names it: the queue in a URL or a subscription. */
  readonly elsewhere?: (account: string) => Pick<Services, 'sqs' | 'findQueue'> | undefined;
}

/** The hosted services that hold data or run functions; batch and ecs come besides. */
export interface Services {
  readonly dynamodb: HostedService;
  readonly sqs: HostedService;
  readonly sns: HostedService;
  readonly s3: HostedService;
  readonly lambda: LambdaService;
  readonly eventbridge: EventsService;
  readonly logs: LogsService;
  readonly cloudwatch: CloudWatchService;
  readonly secretsmanager: HostedService;
  readonly ssm: HostedService;
  readonly sts: HostedService;
  readonly iam: HostedService;
  readonly cloudformation: CloudFormationService;
  /** Requests of HTTP Tasks and to API Gateway endpoints. */
  readonly http: HostedService;
  readonly all: readonly HostedService[];
  /** What lies in queues and went through topics. */
  readonly messages: Messages;
  /** A queue of this account, for what comes from others. */
  readonly findQueue: FindQueue;
  /** Takes log records, and keeps those of a log group in CloudWatch Logs: for what is hosted besides. */
  readonly log: LogSink;
  /** Closes all: functions' processes end, files are complete. */
  close(): Promise<void>;
}

/** Opens the hosted services. Rejects when the data directory cannot be used. */
export async function createServices(options: ServicesOptions): Promise<Services> {
  const { dataDir, gatewayOrigin, elsewhere, account = ACCOUNT_ID } = options;
  const place: AccountOptions = { dataDir, account };
  if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
  const fauxqs = await LaterFauxqs.create(
    dataDir === undefined ? undefined : join(dataDir, 'messaging'),
    account,
    (arn) => elsewhere?.(arn.split(':')[4] ?? '')?.findQueue(arn),
  );
  const logs = createLogs({ ...place, log: options.log });
  const log = keepingLogs(logs, options.log);
  const sqs = openLater('sqs', SQS_ACTIONS, async () =>
    createSqs(await fauxqs.open(), gatewayOrigin, (other) =>
      other === account ? undefined : elsewhere?.(other)?.sqs,
    ),
  );
  const published = new PublishedMessages();
  const secretsmanager = createSecretsManager(place);
  const connections = new Connections(dataDir, account, secretsmanager);
  const services = {
    dynamodb: openLater('dynamodb', [...DYNALITE_OPERATIONS, ...TIME_TO_LIVE_OPERATIONS], async () => {
      const { createDynamoDb } = await import('./dynamodb/dynamodb.ts');
      return createDynamoDb(place);
    }),
    sqs,
    sns: openLater('sns', SNS_ACTIONS, async () => createSns(await fauxqs.open(), published)),
    s3: openLater('s3', S3_OPERATIONS, async () => createS3(await fauxqs.open())),
    lambda: createLambda({ ...place, gatewayOrigin, log, sqs }),
    eventbridge: createEvents({
      ...place,
      caller: options.caller,
      log,
      connections,
      runsSchedules: options.runsSchedules ?? true,
    }),
    logs,
    cloudwatch: createCloudWatch({ ...place, log }),
    secretsmanager,
    ssm: createSsm(place),
    sts: createSts(place),
    iam: createIam(place),
    cloudformation: createCloudFormation(),
    http: createHttp({ connections }),
  };
  const all = Object.values(services);
  let closing: Promise<void> | undefined;
  return {
    ...services,
    all,
    log,
    messages: createMessages(() => fauxqs.opened, published),
    findQueue: (arn) => fauxqs.opened?.sqsStore.getQueueByArn(arn),
    close() {
      // Events and functions first: they call the others.
      closing ??= (async () => {
        await services.eventbridge.close();
        await services.lambda.close();
        await Promise.all(all.map((service) => service.close()));
        await fauxqs.close();
      })();
      return closing;
    },
  };
}

/** A sink that keeps what has a log group, besides handing it on. */
function keepingLogs(logs: LogsService, next: LogSink): LogSink {
  return (record) => {
    const { logGroup, logStream, message } = record;
    // CloudWatch Logs has no empty events.
    if (logGroup !== undefined && logStream !== undefined && message !== '') {
      logs.append(logGroup, logStream, [{ timestampMs: Date.now(), message }]);
    }
    next(record);
  };
}
