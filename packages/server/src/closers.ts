interface Closable {
  close(): Promise<void>;
}

/** What has to be closed, in the reverse order of opening. One that fails does not keep the others from closing. */
export class Closers {
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborts when the start has failed: what is still being opened may give up. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    this.#abort.abort();
  }

  add(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  /** Rejects, when all is over, with what failed. Safe to call twice. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the yard did not close cleanly');
  }
}

/** Waits for all, so that whatever was opened is known and gets closed when another of them fails. */
export async function allOrNone<T extends readonly (Closable | string | undefined)[]>(
  closers: Closers,
  opening: { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const settled = await Promise.allSettled(
    opening.map(async (promise) => {
      try {
        const opened = await promise;
        if (typeof opened === 'object') closers.add(() => opened.close());
        return opened;
      } catch (error) {
        closers.abort();
        throw error;
      }
    }),
  );
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return await Promise.all(opening);
}
