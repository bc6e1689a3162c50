import type { DatabaseSync } from 'node:sqlite';
import type { SqsStore } from './fauxqs.ts';

/** How long a FIFO queue remembers a deduplication id (SQS developer guide, "Exactly-once processing"). */
const WINDOW_MS = 300_000;

/**
 * FIFO queues remember what they were sent across restarts: fauxqs keeps that in memory alone, and whoever sends again after a lost
 * answer, as a workflow does whose yard was killed, would have its message twice. A trigger writes the ids down in the statement
 * that writes the message, so there is never one without the other. What is remembered counts its five minutes from the restart. To be
 * called once the queues are loaded.
 */
export function rememberDeduplication(database: DatabaseSync, sqsStore: SqsStore): void {
  database.exec(`
    CREATE TABLE IF NOT EXISTS stepyard_deduplication (
      queue_name TEXT NOT NULL,
      deduplication_id TEXT NOT NULL,
      message_id TEXT NOT NULL,
      sequence_number TEXT,
      sent_ms INTEGER NOT NULL,
      PRIMARY KEY (queue_name, deduplication_id)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS stepyard_deduplication_sent ON stepyard_deduplication (sent_ms);
    CREATE TRIGGER IF NOT EXISTS stepyard_deduplicate AFTER INSERT ON sqs_messages
    WHEN new.message_deduplication_id IS NOT NULL
    BEGIN
      DELETE FROM stepyard_deduplication WHERE sent_ms <= new.sent_timestamp - ${WINDOW_MS};
      INSERT OR REPLACE INTO stepyard_deduplication VALUES
        (new.queue_name, new.message_deduplication_id, new.message_id, new.sequence_number, new.sent_timestamp);
    END;
  `);
  const sent = database.prepare(
    'SELECT * FROM stepyard_deduplication WHERE queue_name = ? AND sent_ms > ? AND sent_ms >= ?',
  );
  for (const queue of sqsStore.allQueues()) {
    // A queue of the same name that was deleted is another one.
    const createdMs = queue.createdTimestamp * 1000;
    for (const row of sent.all(queue.name, Date.now() - WINDOW_MS, createdMs)) {
      const { deduplication_id: id, message_id: messageId, sequence_number: sequence } = row;
      queue.recordDeduplication(
        String(id),
        String(messageId),
        sequence === null ? undefined : String(sequence),
      );
    }
  }
}
