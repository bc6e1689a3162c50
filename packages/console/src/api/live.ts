import { useEffect, useEffectEvent } from 'react';
import { eventReader } from '../model/sse.ts';
import { CONSOLE_HEADER } from './client.ts';
import type { ExecutionChange, LiveEvents } from './types.ts';
import { setConnected, setYardTime } from '../state/yard-clock.ts';

/** What a listener is told. `everything`: what was missed is not known, read all of it anew. */
export type LiveChange =
  | { readonly kind: 'everything' }
  | { readonly kind: 'executions'; readonly changes: readonly ExecutionChange[] };

type Listener = (change: LiveChange) => void;

const RETRY_MS_MIN = 500;
const RETRY_MS_MAX = 8_000;

/** One stream of server-sent events, shared by all that listen to the same thing. It begins with the first listener and ends with the last. */
class Stream {
  readonly listeners = new Set<Listener>();
  readonly #url: string;
  #abort: AbortController | undefined;
  #lastId = '';

  constructor(arn: string) {
    const query = arn === '' ? '' : `?${new URLSearchParams({ arn }).toString()}`;
    this.#url = `${import.meta.env.BASE_URL}api/live${query}`;
  }

  /** Begins to read, or goes on after the last event that was read. */
  open(): void {
    if (this.#abort !== undefined) return;
    this.#abort = new AbortController();
    void this.#run(this.#abort.signal);
  }

  close(): void {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    let retryMs = RETRY_MS_MIN;
    while (!signal.aborted) {
      try {
        await this.#read(signal, () => {
          retryMs = RETRY_MS_MIN;
        });
      } catch {
        // The yard has gone or is not there yet: what follows is the same.
      }
      if (signal.aborted) return;
      setConnected(false);
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      retryMs = Math.min(retryMs * 2, RETRY_MS_MAX);
    }
  }

  async #read(signal: AbortSignal, opened: () => void): Promise<void> {
    const resume = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    const response = await fetch(this.#url, {
      headers: { ...CONSOLE_HEADER, accept: 'text/event-stream', ...resume },
      signal,
    });
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    opened();
    setConnected(true);
    const read = eventReader();
    for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
      for (const { event, data, id } of read(piece)) {
        this.#lastId = id;
        this.#tell(event, data);
      }
    }
  }

  #tell(event: string, data: string): void {
    const value: unknown = JSON.parse(data);
    if (event === 'clock') {
      setYardTime((value as LiveEvents['clock']).nowMs);
      return;
    }
    if (event === 'hello') {
      const { nowMs, isVirtualTime } = value as LiveEvents['hello'];
      setYardTime(nowMs, isVirtualTime);
    }
    const change: LiveChange =
      event === 'executions'
        ? { kind: 'executions', changes: value as LiveEvents['executions'] }
        : { kind: 'everything' };
    for (const listener of this.listeners) listener(change);
  }
}

const streams = new Map<string, Stream>();

/**
 * A browser opens six connections to one origin, all of its windows and tabs together: a stream in each of six tabs, and a seventh
 * would never load. So only tabs that are seen keep theirs; another one catches up when it is looked at again.
 */
const HIDDEN_KEPT_MS = 5_000;
let closing: ReturnType<typeof setTimeout> | undefined;

function onVisibility(): void {
  clearTimeout(closing);
  if (document.visibilityState === 'visible') {
    for (const stream of streams.values()) stream.open();
    return;
  }
  closing = setTimeout(() => {
    for (const stream of streams.values()) stream.close();
  }, HIDDEN_KEPT_MS);
}
document.addEventListener('visibilitychange', onVisibility);

function listen(arn: string, listener: Listener): () => void {
  const stream = streams.get(arn) ?? new Stream(arn);
  if (stream.listeners.size === 0) {
    streams.set(arn, stream);
    stream.open();
    // Opened in the background, to be looked at later.
    if (document.visibilityState !== 'visible') onVisibility();
  }
  stream.listeners.add(listener);
  return () => {
    stream.listeners.delete(listener);
    if (stream.listeners.size > 0) return;
    stream.close();
    streams.delete(arn);
  };
}

/** Calls back when executions change: all of them, or with an ARN that one alone. */
export function useLive(arn: string | undefined, onChange: Listener): void {
  const tell = useEffectEvent(onChange);
  useEffect(() => listen(arn ?? '', (change) => tell(change)), [arn]);
}
