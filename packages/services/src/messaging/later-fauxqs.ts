import { existsSync } from 'node:fs';
import { openFauxqs, type Fauxqs } from './fauxqs.ts';

/**
 * fauxqs, opened when it is first needed: the HTTP framework under it takes a fifth of the start of an empty yard. Where it has kept
 * data it is opened at once, so that `opened` can say without waiting what there is; where it has not, there is nothing to say.
 */
export class LaterFauxqs {
  readonly #open: () => Promise<Fauxqs>;
  #opening: Promise<Fauxqs> | undefined;
  #opened: Fauxqs | undefined;
  #isClosed = false;

  private constructor(open: () => Promise<Fauxqs>) {
    this.#open = open;
  }

  /** `rest`: as {@link openFauxqs} has them. */
  static async create(...[directory, ...rest]: Parameters<typeof openFauxqs>): Promise<LaterFauxqs> {
    const later = new LaterFauxqs(() => openFauxqs(directory, ...rest));
    if (directory !== undefined && existsSync(directory)) await later.open();
    return later;
  }

  get opened(): Fauxqs | undefined {
    return this.#opened;
  }

  open(): Promise<Fauxqs> {
    if (this.#isClosed) return Promise.reject(new Error('the services are closed'));
    this.#opening ??= this.#open().then(
      (fauxqs) => (this.#opened = fauxqs),
      (error: unknown) => {
        this.#opening = undefined;
        throw error;
      },
    );
    return this.#opening;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const fauxqs = await this.#opening?.catch(() => undefined);
    await fauxqs?.close();
  }
}
