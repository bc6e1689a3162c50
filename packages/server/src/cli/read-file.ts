import { readFileSync } from 'node:fs';
import { systemErrorCode, UserError } from '../user-error.ts';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'it may not be read'],
]);

/** Reads a file that the user named. Throws {@link UserError}. */
export function readUserFile(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = systemErrorCode(error) ?? 'unknown error';
    throw new UserError(`${path} cannot be read: ${REASONS.get(code) ?? code}.`);
  }
}
