import { processPartialResponse, SqsFifoPartialProcessorAsync } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { environment } from '../shared/environment.ts';
import { instrumented, logger, metrics, tracer } from '../shared/instrumented.ts';
import type { Receipt, TransferredRecord } from './transferred-record.ts';
import { receiptFor, transferredRecord } from './transferred-record.ts';

const processor = new SqsFifoPartialProcessorAsync();
const config = new IdempotencyConfig({
  eventKeyJmesPath: 'key',
  throwOnNoIdempotencyKey: true,
  expiresAfterSeconds: Number(environment('LEDGER_SECONDS')),
});
const persistenceStore = new DynamoDBPersistenceLayer({
  tableName: environment('LEDGER_TABLE_NAME'),
  awsSdkV3Client: tracer.captureAWSv3Client(new DynamoDBClient({})),
});

/**
 * Consumes a record once. The queue delivers at least once and forgets duplicates after five minutes, a redriven or
 * rescheduled transfer sends again: the ledger, not the queue, makes the second delivery harmless. The receipt is what the
 * ledger keeps and what a repeat gets back.
 */
const consumeOnce = makeIdempotent(
  (record: TransferredRecord): Promise<Receipt> => {
    metrics.addMetric('RecordsConsumed', MetricUnit.Count, 1);
    logger.info('Record consumed', { recordId: record.id, recordVersion: record.version });
    return Promise.resolve(receiptFor(record));
  },
  { persistenceStore, config },
);

async function consume(message: SQSRecord): Promise<Receipt> {
  return await consumeOnce(transferredRecord(message));
}

/**
 * Answers with the messages that failed, so that only those come back. A failure holds up its own message group, which is
 * one record, and no other.
 */
export const handler = instrumented('consumer', async (event: SQSEvent, context) => {
  config.registerLambdaContext(context);
  return await processPartialResponse(event, consume, processor, { context, skipGroupOnError: true });
});
