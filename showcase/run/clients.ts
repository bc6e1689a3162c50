import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The AWS SDK, as any program would use it, pointed at the yard. */
export interface Clients {
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
}

export const REGION = 'us-east-1';
/** The yard takes any credentials. */
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' } as const;

export function createClients(endpoint: string): Clients {
  const config = { endpoint, region: REGION, credentials: CREDENTIALS };
  return {
    sfn: new SFNClient(config),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
    dynamodb: new DynamoDBClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
  };
}

export function destroyClients(clients: Clients): void {
  for (const client of [clients.sfn, clients.sqs, clients.dynamodb, clients.s3]) client.destroy();
}
