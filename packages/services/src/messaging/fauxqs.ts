import { findPackageJSON } from 'node:module';
import type { DatabaseSync } from 'node:sqlite';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Server } from 'node:http';
import type { Json, JsonObject } from '@stepyard/asl';
import type { buildApp as BuildApp, BuildAppOptions } from 'fauxqs';
import { ACCOUNT_ID } from '../service.ts';
import { ownQueues, ownTopics, type FindQueue } from './account-stores.ts';
import { rememberDeduplication } from './deduplication.ts';

/**
 * fauxqs without its listening server, which would bind to every interface: its stores, the functions behind its SQS and SNS actions,
 * and its S3 routes. Calling an SQS action directly takes 7 µs in memory, where a request injected into its HTTP framework takes
 * 190 µs. This is the one file that knows fauxqs's insides; its version is pinned exactly and the tests of the services on top
 * are the contract.
 */

type Stores = NonNullable<BuildAppOptions['stores']>;
export type SqsStore = Stores['sqsStore'];
export type SnsStore = Stores['snsStore'];
export type S3Store = Stores['s3Store'];

/** What an action reads of a request: the region of its signature (none here: the yard has one region) and its host. */
const NO_REQUEST = { headers: { host: '127.0.0.1' } };

type SqsAction = (body: JsonObject, store: SqsStore, request: typeof NO_REQUEST) => Json | Promise<Json>;
type SnsAction = (
  form: Readonly<Record<string, string>>,
  store: SnsStore,
  sqsStore: SqsStore,
  request: typeof NO_REQUEST,
) => string;

/** An error of a fauxqs action, by the names of its fields. */
export interface FauxqsError extends Error {
  readonly code: string;
  readonly statusCode: number;
  /** SQS only: the code in the query protocol, where it differs. */
  readonly queryCode?: string;
}

/** True for an error that an action raised on purpose. */
export function isFauxqsError(error: unknown): error is FauxqsError {
  return error instanceof Error && ['SqsError', 'SnsError', 'S3Error'].includes(error.name);
}

export interface Fauxqs {
  /** Whose queues and topics these are. */
  readonly account: string;
  readonly sqsStore: SqsStore;
  readonly snsStore: SnsStore;
  readonly s3Store: S3Store;
  /** Runs an SQS action (`SendMessage`) on the members of its JSON protocol. */
  sqs(action: string, body: JsonObject): Promise<Json>;
  /** Runs an SNS action on the fields of the query protocol; returns the XML answer. */
  sns(action: string, form: Readonly<Record<string, string>>): string;
  /** The S3 routes: a server that does not listen; requests are emitted at it. */
  readonly s3Server: Server;
  close(): Promise<void>;
}

/**
 * Opens the stores, on SQLite under `directory` when it is given, else in memory. Queues and topics are those of `account`;
 * `queueElsewhere` finds those of others, for what crosses accounts.
 */
export async function openFauxqs(
  directory: string | undefined,
  account: string = ACCOUNT_ID,
  queueElsewhere: FindQueue = () => undefined,
): Promise<Fauxqs> {
  const { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager, sqsTypes } = await modules();
  acceptAllUnicode(sqsTypes);
  const sqsStore = new SqsStore();
  const snsStore = new SnsStore();
  ownQueues(sqsStore, account, queueElsewhere);
  ownTopics(snsStore, account);
  const stores: Stores = { sqsStore, snsStore, s3Store: new S3Store() };
  let persistence: InstanceType<typeof PersistenceManager> | undefined;
  if (directory !== undefined) {
    persistence = new PersistenceManager(directory);
    // What is written survives the end of this process, by kill -9 too, with no wait for the disk at every message; only a
    // failure of the machine itself can lose the last ones. LevelDB under DynamoDB is the same.
    persistence.db.exec('PRAGMA synchronous = NORMAL');
    // Load first: a store that persists while it loads would write over its own rows.
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    rememberDeduplication(persistence.db, stores.sqsStore);
    Object.assign(stores.sqsStore, { persistence });
    Object.assign(stores.snsStore, { persistence });
    Object.assign(stores.s3Store, { persistence });
    for (const queue of stores.sqsStore.allQueues()) Object.assign(queue, { persistence });
  }
  const app = buildApp({ logger: false, stores });
  await app.ready();
  const sqsActions = new Map<string, SqsAction>();
  const snsActions = new Map<string, SnsAction>();
  await Promise.all([
    ...SQS_ACTIONS.map(async (name) => sqsActions.set(name, await action<SqsAction>('sqs', name))),
    ...SNS_ACTIONS.map(async (name) => snsActions.set(name, await action<SnsAction>('sns', name))),
  ]);
  return {
    ...stores,
    account,
    async sqs(name, body) {
      const run = sqsActions.get(name);
      if (run === undefined) throw new Error(`fauxqs has no SQS action ${name}`);
      return await run(body, stores.sqsStore, NO_REQUEST);
    },
    sns(name, form) {
      const run = snsActions.get(name);
      if (run === undefined) throw new Error(`fauxqs has no SNS action ${name}`);
      const xml = run(form, stores.snsStore, stores.sqsStore, NO_REQUEST);
      // The owner of a topic or a subscription, which fauxqs writes itself.
      return account === ACCOUNT_ID ? xml : xml.replaceAll(`>${ACCOUNT_ID}<`, `>${account}<`);
    },
    s3Server: app.server,
    async close() {
      await app.close();
      persistence?.close();
    },
  };
}

