import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { REGION } from '../service.ts';
import { interpreterOf, type FunctionConfiguration } from './function.ts';

/** The answer's limit (Lambda quotas: 6 MB). */
export const RESPONSE_BYTES_MAX = 6_291_556;

/** One invocation on its way to a function. */
export interface Invocation {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** The X-Ray trace that it belongs to; one of its own without. */
  readonly traceHeader?: string | undefined;
}

/** What became of an invocation: the payload that the function posted, or an error's. */
export interface InvocationResult {
  readonly payload: string;
  readonly failed: boolean;
}

export interface EnvironmentOptions {
  readonly functionArn: string;
  /** Of the made-up credentials of every AWS client in the function. */
  readonly accessKeyId: string;
  /** Endpoint of every AWS client in the function, asked for when the process starts. */
  readonly endpoint: () => string;
  /** Directories whose node_modules hold the AWS SDK. */
  readonly sdkRoots: readonly string[];
  readonly onLine: (line: string) => void;
}

/** The init phase may take ten seconds, or the function's own timeout when that is longer. */
const INIT_MS_MAX = 10_000;

const EXTENSION = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const NODE_BOOTSTRAP = fileURLToPath(new URL(`./bootstrap/node.${EXTENSION}`, import.meta.url));
const PYTHON_BOOTSTRAP = fileURLToPath(new URL('./bootstrap/python.py', import.meta.url));

