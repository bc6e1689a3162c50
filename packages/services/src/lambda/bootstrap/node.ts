/**
 * Runs in a process of its own, as a function's environment: loads the handler, then asks the Runtime API for one invocation after
 * the other (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). Errors have the names and the shape of Lambda's Node.js
 * runtime: `{ errorType, errorMessage, trace }`.
 *
 * File descriptor 3 is the read end of a pipe that only the yard holds open: when it closes, the yard is gone, and a
 * thread that no busy handler can hold up kills the whole process group.
 */
import { existsSync } from 'node:fs';
import * as http from 'node:http';
import { createRequire, registerHooks } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isNativeError } from 'node:util/types';
import { Worker } from 'node:worker_threads';

// Taken before the handler's own code can patch it (tracers do): the Runtime API is no part of the function.
const { request } = http;
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

type Handler = (event: unknown, context: unknown) => unknown;

interface Reply {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

interface ErrorShape {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** An error of the runtime itself, by its name: `Runtime.ImportModuleError`. */
class RuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

const PARENT_FD = 3;
const API = `http://${environmentValue('AWS_LAMBDA_RUNTIME_API')}/2018-06-01/runtime`;
const CALLBACK_MESSAGE =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
  'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
  'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

/** Id of the invocation that runs now. */
let currentId: string | undefined;

function environmentValue(name: string): string {
  return process.env[name] ?? '';
}

function watchParent(): void {
  const watch = `
    const { Socket } = require('node:net');
    const end = () => {
      try { process.kill(-process.pid, 'SIGKILL'); } catch { process.kill(process.pid, 'SIGKILL'); }
    };
    new Socket({ fd: ${PARENT_FD}, readable: true, writable: false }).on('close', end).on('error', end).resume();
  `;
  new Worker(watch, { eval: true, stdin: false }).unref();
}

/** AWS's runtime has its SDK at hand for code that was bundled without it: here it is the yard's own. */
function offerSdk(): void {
  const roots = environmentValue('STEPYARD_SDK_ROOTS')
    .split('\n')
    .filter((root) => root !== '');
  delete process.env['STEPYARD_SDK_ROOTS'];
  let looking = false;
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (looking || !/^@(aws-sdk|smithy|aws-crypto)\//u.test(specifier)) throw error;
        looking = true;
        try {
          for (const root of roots) {
            const url = resolveFrom(root, specifier, context.conditions.includes('require'));
            if (url !== undefined) return { url, shortCircuit: true };
          }
        } finally {
          looking = false;
        }
        throw error;
      }
    },
  });
}

function resolveFrom(root: string, specifier: string, required: boolean): string | undefined {
  const parent = pathToFileURL(join(root, 'index.js')).href;
  try {
    return required
      ? pathToFileURL(createRequire(parent).resolve(specifier)).href
      : import.meta.resolve(specifier, parent);
  } catch {
    return undefined;
  }
}

