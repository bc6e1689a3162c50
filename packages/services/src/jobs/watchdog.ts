/**
 * Runs as a process of its own between the yard and one job, so that the job cannot outlive the yard: when the yard ends, even
 * by SIGKILL, the pipe on standard input closes, and the job's process group is killed and its directory removed.
 *
 * Standard input: one line of JSON ({@link WatchdogSpec}), then one line a signal (`SIGTERM` or `SIGKILL`). Standard output and error are the
 * job's. File descriptor 3 carries one line of JSON for each {@link WatchdogReport}.
 */
import { spawn, spawnSync } from 'node:child_process';
import { rmSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface WatchdogSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Removed when the yard is gone; the yard removes it itself otherwise. */
  readonly directory: string | undefined;
  /** Run when the yard is gone, with these arguments (file first): `podman rm --force NAME`. */
  readonly orphanCommand: readonly string[] | undefined;
}

export type WatchdogReport =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

const REPORT_FD = 3;

/** Signals a whole process group; a group that is already gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    // No groups there: the tree of processes is the nearest thing, and it has no gentle way.
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}

function report(message: WatchdogReport): void {
  try {
    writeSync(REPORT_FD, `${JSON.stringify(message)}\n`);
  } catch {
    // The yard is gone: standard input says so too, and that is where it is dealt with.
  }
}

function guard(spec: WatchdogSpec): { signal(name: NodeJS.Signals): void; orphaned(): void } {
  const child = spawn(spec.file, spec.args, {
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    env: spec.env,
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  child.on('error', (error) => {
    report({ kind: 'failed', message: error.message });
    process.exit(0);
  });
  child.on('spawn', () => report({ kind: 'started', pid: child.pid ?? 0 }));
  child.on('exit', (exitCode, signal) => {
    // As in a container: when the first process ends, so does everything that it started.
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    report({ kind: 'exited', exitCode, signal });
    process.exit(0);
  });
  return {
    signal: (name) => {
      if (child.pid !== undefined) signalGroup(child.pid, name);
    },
    orphaned: () => {
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
      const [file, ...args] = spec.orphanCommand ?? [];
      if (file !== undefined) spawnSync(file, args, { stdio: 'ignore', timeout: 60_000 });
      if (spec.directory !== undefined) rmSync(spec.directory, { recursive: true, force: true });
      process.exit(0);
    },
  };
}

function main(): void {
  // A broken output pipe must not end the watchdog before it has cleaned up.
  process.on('SIGPIPE', () => undefined);
  let guarded: ReturnType<typeof guard> | undefined;
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    if (guarded !== undefined) {
      guarded.signal(line === 'SIGTERM' ? 'SIGTERM' : 'SIGKILL');
      return;
    }
    const spec: WatchdogSpec = JSON.parse(line);
    guarded = guard(spec);
  });
  lines.on('close', () => {
    if (guarded === undefined) process.exit(0);
    guarded.orphaned();
  });
}

if (import.meta.main) main();
