import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode, UserError } from '../../user-error.ts';

/** Folders deeper than this are not searched: a link that leads back up would never end. */
const FOLDER_DEPTH_MAX = 64;

export interface DefinitionFile {
  readonly path: string;
  /** Whether the user named the file itself; one that was found in a directory may turn out to hold no machine. */
  readonly isNamed: boolean;
}

/**
 * The files to check: those named, and in directories all of `.asl.json`, `.asl.yaml`, `.asl.yml` and other `.json`, in order
 * of their names; folders whose names begin with a dot and `node_modules` are passed over. Throws UserError.
 */
export function definitionFiles(paths: readonly string[]): DefinitionFile[] {
  const files = paths.flatMap((path): DefinitionFile[] => {
    if (!isDirectory(path)) return [{ path, isNamed: true }];
    const found: DefinitionFile[] = [];
    search(path, 0, found);
    return found;
  });
  const seen = new Set<string>();
  return files.filter(({ path }) => !seen.has(path) && seen.add(path));
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Reading it as a file says what is wrong.
    return false;
  }
}

function search(folder: string, depth: number, found: DefinitionFile[]): void {
  if (depth > FOLDER_DEPTH_MAX) return;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules') search(path, depth + 1, found);
    } else if (entry.isFile() && /\.json$|\.asl\.ya?ml$/u.test(entry.name)) {
      found.push({ path, isNamed: false });
    }
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new UserError(`${folder} cannot be searched: ${systemErrorCode(error) ?? 'unknown error'}.`);
  }
}
