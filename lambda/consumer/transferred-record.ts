import { createHash } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import { z } from 'zod';

/** One record as the transfer sent it. */
export interface TransferredRecord {
  /**
   * What makes two messages the same: SHA-256 of id, version and payload. The payload is in it because a writer may forget
   * to raise the version of a record that it changes.
   */
  readonly key: string;
  readonly id: string;
  readonly version: string;
  readonly payload: string;
}

/** What the ledger keeps of a consumed record. */
export interface Receipt {
  readonly id: string;
  readonly version: string;
  readonly payloadSha256: string;
  readonly payloadBytes: number;
}

const Attributes = z.object({
  recordId: z.object({ stringValue: z.string().min(1) }),
  recordVersion: z.object({ stringValue: z.string().min(1) }),
});

const Payload = z.string().min(1);

/** Reads a queue message. Throws ZodError when it is none of the transfer's. */
export function transferredRecord(message: SQSRecord): TransferredRecord {
  const attributes = Attributes.parse(message.messageAttributes);
  const payload = Payload.parse(message.body);
  const id = attributes.recordId.stringValue;
  const version = attributes.recordVersion.stringValue;
  return { key: sha256(JSON.stringify([id, version, payload])), id, version, payload };
}

export function receiptFor(record: TransferredRecord): Receipt {
  return {
    id: record.id,
    version: record.version,
    payloadSha256: sha256(record.payload),
    payloadBytes: Buffer.byteLength(record.payload),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
