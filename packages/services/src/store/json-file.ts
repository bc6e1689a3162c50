import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * A small value kept as one JSON file, for stores that change seldom. `undefined` for a path keeps nothing. Each write is whole or not
 * at all: a crash in the middle leaves the file as it was.
 */
export class JsonFile<Value> {
  readonly #path: string | undefined;

  constructor(path: string | undefined) {
    this.#path = path;
  }

  /** What was written last, or `otherwise`. Throws when there is a file that cannot be read or is not JSON. */
  read(otherwise: Value): Value {
    if (this.#path === undefined) return otherwise;
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return otherwise;
      throw error;
    }
    return JSON.parse(text) as Value;
  }

  write(value: Value): void {
    if (this.#path === undefined) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    writeFileSync(`${this.#path}.new`, JSON.stringify(value, undefined, 2));
    renameSync(`${this.#path}.new`, this.#path);
  }
}
