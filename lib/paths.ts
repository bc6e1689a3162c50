import { fileURLToPath } from 'node:url';

/** A path in the repository, from its root: the app works from whatever directory it is started in. */
export function repositoryPath(...parts: readonly string[]): string {
  return fileURLToPath(new URL(['..', ...parts].join('/'), import.meta.url));
}