function call(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
): Promise<Reply> {
  return new Promise((fulfil, reject) => {
    const outgoing = request(`${API}${path}`, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) < 500) fulfil({ headers: response.headers, body: text });
        else reject(new Error(`the Runtime API answered ${response.statusCode}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function postError(path: string, shape: ErrorShape, exits = false): Promise<Reply> {
  return call('POST', path, JSON.stringify(shape), {
    'content-type': 'application/json',
    'lambda-runtime-function-error-type': shape.errorType.replaceAll(/[^\x20-\x7E]/gu, '?'),
    // Tells the yard that this environment must not be given another invocation.
    ...(exits ? { 'stepyard-exits': 'true' } : {}),
  });
}

function errorShape(error: unknown): ErrorShape {
  if (isNativeError(error) || error instanceof Error) {
    return { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') };
  }
  return { errorType: typeof error, errorMessage: String(error), trace: [] };
}

/** `dir/file.name.inner` -> the module's path without extension, and the names to follow in it. */
function parseHandler(): { module: string; names: string[] } {
  const text = environmentValue('_HANDLER');
  const match = /^([^.]*)\.(.*)$/u.exec(basename(text));
  if (match?.[1] === undefined || match[2] === undefined || text.includes('..')) {
    throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');
  }
  return { module: join(dirname(text), match[1]), names: match[2].split('.') };
}

async function loadModule(module: string): Promise<Record<string, unknown>> {
  const path = resolve(environmentValue('LAMBDA_TASK_ROOT'), module);
  const file = ['.js', '.mjs', '.cjs'].map((extension) => path + extension).find((name) => existsSync(name));
  if (file === undefined) {
    throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${basename(module)}'`);
  }
  try {
    if (file.endsWith('.mjs')) return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    try {
      return createRequire(file)(file) as Record<string, unknown>;
    } catch (error) {
      // An ES module that awaits at its top cannot be required.
      if ((error as { code?: unknown }).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    }
  } catch (error) {
    if (error instanceof SyntaxError) throw renamed('Runtime.UserCodeSyntaxError', error);
    const code = (error as { code?: unknown } | undefined)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND') {
      throw renamed('Runtime.ImportModuleError', error as Error);
    }
    throw error;
  }
}

function renamed(name: string, error: Error): Error {
  const result = new RuntimeError(name, String(error));
  if (error.stack !== undefined) result.stack = error.stack;
  return result;
}

async function loadHandler(): Promise<Handler> {
  const { module, names } = parseHandler();
  let value: unknown = await loadModule(module);
  for (const name of names) value = (value as Record<string, unknown> | undefined)?.[name];
  const handlerName = `${module}.${names.join('.')}`;
  if (value === undefined || value === null) {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handlerName} is undefined or not exported`);
  }
  if (typeof value !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handlerName} is not a function`);
  }
  if (value.length >= 3) throw new RuntimeError('Runtime.CallbackHandlerDeprecated', CALLBACK_MESSAGE);
  return value as Handler;
}

function contextOf(headers: http.IncomingHttpHeaders): Record<string, unknown> {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: environmentValue('AWS_LAMBDA_FUNCTION_VERSION'),
    functionName: environmentValue('AWS_LAMBDA_FUNCTION_NAME'),
    memoryLimitInMB: environmentValue('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: environmentValue('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: environmentValue('AWS_LAMBDA_LOG_STREAM_NAME'),
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

/** The declaration of JSON.stringify leaves out that it may answer undefined. */
const jsonOf: (value: unknown) => string | undefined = JSON.stringify;

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', '/invocation/next');
    currentId = String(headers['lambda-runtime-aws-request-id']);
    const trace = headers['lambda-runtime-trace-id'];
    if (typeof trace === 'string') process.env['_X_AMZN_TRACE_ID'] = trace;
    const path = `/invocation/${currentId}`;
    let answer: string;
    try {
      const result = await handler(JSON.parse(body), contextOf(headers));
      // undefined, functions and symbols have no JSON: Lambda answers null.
      answer = jsonOf(result) ?? 'null';
    } catch (error) {
      const shape = errorShape(error);
      console.error(
        `${new Date().toISOString()}\t${currentId}\tERROR\tInvoke Error\t${JSON.stringify(shape)}`,
      );
      await postError(`${path}/error`, shape);
      currentId = undefined;
      continue;
    }
    await call('POST', `${path}/response`, answer, { 'content-type': 'application/json' });
    currentId = undefined;
  }
}

function reportAndExit(shape: ErrorShape, exitCode: number): void {
  console.error(JSON.stringify(shape));
  const path = currentId === undefined ? '/init/error' : `/invocation/${currentId}/error`;
  const exit = (): never => process.exit(exitCode);
  postError(path, shape, true).then(exit, exit);
}

/** What the handler leaves uncaught ends the environment, as in Lambda. */
function reportUncaught(): void {
  process.on('uncaughtException', (error) => {
    reportAndExit(errorShape(error), 129);
  });
  process.on('unhandledRejection', (reason) => {
    const { errorType, errorMessage, trace } = errorShape(reason);
    const message = isNativeError(reason) ? `${errorType}: ${errorMessage}` : errorMessage;
    reportAndExit({ errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: message, trace }, 128);
  });
}

async function main(): Promise<void> {
  watchParent();
  offerSdk();
  reportUncaught();
  let handler: Handler;
  try {
    handler = await loadHandler();
  } catch (error) {
    const shape = errorShape(error);
    console.error(JSON.stringify(shape));
    await postError('/init/error', shape);
    process.exit(1);
  }
  await serve(handler);
}

main().catch((error: unknown) => {
  // The Runtime API is gone or refused: there is nobody left to work for.
  console.error(error);
  process.exit(1);
});
