import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { signalGroup, type WatchdogReport, type WatchdogSpec } from './watchdog.ts';

/** How a guarded process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'failed'; readonly message: string };

export interface GuardedProcess {
  /** Resolves to the process id when the command runs, or to undefined when it never does. */
  readonly started: Promise<number | undefined>;
  readonly ended: Promise<ProcessEnd>;
  /** Signals the whole process group. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** How long output may still come after the end: a pipe that an escaped grandchild holds open must not keep the job. */
const DRAIN_MS = 2_000;

// Published packages are built to .js, which is also what must then be run.
const WATCHDOG = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './watchdog.ts' : './watchdog.js', import.meta.url),
);

/** What the watchdog told about its job. */
class Reports {
  pid: number | undefined;
  exit: ProcessEnd | undefined;

  take(line: string, onStarted: (pid: number) => void): void {
    const report: WatchdogReport = JSON.parse(line);
    switch (report.kind) {
      case 'started':
        this.pid = report.pid;
        onStarted(report.pid);
        break;
      case 'failed':
        this.exit = { kind: 'failed', message: report.message };
        break;
      case 'exited':
        this.exit = { kind: 'exited', exitCode: report.exitCode ?? signalExitCode(report.signal) };
        break;
    }
  }
}

/** 128 + the signal's number, as shells and container engines report it. */
export function signalExitCode(signal: NodeJS.Signals | null): number {
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

/**
 * Starts a command in a process group of its own that cannot outlive this process (see watchdog.ts). Both output streams
 * reach `onOutput`.
 */
export function startGuarded(spec: WatchdogSpec, onOutput: (chunk: Buffer) => void): GuardedProcess {
  const watchdog = spawn(process.execPath, ['--no-warnings', WATCHDOG], {
    env: { PATH: process.env['PATH'] ?? '' },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const started = Promise.withResolvers<number | undefined>();
  const reports = new Reports();
  const reportLines = createInterface({ input: reportsOf(watchdog) });
  reportLines.on('line', (line) => reports.take(line, started.resolve));
  watchdog.stdout?.on('data', onOutput);
  watchdog.stderr?.on('data', onOutput);
  const input = watchdog.stdin;
  // EPIPE: the watchdog has just ended; its exit says the rest.
  input.on('error', () => undefined);
  input.write(`${JSON.stringify(spec)}\n`);
  const ended = endOf(watchdog, reports).then((end) => {
    started.resolve(undefined);
    return end;
  });
  return {
    started: started.promise,
    ended,
    signal: (name) => void (input.writable && input.write(`${name}\n`)),
  };
}

/** File descriptor 3, which the types know only as one or the other kind of stream. */
function reportsOf(watchdog: ChildProcess): Readable {
  const stream = watchdog.stdio[3];
  if (!(stream instanceof Readable)) throw new Error('the watchdog has no pipe for its reports');
  return stream;
}

async function endOf(watchdog: ChildProcess, reports: Reports): Promise<ProcessEnd> {
  const exited = Promise.withResolvers<string | undefined>();
  const closed = Promise.withResolvers<void>();
  watchdog.on('error', (error) => exited.resolve(error.message));
  watchdog.on('exit', () => exited.resolve(undefined));
  watchdog.on('close', () => closed.resolve());
  const failure = await exited.promise;
  if (failure !== undefined) return { kind: 'failed', message: failure };
  await within(closed.promise, DRAIN_MS);
  if (reports.exit !== undefined) return reports.exit;
  // Somebody killed the watchdog itself: its job must not stay behind unwatched.
  if (reports.pid !== undefined) signalGroup(reports.pid, 'SIGKILL');
  return { kind: 'exited', exitCode: signalExitCode('SIGKILL') };
}

async function within(promise: Promise<void>, limitMs: number): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, limitMs);
  await Promise.race([promise, limit.promise]);
  clearTimeout(timer);
}
