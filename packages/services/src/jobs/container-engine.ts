import { execFile } from 'node:child_process';

/** How the yard talks to a container engine. All arguments are passed as arrays, never through a shell. */
export interface ContainerEngine {
  /** `docker` or `podman`, or a path. */
  readonly file: string;
  readonly name: 'docker' | 'podman';
  readonly version: string;
  /** Before every subcommand: `--runtime runc --cgroup-manager=cgroupfs`. */
  readonly globalArgs: readonly string[];
  /** With `create`: `--security-opt seccomp=unconfined`. */
  readonly runArgs: readonly string[];
}

export interface CommandResult {
  /** undefined when the command could not be started or was killed. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** Environment variables with engine flags, separated by blanks. */
export const GLOBAL_ARGS_VARIABLE = 'STEPYARD_CONTAINER_ENGINE_ARGS';
export const RUN_ARGS_VARIABLE = 'STEPYARD_CONTAINER_ARGS';

const PROBE_TIMEOUT_MS = 10_000;
const OUTPUT_BYTES_MAX = 16 * 1_048_576;

/** Runs a command to its end. Never rejects. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<CommandResult> {
  return new Promise((settle) => {
    execFile(
      file,
      args,
      {
        timeout: options.timeoutMs,
        maxBuffer: OUTPUT_BYTES_MAX,
        killSignal: 'SIGKILL',
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code;
        const exitCode = typeof code === 'number' ? code : undefined;
        settle({ exitCode, stdout, stderr: stderr === '' && error !== null ? error.message : stderr });
      },
    );
  });
}

/** Runs `engine subcommand args...`. */
export function runEngine(
  engine: ContainerEngine,
  args: readonly string[],
  timeoutMs: number,
): Promise<CommandResult> {
  return runCommand(engine.file, [...engine.globalArgs, ...args], { timeoutMs });
}

export interface ProbeOptions {
  /** In order of preference. */
  readonly candidates?: readonly string[];
  readonly globalArgs?: readonly string[];
  readonly runArgs?: readonly string[];
}

/**
 * The first container engine that answers, or why there is none. An installed docker client without a daemon does not
 * answer. Flags come from the options, then from {@link GLOBAL_ARGS_VARIABLE} and {@link RUN_ARGS_VARIABLE}.
 */
export async function findContainerEngine(
  options: ProbeOptions = {},
): Promise<
  | { readonly engine: ContainerEngine; readonly reason: undefined }
  | { readonly engine: undefined; readonly reason: string }
> {
  const globalArgs = options.globalArgs ?? wordsOf(GLOBAL_ARGS_VARIABLE);
  const runArgs = [...wordsOf(RUN_ARGS_VARIABLE), ...(options.runArgs ?? [])];
  const reasons: string[] = [];
  for (const file of options.candidates ?? ['docker', 'podman']) {
    // Podman calls itself so even under the name docker (podman-docker).
    const result = await runCommand(file, ['version', '--format', '{{json .}}'], {
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    const version = result.exitCode === 0 ? readVersion(result.stdout) : undefined;
    if (version !== undefined)
      return { engine: { file, ...version, globalArgs, runArgs }, reason: undefined };
    reasons.push(`${file} does not answer: ${firstLine(result.stderr)}`);
  }
  return { engine: undefined, reason: reasons.join('; ') };
}

function readVersion(text: string): { name: 'docker' | 'podman'; version: string } | undefined {
  try {
    const value: {
      Client?: { Version?: string; APIVersion?: string; OsArch?: string };
      Server?: { Version?: string } | null;
    } = JSON.parse(text);
    // docker's client says `ApiVersion`; podman's `APIVersion` and, where no service is involved, no server.
    const isPodman = value.Client?.APIVersion !== undefined || value.Client?.OsArch !== undefined;
    const version = isPodman ? value.Client?.Version : value.Server?.Version;
    return version === undefined ? undefined : { name: isPodman ? 'podman' : 'docker', version };
  } catch {
    return undefined;
  }
}

function wordsOf(variable: string): readonly string[] {
  return (process.env[variable] ?? '').split(/\s+/u).filter((word) => word !== '');
}

/** The first line of a text that says something. */
export function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .find((line) => line !== '') ?? 'no answer'
  );
}

/** The last line of a text that says something: where build tools put what went wrong. */
export function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .findLast((line) => line !== '') ?? 'no answer'
  );
}
