import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The algorithms of States.Hash and $hash, by AWS's exact names. */
const ALGORITHMS: ReadonlyMap<string, (data: Uint8Array) => Uint8Array> = new Map([
  ['MD5', md5],
  ['SHA-1', sha1],
  ['SHA-256', sha256],
  ['SHA-384', sha384],
  ['SHA-512', sha512],
]);

/** Hashes a text's UTF-8 bytes to hexadecimal; undefined when there is no such algorithm. */
export function hashText(text: string, algorithm: string): string | undefined {
  const hash = ALGORITHMS.get(algorithm);
  return hash && bytesToHex(hash(utf8ToBytes(text)));
}
