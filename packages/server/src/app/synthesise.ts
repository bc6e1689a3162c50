import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, extname, join, resolve } from 'node:path';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ACCOUNT_ID, REGION } from '@stepyard/services';
import { messageOf, systemErrorCode, UserError } from '../user-error.ts';
import { splitCommand } from './app-command.ts';

/** A synthesis that takes longer than this has gone wrong. */
const SYNTH_TIMEOUT_MS = 300_000;
/** One environment variable may hold 128 KiB on Linux: above this the context goes through a file, as the CDK CLI does it. */
const CONTEXT_BYTES_MAX = 100_000;
/** How much of the app's output is kept to be shown when it fails. */
const OUTPUT_CHARS_MAX = 20_000;

export interface SynthesisOptions {
  /** The directory with the app's cdk.json. */
  readonly appDir: string;
  /** Where the assembly is written. */
  readonly outDir: string;
  /** Takes the app's own output when it fails, before the error says so. */
  readonly onOutput: (text: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Synthesises a CDK app as the CDK CLI does: starts cdk.json's `app` command in the app's directory, with the place of the
 * output and the context in its environment. Rejects with {@link UserError}.
 */
export async function synthesise(options: SynthesisOptions): Promise<void> {
  const appDir = resolve(options.appDir);
  const settings = readAppSettings(appDir);
  const [command, ...args] = executable(settings.command, appDir);
  if (command === undefined)
    throw new UserError(
      `The "app" of ${join(appDir, 'cdk.json')} is empty: name the command that runs the app.`,
    );
  const context = JSON.stringify(settings.context);
  const overflowDir =
    context.length > CONTEXT_BYTES_MAX ? await mkdtemp(join(tmpdir(), 'stepyard-context-')) : undefined;
  try {
    const contextVariable: Record<string, string> = {};
    if (overflowDir === undefined) {
      contextVariable['CDK_CONTEXT_JSON'] = context;
    } else {
      contextVariable['CONTEXT_OVERFLOW_LOCATION_ENV'] = join(overflowDir, 'context.json');
      await writeFile(join(overflowDir, 'context.json'), context);
    }
    await run(command, args, appDir, options, {
      ...process.env,
      ...contextVariable,
      PATH: [join(appDir, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter),
      CDK_OUTDIR: resolve(options.outDir),
      CDK_DEFAULT_ACCOUNT: ACCOUNT_ID,
      CDK_DEFAULT_REGION: REGION,
    });
  } finally {
    if (overflowDir !== undefined) await rm(overflowDir, { recursive: true, force: true });
  }
  if (!existsSync(join(options.outDir, 'manifest.json'))) {
    throw new UserError(
      `The app in ${appDir} ended without an error but wrote no assembly: does it call app.synth()?`,
    );
  }
}

/** What cdk.json and cdk.context.json say: the command, and the context with the flags that the CDK CLI always sets. */
function readAppSettings(appDir: string): { readonly command: string; readonly context: JsonObject } {
  if (!existsSync(appDir))
    throw new UserError(`There is no directory ${appDir}: give --app the directory of a CDK app.`);
  const path = join(appDir, 'cdk.json');
  if (!existsSync(path))
    throw new UserError(`${appDir} has no cdk.json: give --app the directory of a CDK app.`);
  const settings = readObject(path);
  const command = settings['app'];
  if (typeof command !== 'string')
    throw new UserError(`${path} has no "app": name the command that runs the app.`);
  const contextPath = join(appDir, 'cdk.context.json');
  const lookups = existsSync(contextPath) ? readObject(contextPath) : {};
  const given: Json = settings['context'] ?? {};
  return {
    command,
    context: {
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:enable-asset-metadata': true,
      'aws:cdk:version-reporting': false,
      'aws:cdk:bundling-stacks': ['**'],
      ...lookups,
      ...(isObject(given) ? given : {}),
    },
  };
}

function readObject(path: string): JsonObject {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8')) as Json;
    if (isObject(value)) return value;
  } catch (error) {
    throw new UserError(`${path} cannot be read as JSON: ${messageOf(error)}`);
  }
  throw new UserError(`${path} is not a JSON object.`);
}

/** The command as arguments. `node`, or a lone script, runs on this process's Node, which is known to be new enough. */
function executable(command: string, appDir: string): readonly string[] {
  const words = splitCommand(command);
  const [first, ...rest] = words;
  if (first === 'node') return [process.execPath, ...rest];
  if (first !== undefined && rest.length === 0 && ['.js', '.mjs', '.cjs'].includes(extname(first))) {
    if (statSync(resolve(appDir, first), { throwIfNoEntry: false })?.isFile() === true)
      return [process.execPath, first];
  }
  return words;
}

function run(
  command: string,
  args: readonly string[],
  cwd: string,
  options: SynthesisOptions,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return new Promise((resolveRun, reject) => {
    // A process group of its own: npx and the like start the app as their child, and all of it has to go.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const kill = (): void => endGroup(child.pid);
    const timer = setTimeout(kill, SYNTH_TIMEOUT_MS);
    options.signal?.addEventListener('abort', kill, { once: true });
    if (options.signal?.aborted === true) kill();
    let output = '';
    const keep = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARS_MAX);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const finish = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', kill);
    };
    const fail = (reason: string): void => {
      finish();
      if (output.trim() !== '') options.onOutput(output);
      reject(
        new UserError(
          `The CDK app in ${cwd} could not be synthesised: ${[command, ...args].join(' ')} ${reason}.`,
        ),
      );
    };
    child.once('error', (error) => {
      fail(systemErrorCode(error) === 'ENOENT' ? 'was not found' : `could not be started (${error.message})`);
    });
    child.once('close', (code, signal) => {
      if (code === 0) {
        finish();
        resolveRun();
      } else fail(code === null ? `was ended by ${signal ?? 'a signal'}` : `exited with ${code}`);
    });
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}
