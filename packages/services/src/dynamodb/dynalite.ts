import { createRequire } from 'node:module';
import type { Json, JsonObject } from '@stepyard/asl';

/**
 * dynalite without its HTTP server: the same steps that its request handler takes (check the types, check the values, run the
 * action), called in process. This is the one file that knows dynalite's insides; its version is pinned exactly and
 * dynamodb.test.ts is the contract.
 */

export type Members = Record<string, Json>;

/** dynalite's store of tables: a LevelDB, or an in-memory one. */
export interface Store {
  readonly tableDb: {
    awsAccountId: string;
    awsRegion: string;
    get(key: string, callback: (error: Error | null, table?: Members) => void): void;
    put(key: string, table: Members, callback: (error: Error | null) => void): void;
    lock(key: string, holder: (release: (callback: () => void) => () => void) => void): void;
  };
  readonly db: { close(callback: (error?: Error | null) => void): void; open(): Promise<void> };
}

/** How dynalite reports an API error. */
export interface DynaliteError extends Error {
  readonly statusCode?: number;
  readonly body?: JsonObject;
}

type Action = (
  store: Store,
  data: Members,
  callback: (error: DynaliteError | null, output?: Json) => void,
) => void;

interface Validation {
  readonly types: JsonObject;
  readonly custom?: (data: Members, store: Store) => string | undefined;
}

interface Validations {
  checkTypes(data: Members, types: JsonObject): Members;
  checkValidations(data: Members, types: JsonObject, custom: Validation['custom'], store: Store): void;
}

interface Database {
  create(options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }): Store;
  checkConditional: (
    this: void,
    data: Members,
    existingItem: Json | undefined,
  ) => DynaliteError | null | undefined;
}

const require = createRequire(import.meta.url);
const validations = require('dynalite/validations') as Validations;
const database = require('dynalite/db') as Database;

/** Marks a request that wants the item which made its condition fail; dynalite itself drops the member. */
export const WANTS_ITEM_ON_FAILURE = 'ReturnValuesOnConditionCheckFailure';

// dynalite checks a condition while it holds the item's lock, and only there is the item that failed it at hand. Its actions call
// the check through the module's exports, so that this is the one place where the item can be added to the error.
const checkConditional = database.checkConditional;
database.checkConditional = (data, existingItem) => {
  const error = checkConditional(data, existingItem);
  if (error && existingItem !== undefined && data[WANTS_ITEM_ON_FAILURE] === 'ALL_OLD') {
    return Object.assign(error, { body: { ...error.body, Item: existingItem } });
  }
  return error;
};

/** Opens the tables under `path`, or in memory. Table changes take effect at once. */
export function openStore(path: string | undefined): Store {
  return database.create({
    ...(path === undefined ? {} : { path }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
}

export interface Operation {
  /** The request members that dynalite reads; it drops any other silently. */
  readonly members: ReadonlySet<string>;
  /** Checks the request and returns dynalite's normal form of it. Throws {@link DynaliteError}. */
  check(data: Members, store: Store): Members;
  /** Runs the action on checked data. Rejects with {@link DynaliteError}. */
  run(data: Members, store: Store): Promise<Json>;
}

/** An operation of dynalite by its file name: `putItem`. */
export function dynaliteOperation(name: string): Operation {
  const { types, custom } = require(`dynalite/validations/${name}`) as Validation;
  const action = require(`dynalite/actions/${name}`) as Action;
  return {
    members: new Set(Object.keys(types)),
    check(data, store) {
      const checked = validations.checkTypes({ ...data }, types);
      validations.checkValidations(checked, types, custom, store);
      return checked;
    },
    run: (data, store) =>
      new Promise((resolve, reject) => {
        action(store, data, (error, output) => {
          if (error === null || error === undefined) resolve(output ?? {});
          else reject(error);
        });
      }),
  };
}
