import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { apiError } from '../service.ts';

/** Lambda's limit for a function unpacked. */
const UNPACKED_BYTES_MAX = 250 * 1024 * 1024;
const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const UNIX_SYMLINK = 0xa000;

/**
 * Unpacks a deployment package. Throws InvalidParameterValueException for one that is damaged, too large, or that would write
 * outside the directory.
 */
export async function unzip(archive: Buffer, directory: string): Promise<void> {
  const root = resolve(directory);
  let budget = UNPACKED_BYTES_MAX;
  for (const entry of entries(archive)) {
    const target = resolve(root, entry.name);
    if (target !== root && !target.startsWith(root + sep))
      fail(`it has the path ${JSON.stringify(entry.name)}`);
    if (entry.name.endsWith('/')) {
      await mkdir(target, { recursive: true });
      continue;
    }
    const content = unpack(archive, entry, budget);
    budget -= content.length;
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content, { mode: entry.executable ? 0o755 : 0o644 });
  }
}

interface Entry {
  readonly name: string;
  readonly method: number;
  readonly packedBytes: number;
  readonly offset: number;
  readonly executable: boolean;
}

function* entries(archive: Buffer): Generator<Entry> {
  const end = findEnd(archive);
  const count = archive.readUInt16LE(end + 10);
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + ENTRY_BYTES > archive.length || archive.readUInt32LE(at) !== DIRECTORY_ENTRY)
      fail('its directory is damaged');
    const nameBytes = archive.readUInt16LE(at + 28);
    const mode = archive.readUInt32LE(at + 38) >>> 16;
    const name = archive.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
    if ((mode & 0xf000) === UNIX_SYMLINK) fail(`${join(name)} is a symbolic link`);
    yield {
      name,
      method: archive.readUInt16LE(at + 10),
      packedBytes: archive.readUInt32LE(at + 20),
      offset: archive.readUInt32LE(at + 42),
      executable: (mode & 0o111) !== 0,
    };
    at += ENTRY_BYTES + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function findEnd(archive: Buffer): number {
  for (let at = archive.length - END_BYTES; at >= Math.max(0, archive.length - END_BYTES - 0xffff); at -= 1) {
    if (archive.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  }
  return fail('it has no directory');
}

function unpack(archive: Buffer, entry: Entry, bytesMax: number): Buffer {
  if (entry.offset + LOCAL_HEADER_BYTES > archive.length) fail('its directory is damaged');
  const start =
    entry.offset +
    LOCAL_HEADER_BYTES +
    archive.readUInt16LE(entry.offset + 26) +
    archive.readUInt16LE(entry.offset + 28);
  const packed = archive.subarray(start, start + entry.packedBytes);
  if (packed.length !== entry.packedBytes) fail('it is cut short');
  if (entry.method === STORED) {
    if (packed.length > bytesMax) fail(`it is longer than ${UNPACKED_BYTES_MAX} bytes unpacked`);
    return packed;
  }
  if (entry.method !== DEFLATED) fail(`${entry.name} is packed by method ${entry.method}`);
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytesMax) });
  } catch (error) {
    return fail(`${entry.name}: ${(error as Error).message}`);
  }
}

function fail(reason: string): never {
  throw apiError(
    'lambda',
    'InvalidParameterValueException',
    `Could not unzip uploaded file. Please check your file, then try to upload again. (${reason})`,
  );
}
