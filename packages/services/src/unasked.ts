import type { LogSink } from './service.ts';

/**
 * Runs work that nobody waits for. A disk that is full or gone must not end the process: it is told once, and again only after it went
 * well. `what`: what stays undone then, in a sentence.
 */
export function unasked(source: string, what: string, log: LogSink): (work: () => void) => void {
  let isTold = false;
  return (work) => {
    try {
      work();
      isTold = false;
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      if (!isTold) log({ source, message: `${what} (${error.message})` });
      isTold = true;
    }
  };
}

function isSqliteError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}
