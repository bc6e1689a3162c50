import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionChange as EngineChange } from '@stepyard/engine';
import type { ExecutionChange, LiveEvents } from '@stepyard/console';
import { orNull } from './clip.ts';
import type { ConsoleContext } from './context.ts';
import { nowOf } from './context.ts';

/** What happens within this time is told together. */
const TOLD_EVERY_MS = 250;
const COMMENT_EVERY_MS = 15_000;
/** Executions that are told one by one. */
export const CHANGES_MAX = 200;
/** Messages that are kept for who comes back with a last-event-id. */
export const KEPT_MAX = 256;
/** A reader that is so far behind is let go: it comes back and reads anew. */
const UNREAD_BYTES_MAX = 1_048_576;
export const READERS_MAX = 64;

interface Message {
  readonly id: number;
  readonly changes: readonly ExecutionChange[];
  /** More changed than is told. */
  readonly count: number;
}

interface Reader {
  readonly response: ServerResponse;
  /** Only this execution and the children of its map runs are of interest. */
  readonly arn: string | undefined;
}

/**
 * Tells the open pages what changes, as server-sent events: without readers it costs nothing, and buffers are bounded whatever
 * happens.
 */
export class Live {
  readonly #context: ConsoleContext;
  readonly #readers = new Set<Reader>();
  readonly #changed = new Map<string, EngineChange>();
  readonly #kept: Message[] = [];
  readonly #comments: NodeJS.Timeout;
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #count = 0;
  /** Ids of another run of the yard are never taken for this one's. */
  readonly #firstId = Date.now();
  #lastId = this.#firstId;

  constructor(context: ConsoleContext) {
    this.#context = context;
    this.#comments = setInterval(() => this.#comment(), COMMENT_EVERY_MS).unref();
  }

  /** Answers with a stream that stays open. False when there are too many already. */
  open(request: IncomingMessage, response: ServerResponse, arn: string | undefined): boolean {
    if (this.#readers.size >= READERS_MAX) return false;
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    const reader = { response, arn };
    const last = Number(request.headers['last-event-id'] ?? Number.NaN);
    const missed = this.#since(last);
    if (missed === undefined) this.#hello(response);
    else for (const message of missed) send(reader, message);
    response.on('close', () => this.#gone(reader));
    this.#readers.add(reader);
    this.#unsubscribe ??= this.#context.engine.onChange((change) => this.#take(change));
    return true;
  }

  close(): void {
    clearInterval(this.#comments);
    clearTimeout(this.#timer);
    this.#unsubscribe?.();
    for (const { response } of this.#readers) response.end();
    this.#readers.clear();
  }

  #hello(response: ServerResponse): void {
    const hello: LiveEvents['hello'] = {
      nowMs: nowOf(this.#context),
      isVirtualTime: this.#context.clock !== undefined,
    };
    response.write(written(this.#lastId, 'hello', hello));
  }

  /** What was told after that id; undefined when it is not known any more. */
  #since(last: number): readonly Message[] | undefined {
    if (!(last >= this.#firstId) || last > this.#lastId) return undefined;
    const first = this.#kept[0]?.id ?? this.#lastId + 1;
    return last < first - 1 ? undefined : this.#kept.filter(({ id }) => id > last);
  }

  #take(change: EngineChange): void {
    this.#count++;
    if (this.#changed.size <= CHANGES_MAX || this.#changed.has(change.executionArn)) {
      this.#changed.set(change.executionArn, change);
    }
    this.#timer ??= setTimeout(() => this.#tell(), TOLD_EVERY_MS).unref();
  }

  #tell(): void {
    this.#timer = undefined;
    const changes = [...this.#changed.values()].map(
      ({ executionArn, stateMachineArn, mapRunArn, status, eventCount }) => ({
        executionArn,
        stateMachineArn,
        mapRunArn: orNull(mapRunArn),
        status,
        eventCount,
      }),
    );
    const message = { id: ++this.#lastId, changes, count: this.#count };
    this.#changed.clear();
    this.#count = 0;
    this.#kept.push(message);
    if (this.#kept.length > KEPT_MAX) this.#kept.shift();
    for (const reader of this.#readers) {
      if (reader.response.writableLength > UNREAD_BYTES_MAX) reader.response.destroy();
      else {
        send(reader, message);
        this.#tellTime(reader);
      }
    }
  }

  /** The system's time goes on in the browser, too; virtual time jumps. */
  #tellTime({ response }: Reader): void {
    const { clock } = this.#context;
    if (clock === undefined) return;
    const time: LiveEvents['clock'] = { nowMs: clock.now() };
    response.write(written(this.#lastId, 'clock', time));
  }

  #comment(): void {
    for (const { response } of this.#readers) response.write(':\n\n');
  }

  #gone(reader: Reader): void {
    this.#readers.delete(reader);
    if (this.#readers.size > 0) return;
    // Nobody listens: nobody is told, and what happens meanwhile is not known.
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.clear();
    this.#kept.length = 0;
    this.#lastId++;
  }
}

function send({ response, arn }: Reader, { id, changes, count }: Message): void {
  if (changes.length > CHANGES_MAX) {
    const many: LiveEvents['many'] = { count };
    response.write(written(id, 'many', many));
    return;
  }
  const wanted = arn === undefined ? changes : changes.filter((change) => concerns(change, arn));
  if (wanted.length > 0) response.write(written(id, 'executions', wanted));
}

/** `arn:...:execution:<machine>:<name>` and `arn:...:mapRun:<machine>/<label>:<uuid>`: a child's map run is of its parent's machine. */
function concerns({ executionArn, mapRunArn }: ExecutionChange, arn: string): boolean {
  if (executionArn === arn) return true;
  if (mapRunArn === null) return false;
  const machine = arn.split(':')[6] ?? '';
  return mapRunArn.split(':')[6]?.startsWith(`${machine}/`) === true;
}

function written<E extends keyof LiveEvents>(id: number, event: E, data: LiveEvents[E]): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