/** The SQS actions that fauxqs has. */
export const SQS_ACTIONS: readonly string[] = [
  'CreateQueue',
  'DeleteQueue',
  'GetQueueUrl',
  'ListQueues',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'PurgeQueue',
  'SendMessage',
  'SendMessageBatch',
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'TagQueue',
  'UntagQueue',
  'ListQueueTags',
];

/** The SNS actions of fauxqs that are offered: confirming a subscription means nothing where only queues subscribe. */
export const SNS_ACTIONS: readonly string[] = [
  'CreateTopic',
  'DeleteTopic',
  'ListTopics',
  'GetTopicAttributes',
  'SetTopicAttributes',
  'Subscribe',
  'Unsubscribe',
  'ListSubscriptions',
  'ListSubscriptionsByTopic',
  'GetSubscriptionAttributes',
  'SetSubscriptionAttributes',
  'Publish',
  'PublishBatch',
  'TagResource',
  'UntagResource',
  'ListTagsForResource',
];

/** Where an action does not lie in the file of its own name. */
const FILES: Readonly<Record<string, string>> = {
  ListSubscriptionsByTopic: 'listSubscriptions',
  PublishBatch: 'publish',
  UntagResource: 'tagResource',
  ListTagsForResource: 'tagResource',
};

interface SqsTypes {
  readonly INVALID_MESSAGE_BODY_CHAR: RegExp;
}

interface Persistence {
  readonly db: DatabaseSync;
  load(sqsStore: SqsStore, snsStore: SnsStore, s3Store: S3Store): void;
  close(): void;
}

async function modules(): Promise<{
  buildApp: typeof BuildApp;
  SqsStore: new () => SqsStore;
  SnsStore: new () => SnsStore;
  S3Store: new () => S3Store;
  PersistenceManager: new (directory: string) => Persistence;
  sqsTypes: SqsTypes;
}> {
  const [app, sqs, sns, s3, persistence, sqsTypes] = await Promise.all([
    import('fauxqs'),
    load<{ SqsStore: new () => SqsStore }>('sqs/sqsStore.js'),
    load<{ SnsStore: new () => SnsStore }>('sns/snsStore.js'),
    load<{ S3Store: new () => S3Store }>('s3/s3Store.js'),
    load<{ PersistenceManager: new (directory: string) => Persistence }>('persistence.js'),
    load<SqsTypes>('sqs/sqsTypes.js'),
  ]);
  return { ...app, ...sqs, ...sns, ...s3, ...persistence, sqsTypes };
}

async function action<T>(service: string, name: string): Promise<T> {
  const exported = name.charAt(0).toLowerCase() + name.slice(1);
  const module = await load<Record<string, T>>(`${service}/actions/${FILES[name] ?? exported}.js`);
  const found = module[exported];
  if (found === undefined) throw new Error(`fauxqs has no ${service} action ${name}`);
  return found;
}

/** A module inside fauxqs, which exports only its entry point. */
async function load<T>(path: string): Promise<T> {
  const manifest = findPackageJSON('fauxqs', import.meta.url);
  if (manifest === undefined) throw new Error('fauxqs is not installed');
  return (await import(pathToFileURL(join(dirname(manifest), 'dist', path)).href)) as T;
}

/**
 * fauxqs refuses a message with a character beyond U+FFFF, because its pattern looks at UTF-16 halves. SQS takes
 * #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.
 */
function acceptAllUnicode(types: SqsTypes): void {
  const invalid = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
  Object.assign(types.INVALID_MESSAGE_BODY_CHAR, { test: (text: string) => invalid.test(text) });
}
