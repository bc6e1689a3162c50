import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiError, query } from './client.ts';
import { askedAhead, type Question } from './question.ts';
import type { Queries } from './types.ts';

/** What a query has brought so far. Old data stays while new data is on its way. */
export interface Loaded<Answer> {
  readonly data: Answer | undefined;
  readonly error: ApiError | undefined;
  /** Nothing has come yet, neither data nor an error. */
  readonly isLoading: boolean;
  /** Asks again; calls while an answer is on its way become one more question after it. */
  readonly reload: () => void;
}

interface State<Answer> {
  readonly key: string;
  readonly data: Answer | undefined;
  readonly error: ApiError | undefined;
}

/** Answers of the last questions: going back to a page shows it at once, and then anew. */
const remembered = new Map<string, unknown>();
const REMEMBERED_MAX = 40;

function remember(key: string, answer: unknown): void {
  remembered.delete(key);
  remembered.set(key, answer);
  const [oldest] = remembered.keys();
  if (remembered.size > REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest);
}

/** Asks the yard when the component appears and whenever the parameters change; null asks nothing. */
export function useQuery<Name extends keyof Queries>(
  name: Name,
  parameters: Queries[Name]['query'] | null,
): Loaded<Queries[Name]['answer']> {
  const text = parameters === null ? '' : JSON.stringify(parameters);
  return useAnswer(parameters === null ? null : `${name} ${text}`, async (signal) =>
    query(name, JSON.parse(text) as Queries[Name]['query'], signal),
  );
}

/** The same for a question that is more than a query. */
export function useQuestion<Answer>(question: Question<Answer> | null): Loaded<Answer> {
  return useAnswer(question?.key ?? null, async (signal) => {
    if (question === null) throw new Error('nothing was asked');
    return question.ask(signal);
  });
}

/** What was last there, for as long as nothing newer is: going through the past, or from state to state, does not flicker. */
export function useLast<Answer>(answer: Answer | undefined): Answer | undefined {
  const last = useRef(answer);
  if (answer !== undefined) last.current = answer;
  return last.current;
}

/** The same for any question: asked anew when `key` changes; null asks nothing. */
export function useAnswer<Answer>(
  key: string | null,
  ask: (signal: AbortSignal) => Promise<Answer>,
): Loaded<Answer> {
  const [state, setState] = useState<State<Answer>>({ key: '', data: undefined, error: undefined });
  const question = useRef(ask);
  question.current = ask;
  const reload = useRef(() => {});
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    reload.current = repeated(async () => {
      try {
        const data = await ((askedAhead(key) as Promise<Answer> | undefined) ??
          question.current(abort.signal));
        remember(key, data);
        if (!abort.signal.aborted) setState({ key, data, error: undefined });
      } catch (error) {
        if (abort.signal.aborted) return;
        setState((before) => ({
          key,
          data: before.key === key ? before.data : undefined,
          error: error instanceof ApiError ? error : new ApiError('ConsoleFailure', String(error), 0),
        }));
      }
    });
    reload.current();
    return () => {
      abort.abort();
      reload.current = () => {};
    };
  }, [key]);
  const again = useCallback(() => reload.current(), []);
  if (key === null) return { data: undefined, error: undefined, isLoading: false, reload: again };
  const isCurrent = state.key === key;
  const data = isCurrent ? state.data : (remembered.get(key) as Answer | undefined);
  const error = isCurrent ? state.error : undefined;
  return { data, error, isLoading: data === undefined && error === undefined, reload: again };
}

/** After an answer that took long there is a pause of so many times as long: what looks on must not hold up what runs. */
const PAUSE_FACTOR = 4;
const PAUSE_MS_MAX = 2_000;

/** Runs an action again when it was asked for meanwhile, never twice at the same time. */
function repeated(action: () => Promise<void>): () => void {
  let isRunning = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    do {
      isWanted = false;
      const startedMs = performance.now();
      await action();
      const pauseMs = Math.min(PAUSE_MS_MAX, (performance.now() - startedMs) * PAUSE_FACTOR);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    } while (isWanted);
    isRunning = false;
  };
  return () => {
    if (isRunning) isWanted = true;
    else void run();
  };
}
