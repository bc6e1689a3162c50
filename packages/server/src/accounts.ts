import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError, type Engine } from '@stepyard/engine';
import type { Account } from './account.ts';
import { Closers } from './closers.ts';

/** Accounts besides the main one: each has an engine and stores of its own. */
export const ACCOUNTS_MAX = 16;
const ID = /^\d{12}$/u;

/** Opens one account with all that is to be closed again; `dataDir` is undefined where everything is in memory. */
export type OpenAccount = (id: string, dataDir: string | undefined, closers: Closers) => Promise<Account>;

/**
 * The accounts of a yard besides its main one, opened when somebody first calls as one, or when a restart finds their data. Each keeps
 * its data in `<dataDir>/accounts/<id>`.
 */
export class Accounts {
  readonly #open: OpenAccount;
  readonly #root: string | undefined;
  readonly #accounts = new Map<string, Promise<Account>>();
  readonly #ready = new Map<string, Account>();
  readonly #closers = new Closers();
  #isClosed = false;

  constructor(dataDir: string | undefined, open: OpenAccount) {
    this.#open = open;
    this.#root = dataDir === undefined ? undefined : join(dataDir, 'accounts');
  }

  /** Takes the main account, which is open already and closed by whoever opened it. */
  adopt(account: Account): void {
    this.#ready.set(account.id, account);
    this.#accounts.set(account.id, Promise.resolve(account));
  }

  /** Opens those that have data: their executions go on. */
  async restore(): Promise<void> {
    const root = this.#root;
    if (root === undefined || !existsSync(root)) return;
    await Promise.all(
      readdirSync(root)
        .filter((name) => ID.test(name))
        .map((id) => this.open(id)),
    );
  }

  /** Of all that are open besides the main one. */
  engines(): readonly Engine[] {
    return Array.from(this.#ready.values(), ({ engine }) => engine);
  }

  /** An account that is open. */
  find(id: string): Account | undefined {
    return this.#ready.get(id);
  }

  /** The account of that id, opened if need be. Rejects with ServiceError when there are too many, or none more. */
  async open(id: string): Promise<Account> {
    const known = this.#accounts.get(id);
    if (known !== undefined) return await known;
    if (this.#isClosed) throw refusal('ServiceUnavailable', 'Stepyard is ending.', 503);
    // The main one is among them.
    if (this.#accounts.size > ACCOUNTS_MAX) {
      throw refusal(
        'LimitExceededException',
        `Stepyard has ${ACCOUNTS_MAX} accounts besides its own already; the account ${id} is one too many.`,
        400,
      );
    }
    const opening = this.#openNew(id);
    this.#accounts.set(id, opening);
    return await opening;
  }

  async #openNew(id: string): Promise<Account> {
    const closers = new Closers();
    this.#closers.add(() => closers.close());
    try {
      const account = await this.#open(
        id,
        this.#root === undefined ? undefined : join(this.#root, id),
        closers,
      );
      this.#ready.set(id, account);
      return account;
    } catch (error) {
      // The next call tries again.
      this.#accounts.delete(id);
      await closers.close();
      throw error;
    }
  }

  /** Closes all but the main one. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#accounts.values());
    await this.#closers.close();
  }
}

function refusal(code: string, message: string, statusCode: number): ServiceError {
  return new ServiceError({ service: 'stepyard', code, message, statusCode });
}