/** A function's process with its own Runtime API. It serves one invocation at a time, and ends with the first it did not survive. */
export class Environment {
  /** False once the process has ended or must not be used again. */
  usable = true;
  /** `2026/01/31/[$LATEST]` and 32 hexadecimal digits: the log stream of this environment. */
  readonly logStream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomBytes(16).toString('hex')}`;
  readonly #configuration: FunctionConfiguration;
  readonly #options: EnvironmentOptions;
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch(() => {
      response.destroy();
    });
  });
  #process: ChildProcess | undefined;
  #exit: string | undefined;
  /** The runtime waits here for its next invocation. */
  #waiting: ServerResponse | undefined;
  #current:
    { readonly invocation: Invocation; readonly done: (result: InvocationResult) => void } | undefined;
  #delivered = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(configuration: FunctionConfiguration, options: EnvironmentOptions) {
    this.#configuration = configuration;
    this.#options = options;
  }

  /** Starts the process. Rejects when it cannot be started at all. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      // Closed before it listened: there will be no environment.
      this.#server.once('close', resolve);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    if (!this.usable) {
      this.#exit = 'Runtime exited without providing a reason';
      return;
    }
    const api = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const node = interpreterOf(this.#configuration.runtime) === 'node';
    // The heap of V8 is most of a Node process, not all of it.
    const heapMb = Math.max(64, Math.floor(this.#configuration.memoryMb * 0.9));
    const child = spawn(
      node ? process.execPath : 'python3',
      node ? [`--max-old-space-size=${heapMb}`, '--no-warnings', NODE_BOOTSTRAP] : ['-u', PYTHON_BOOTSTRAP],
      {
        cwd: this.#configuration.codeDirectory,
        env: this.#variables(api),
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      },
    );
    this.#process = child;
    // Closed by this process's end alone: nothing is ever written.
    child.stdio[3]?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', this.#options.onLine);
    }
    child.on('error', (error) => {
      this.#ended(`cannot start ${node ? 'node' : 'python3'}: ${error.message}`);
    });
    child.on('exit', (code, signal) => {
      this.#ended(
        code === 0
          ? 'Runtime exited without providing a reason'
          : `Runtime exited with error: ${code === null ? `signal: ${signalText(signal)}` : `exit status ${code}`}`,
      );
    });
  }

  /** Runs one invocation. Never rejects; afterwards look at {@link usable}. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    return new Promise((resolve) => {
      this.#delivered = false;
      this.#current = {
        invocation,
        done: (result) => {
          clearTimeout(this.#timer);
          this.#current = undefined;
          resolve(result);
        },
      };
      if (this.#exit !== undefined) this.#ended(this.#exit);
      else if (this.#waiting === undefined) {
        this.#arm(Math.max(INIT_MS_MAX, this.#configuration.timeoutSeconds * 1000));
      } else this.#deliver();
    });
  }

  /** Ends the process and everything that it started. */
  stop(): void {
    this.usable = false;
    this.#kill();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #variables(api: string): Record<string, string> {
    const { functionName, runtime, handler, codeDirectory, memoryMb, environment } = this.#configuration;
    return {
      ...(process.env['PATH'] === undefined ? {} : { PATH: process.env['PATH'] }),
      HOME: tmpdir(),
      TMPDIR: tmpdir(),
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      AWS_ENDPOINT_URL: this.#options.endpoint(),
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_ACCESS_KEY_ID: this.#options.accessKeyId,
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      ...environment,
      // A function cannot override what follows.
      AWS_LAMBDA_RUNTIME_API: api,
      AWS_LAMBDA_FUNCTION_NAME: functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
      AWS_LAMBDA_LOG_STREAM_NAME: this.logStream,
      LAMBDA_TASK_ROOT: codeDirectory,
      LAMBDA_RUNTIME_DIR: codeDirectory,
      _HANDLER: handler,
      STEPYARD_SDK_ROOTS: this.#options.sdkRoots.join('\n'),
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/2018-06-01\/runtime/u, '');
    if (request.method === 'GET' && path === '/invocation/next') {
      this.#waiting = response;
      response.on('close', () => {
        if (this.#waiting === response) this.#waiting = undefined;
      });
      if (this.#current !== undefined) this.#deliver();
      return;
    }
    const body = await readLimited(request);
    if (request.headers['stepyard-exits'] !== undefined) this.usable = false;
    const [, id, what] = /^\/invocation\/([^/]+)\/(response|error)$/u.exec(path) ?? [];
    const current = this.#current;
    if (path === '/init/error') {
      this.usable = false;
      current?.done({ payload: body ?? '{}', failed: true });
    } else if (current === undefined || id !== current.invocation.requestId) {
      // Too late: the invocation has timed out.
      response.writeHead(400).end();
      return;
    } else if (body === undefined) {
      current.done({ payload: tooLarge(), failed: true });
    } else {
      current.done({ payload: body, failed: what === 'error' });
    }
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  }

  #deliver(): void {
    const current = this.#current;
    const response = this.#waiting;
    if (current === undefined || response === undefined || this.#delivered) return;
    this.#delivered = true;
    this.#waiting = undefined;
    const timeoutMs = this.#configuration.timeoutSeconds * 1000;
    this.#arm(timeoutMs);
    const { requestId, payload, traceHeader } = current.invocation;
    response.writeHead(200, {
      'content-type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': requestId,
      'Lambda-Runtime-Deadline-Ms': String(Date.now() + timeoutMs),
      'Lambda-Runtime-Invoked-Function-Arn': this.#options.functionArn,
      'Lambda-Runtime-Trace-Id': traceHeader ?? ownTrace(requestId),
    });
    response.end(payload);
  }

  #arm(limitMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.usable = false;
      const seconds = this.#configuration.timeoutSeconds.toFixed(2);
      this.#fail('Sandbox.Timedout', `Task timed out after ${seconds} seconds`);
      this.stop();
    }, limitMs);
  }

  #ended(reason: string): void {
    this.usable = false;
    this.#exit = reason;
    // What the function started must not stay behind.
    this.#kill();
    this.#fail('Runtime.ExitError', reason);
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #fail(errorType: string, message: string): void {
    const current = this.#current;
    if (current === undefined) return;
    const errorMessage = `RequestId: ${current.invocation.requestId} Error: ${message}`;
    current.done({ payload: JSON.stringify({ errorType, errorMessage }), failed: true });
  }

  #kill(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The group is gone already, or there are no groups here.
      this.#process?.kill('SIGKILL');
    }
  }
}

/** A trace of an invocation that belongs to none. */
function ownTrace(requestId: string): string {
  return `Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll('-', '').slice(8)};Sampled=0`;
}

function signalText(signal: NodeJS.Signals | null): string {
  if (signal === 'SIGKILL') return 'killed';
  if (signal === 'SIGABRT') return 'aborted';
  if (signal === 'SIGSEGV') return 'segmentation fault';
  return String(signal);
}

function tooLarge(): string {
  return JSON.stringify({
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES_MAX} bytes).`,
  });
}

/** A body, or undefined when it is longer than an answer may be. */
async function readLimited(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= RESPONSE_BYTES_MAX) chunks.push(chunk);
  }
  return bytes <= RESPONSE_BYTES_MAX ? Buffer.concat(chunks).toString() : undefined;
}
