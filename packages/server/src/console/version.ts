import { readFileSync } from 'node:fs';
import { isObject, parseJson } from '@stepyard/asl';
import { textIn } from './members.ts';

/** The version of this package, as its manifest has it. */
export const STEPYARD_VERSION: string = readVersion();

function readVersion(): string {
  const manifest = parseJson(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return isObject(manifest) ? (textIn(manifest, 'version') ?? '') : '';
}
