import { readFileSync, statSync } from 'node:fs';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { AssemblyError } from './assembly-error.ts';
import { messageOf } from '../message-of.ts';

/** CloudFormation's own limit of a template in S3. */
export const TEMPLATE_BYTES_MAX = 1_048_576;
/** Manifests and asset lists. */
export const MANIFEST_BYTES_MAX = 16 * 1_048_576;
/** Deepest nesting of a template. */
export const DEPTH_MAX = 100;

/** Reads a JSON object from a file, within limits of size and depth. Throws an AssemblyError that names the file. */
export function readJsonFile(path: string, bytesMax: number): JsonObject {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > bytesMax) throw new AssemblyError(`${path} has ${size} bytes; at most ${bytesMax} are read`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof AssemblyError) throw error;
    throw new AssemblyError(`${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new AssemblyError(`${path} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (!isObject(value)) throw new AssemblyError(`${path} is not a JSON object`);
  if (isDeeperThan(value, DEPTH_MAX))
    throw new AssemblyError(`${path} is nested deeper than ${DEPTH_MAX} levels`);
  return value;
}

/** Without recursion: the depth of outside input is not trusted to fit the stack. */
function isDeeperThan(root: Json, depthMax: number): boolean {
  let level: readonly Json[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > depthMax) return true;
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values<Json>(value) : [],
    );
  }
  return false;
}
