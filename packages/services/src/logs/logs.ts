import { ACCOUNT_ID, type AccountOptions, type HostedService, type LogSink } from '../service.ts';
import { unasked } from '../unasked.ts';
import { createJsonService } from '../wire/json-service.ts';
import { eventOperations } from './events.ts';
import { existingGroup, groupOperations, streamOperations } from './groups.ts';
import { groupOfArn, SERVICE } from './input.ts';
import { LogStore, type LogEvent } from './store.ts';

/** 1 MB of events, as JSON with everything escaped. */
const REQUEST_BYTES_MAX = 8 * 1024 * 1024;
/** How long what the yard itself logs may stay in memory. */
const FLUSH_MS = 200;
const PENDING_MAX = 1000;
const EXPIRE_MS = 3_600_000;
/** Longer messages are cut, as CloudWatch Logs' own limit for an event is 1 MB. */
const MESSAGE_LENGTH_MAX = 1_000_000;

/** CloudWatch Logs as a hosted service. */
export interface LogsService extends HostedService {
  /**
   * Adds events of the yard's own: of functions, jobs and executions. Group and stream are made where they are missing. Returns at
   * once; what was added is there for every call that follows.
   */
  append(group: string, stream: string, events: readonly LogEvent[]): void;
  /** Whether the ARN, with or without `:*`, is that of a log group. */
  hasGroup(groupArn: string): boolean;
}

/** CloudWatch Logs: groups, streams, events with terms to filter by, retention, tags. No Insights, subscriptions or metric filters. */
export function createLogs({
  dataDir,
  account = ACCOUNT_ID,
  log = () => undefined,
}: AccountOptions & { readonly log?: LogSink }): LogsService {
  const store = new LogStore(dataDir, account);
  const tried = unasked(SERVICE, 'Log events cannot be written, and are lost', log);
  const pending = new Pending(store, tried);
  const expiry = setInterval(() => {
    tried(() => store.expire(Date.now()));
  }, EXPIRE_MS).unref();
  const service = createJsonService({
    name: SERVICE,
    operations: {
      ...groupOperations(store),
      ...streamOperations(store),
      ...eventOperations(store, (name) => existingGroup(store, name)),
    },
    requestBytesMax: REQUEST_BYTES_MAX,
    close() {
      clearInterval(expiry);
      pending.close();
      store.close();
      return Promise.resolve();
    },
  });
  return {
    ...service,
    call(operation, input) {
      pending.flush();
      return service.call(operation, input);
    },
    handle(request, response) {
      pending.flush();
      return service.handle(request, response);
    },
    append: (group, stream, events) => {
      pending.add(group, stream, events);
    },
    hasGroup(groupArn) {
      const name = groupOfArn(groupArn);
      return name !== undefined && store.group(name) !== undefined;
    },
  };
}

/** Events on their way to the store: one write for many lines. */
class Pending {
  readonly #store: LogStore;
  readonly #streams = new Map<string, { group: string; stream: string; events: LogEvent[] }>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  readonly #tried: (work: () => void) => void;

  constructor(store: LogStore, tried: (work: () => void) => void) {
    this.#store = store;
    this.#tried = tried;
  }

  add(group: string, stream: string, events: readonly LogEvent[]): void {
    if (this.#isClosed) return;
    const key = `${group} ${stream}`;
    let entry = this.#streams.get(key);
    if (entry === undefined) this.#streams.set(key, (entry = { group, stream, events: [] }));
    for (const { timestampMs, message } of events) {
      entry.events.push({ timestampMs, message: message.slice(0, MESSAGE_LENGTH_MAX) });
    }
    this.#count += events.length;
    if (this.#count >= PENDING_MAX) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, FLUSH_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#count = 0;
    const entries = [...this.#streams.values()];
    this.#streams.clear();
    for (const { group, stream, events } of entries) this.#tried(() => this.#write(group, stream, events));
  }

  #write(group: string, stream: string, events: readonly LogEvent[]): void {
    const nowMs = Date.now();
    if (this.#store.group(group) === undefined) {
      this.#store.putGroup({ name: group, createdMs: nowMs, retentionDays: undefined, tags: {} });
    }
    const target = this.#store.stream(group, stream) ?? this.#store.createStream(group, stream, nowMs);
    this.#store.append(group, target, events, nowMs);
  }

  close(): void {
    if (this.#isClosed) return;
    this.flush();
    this.#isClosed = true;
  }
}
