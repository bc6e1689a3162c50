/**
 * Snapshots as bytes: a format number, how the rest is packed, a checksum, and the lists in V8's own serialisation, which keeps
 * what is shared shared (a document that goes through a thousand states is there once) and which later versions of V8 read.
 */
import { deserialize, serialize } from 'node:v8';
import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Program } from '@stepyard/asl';
import type { Execution } from '../core/execution.ts';
import type { Started } from '../core/input.ts';
import { restore } from '../core/snapshot/restore.ts';
import type { Saved } from '../core/snapshot/save.ts';
import { SnapshotUnreadable } from '../core/snapshot/saved-reader.ts';
import { workViolations } from '../invariants/work-violations.ts';

/** It goes up when the lists of core/snapshot/save.ts change; every older one stays readable, or is replayed instead. */
export const SNAPSHOT_FORMAT = 1;

const HEAD_BYTES = 6;
const PLAIN = 0;
const DEFLATED = 1;
/** Below this, deflating costs more than it saves. */
const DEFLATED_FROM_BYTES = 4096;
/** What inflates to more was not written here: a history is 25,000 events, and their values are shared. */
const INFLATED_BYTES_MAX = 2 ** 30;

export function snapshotBytes(saved: Saved): Uint8Array {
  const plain = serialize(saved);
  const isLong = plain.length >= DEFLATED_FROM_BYTES;
  const packed = isLong ? deflateRawSync(plain, { level: 1 }) : plain;
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + packed.length);
  bytes.writeUInt8(SNAPSHOT_FORMAT, 0);
  bytes.writeUInt8(isLong ? DEFLATED : PLAIN, 1);
  bytes.writeUInt32LE(crc32(packed), 2);
  packed.copy(bytes, HEAD_BYTES);
  return bytes;
}

/** The execution as the last of its snapshots has it, with the history in all of them. Throws {@link SnapshotUnreadable}. */
export function readSnapshots(program: Program, started: Started, parts: readonly Uint8Array[]): Execution {
  const execution = restore(program, started, parts.map(readSnapshot));
  const [wrong] = workViolations(execution);
  if (wrong !== undefined) throw new SnapshotUnreadable(wrong);
  return execution;
}

/** What was saved, unchecked. */
function readSnapshot(bytes: Uint8Array): unknown {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length <= HEAD_BYTES) throw new SnapshotUnreadable('the snapshot is too short');
  const format = buffer.readUInt8(0);
  if (format !== SNAPSHOT_FORMAT) throw new SnapshotUnreadable(`the snapshot has format ${format}`);
  const packed = buffer.subarray(HEAD_BYTES);
  if (crc32(packed) !== buffer.readUInt32LE(2)) throw new SnapshotUnreadable('the snapshot is damaged');
  try {
    const isDeflated = buffer.readUInt8(1) === DEFLATED;
    return deserialize(isDeflated ? inflateRawSync(packed, { maxOutputLength: INFLATED_BYTES_MAX }) : packed);
  } catch (error) {
    throw new SnapshotUnreadable(
      `the snapshot cannot be read (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
