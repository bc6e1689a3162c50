import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LogRecord } from '../service.ts';
import { clientOptions, serve } from '../wire/test-server.ts';
import { createLambda, type FunctionDefinition, type LambdaService } from './lambda.ts';
import { zipOf } from './zip.fixture.ts';

let directory: string;
let service: LambdaService;
const logs: LogRecord[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stepyard-lambda-'));
  service = createLambda({
    dataDir: directory,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    log: (record) => logs.push(record),
  });
});
afterAll(async () => {
  await service.close();
  await rm(directory, { recursive: true, force: true });
});

function definition(
  functionName: string,
  text: string,
  more: Partial<FunctionDefinition> = {},
): FunctionDefinition {
  return {
    functionName,
    runtime: 'nodejs24.x',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 128,
    architectures: ['arm64'],
    roleArn: 'arn:aws:iam::000000000000:role/r',
    description: '',
    reservedConcurrency: undefined,
    code: { kind: 'inline', text },
    ...more,
  };
}

async function run(
  name: string,
  event: unknown = {},
): Promise<{ functionError: string | undefined; output: unknown }> {
  const { functionError, payload } = await service.invokeFunction(name, JSON.stringify(event), {
    invocationType: 'RequestResponse',
  });
  return { functionError, output: JSON.parse(payload) };
}

describe('a Node function', () => {
  test('gets the event, a context and its environment, and stays warm', async () => {
    await service.putFunction(
      definition(
        'hello',
        `let count = 0;
         exports.handler = async (event, context) => ({
           count: ++count, event, name: context.functionName, arn: context.invokedFunctionArn,
           left: context.getRemainingTimeInMillis(), memory: context.memoryLimitInMB, group: context.logGroupName,
           id: context.awsRequestId, endpoint: process.env.AWS_ENDPOINT_URL, mine: process.env.MINE,
           root: process.env.LAMBDA_TASK_ROOT === process.cwd(), home: process.env.USER,
         });`,
        { environment: { MINE: 'yes' } },
      ),
    );
    const first = await run('hello', { a: [1] });
    expect(first.functionError).toBeUndefined();
    expect(first.output).toMatchObject({
      count: 1,
      event: { a: [1] },
      name: 'hello',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:hello',
      memory: '128',
      group: '/aws/lambda/hello',
      endpoint: 'http://127.0.0.1:4566',
      mine: 'yes',
      root: true,
    });
    const { left, id, home } = first.output as { left: number; id: string; home?: string };
    expect(left).toBeGreaterThan(8000);
    expect(left).toBeLessThanOrEqual(10_000);
    expect(id).toMatch(/^[0-9a-f-]{36}$/u);
    // Nothing of this process's own environment leaks in.
    expect(home).toBeUndefined();
    expect((await run('arn:aws:lambda:us-east-1:000000000000:function:hello')).output).toMatchObject({
      count: 2,
    });
    const lines = logs
      .filter(({ logGroup }) => logGroup === '/aws/lambda/hello')
      .map(({ message }) => message);
    expect(lines[0]).toBe(`START RequestId: ${id} Version: $LATEST`);
    expect(lines).toContain(`END RequestId: ${id}`);
    expect(lines.find((line) => line.startsWith('REPORT'))).toMatch(
      /Duration: [\d.]+ ms\tBilled Duration: \d+ ms/u,
    );
  });

  test('may be an ES module, in a directory, with a handler in a folder', async () => {
    const code = join(directory, 'esm');
    await service.putFunction(
      definition('esm', '', {
        handler: 'src/app.handler',
        code: {
          kind: 'path',
          path: await writeModule(code, 'src/app.mjs', 'export const handler = (event) => event.a + 1;'),
        },
      }),
    );
    expect((await run('esm', { a: 1 })).output).toBe(2);
  });

  test('finds the AWS SDK although it was bundled without it', async () => {
    await service.putFunction(
      definition(
        'sdk',
        `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
         exports.handler = async () => new DynamoDBClient({}).config.serviceId;`,
      ),
    );
    expect((await run('sdk')).output).toBe('DynamoDB');
    const esm = `import { SQSClient } from '@aws-sdk/client-sqs';
      export const handler = async () => new SQSClient({}).config.serviceId;`;
    const path = await writeModule(join(directory, 'sdk-esm'), 'index.mjs', esm);
    await service.putFunction(definition('sdk-esm', '', { code: { kind: 'path', path } }));
    expect((await run('sdk-esm')).output).toBe('SQS');
  });

  test('raises errors in the shape of Lambda', async () => {
    await service.putFunction(
      definition(
        'raises',
        `class MyError extends Error { name = 'MyError'; }
         exports.handler = async (event) => {
           if (event === 'text') throw 'just text';
           if (event === 'late') { setTimeout(() => { throw new RangeError('late'); }); await new Promise(() => {}); }
           if (event === 'rejected') { Promise.reject(new Error('nobody')); await new Promise((r) => setTimeout(r, 1000)); }
           if (event === 'exit') process.exit(3);
           if (event === 'undefined') return undefined;
           throw new MyError('no');
         };`,
      ),
    );
    const raised = await run('raises');
    expect(raised.functionError).toBe('Unhandled');
    expect(raised.output).toMatchObject({ errorType: 'MyError', errorMessage: 'no' });
    expect((raised.output as { trace: string[] }).trace[0]).toBe('MyError: no');
    expect((await run('raises', 'text')).output).toEqual({
      errorType: 'string',
      errorMessage: 'just text',
      trace: [],
    });
    expect((await run('raises', 'undefined')).output).toBeNull();
    expect((await run('raises', 'late')).output).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'late',
    });
    expect((await run('raises', 'rejected')).output).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'Error: nobody',
    });
    const exited = await run('raises', 'exit');
    expect(exited.output).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect((exited.output as { errorMessage: string }).errorMessage).toMatch(
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/u,
    );
    expect((await run('raises')).output).toMatchObject({ errorType: 'MyError' });
  });

  test.each([
    ['exports.other = 1;', 'Runtime.HandlerNotFound', 'index.handler is undefined or not exported'],
    ['exports.handler = 1;', 'Runtime.HandlerNotFound', 'index.handler is not a function'],
    ["require('not-there');", 'Runtime.ImportModuleError', "Error: Cannot find module 'not-there'"],
    ['exports.handler = (', 'Runtime.UserCodeSyntaxError', 'SyntaxError'],
    ["throw new TypeError('at load');", 'TypeError', 'at load'],
    [
      'exports.handler = (event, context, callback) => callback(null, 1);',
      'Runtime.CallbackHandlerDeprecated',
      'callback-based function handlers',
    ],
  ])('fails to start: %s', async (text, errorType, message) => {
    await service.putFunction(definition('broken', text));
    const { functionError, output } = await run('broken');
    expect(functionError).toBe('Unhandled');
    expect(output).toMatchObject({ errorType, errorMessage: expect.stringContaining(message) as string });
  });

  test('is killed when its time is over, busy or not, and the next invocation gets a new process', async () => {
    await service.putFunction(
      definition(
        'slow',
        'exports.handler = async (event) => { if (event.wait) for (;;); return process.pid; };',
        {
          timeoutSeconds: 1,
        },
      ),
    );
    const { output: pid } = await run('slow');
    const timedOut = await run('slow', { wait: true });
    expect(timedOut.functionError).toBe('Unhandled');
    const { errorType, errorMessage } = timedOut.output as { errorType: string; errorMessage: string };
    expect(errorType).toBe('Sandbox.Timedout');
    expect(errorMessage).toMatch(/^RequestId: [0-9a-f-]{36} Error: Task timed out after 1\.00 seconds$/u);
    await expect.poll(() => isAlive(Number(pid))).toBe(false);
    expect((await run('slow')).output).not.toBe(pid);
  });

  test('what it logs is in the tail, attributed to its invocation', async () => {
    await service.putFunction(
      definition('logs', 'exports.handler = async (event) => { console.log("line", event); return 1; };'),
    );
    const server = await serve(service);
    const client = new LambdaClient(clientOptions(server.origin));
    const { LogResult: tail = '' } = await client.send(
      new InvokeCommand({ FunctionName: 'logs', Payload: '"one"', LogType: 'Tail' }),
    );
    const text = Buffer.from(tail, 'base64').toString();
    expect(text).toMatch(/^START [^\n]+\nline one\nEND [^\n]+\nREPORT /u);
    client.destroy();
    await server.close();
  });

  test('many invocations at once use several processes; reserved concurrency throttles', async () => {
    const text =
      'exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return process.pid; };';
    await service.putFunction(definition('many', text));
    const results = await Promise.all([run('many'), run('many'), run('many')]);
    expect(new Set(results.map(({ output }) => output)).size).toBe(3);
    await service.putFunction(definition('many', text, { reservedConcurrency: 1 }));
    const [first, second] = await Promise.allSettled([run('many'), run('many')]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({
      status: 'rejected',
      reason: { code: 'TooManyRequestsException', statusCode: 429 },
    });
  });

  test('payload limits in and out', async () => {
    await service.putFunction(
      definition(
        'sizes',
        'exports.handler = async (event) => typeof event === "number" ? "x".repeat(event) : event.length;',
      ),
    );
    expect((await run('sizes', 'x'.repeat(6_291_456 - 2))).output).toBe(6_291_454);
    await expect(run('sizes', 'x'.repeat(6_291_456 - 1))).rejects.toMatchObject({
      code: 'RequestTooLargeException',
      statusCode: 413,
    });
    expect((await run('sizes', 6_291_556 - 2)).functionError).toBeUndefined();
    expect((await run('sizes', 6_291_556 - 1)).output).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
    });
    await expect(
      service.invokeFunction('sizes', 'x', { invocationType: 'RequestResponse' }),
    ).rejects.toMatchObject({ code: 'InvalidRequestContentException' });
  });

  test('an asynchronous invocation is answered at once', async () => {
    await service.putFunction(
      definition('later', 'exports.handler = async (event) => { console.log("got", event); };'),
    );
    const answer = await service.invokeFunction('later', '"it"', { invocationType: 'Event' });
    expect(answer).toMatchObject({ statusCode: 202, payload: '' });
    await expect.poll(() => logs.some(({ message }) => message === 'got it'), { timeout: 20_000 }).toBe(true);
  });

  test('memory has an end', async () => {
    await service.putFunction(
      definition(
        'hungry',
        'exports.handler = async () => { const all = []; for (;;) all.push(new Array(1e6).fill(all.length)); };',
        {
          timeoutSeconds: 25,
        },
      ),
    );
    const { output } = await run('hungry');
    expect(output).toMatchObject({ errorType: 'Runtime.ExitError' });
  });
});

test('no process outlives the one that started it, even by kill -9', async () => {
  const script = join(directory, 'parent.ts');
  const module = new URL('./lambda.ts', import.meta.url).href;
  const busy = definition(
    'busy',
    'exports.handler = async () => { require("fs").writeSync(1, "pid " + process.pid + "\\n"); for (;;); };',
    { timeoutSeconds: 300 },
  );
  await writeFile(
    script,
    `import { createLambda } from ${JSON.stringify(module)};
     const service = createLambda({ dataDir: ${JSON.stringify(directory)}, gatewayOrigin: () => '', log: ({ message }) => console.log(message) });
     await service.putFunction(${JSON.stringify(busy)});
     await service.invokeFunction('busy', '{}', { invocationType: 'RequestResponse' });`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  parent.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => /pid (\d+)/u.exec(output)?.[1], { timeout: 15_000 }).toBeDefined();
  const pid = Number(/pid (\d+)/u.exec(output)?.[1]);
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

test('close ends every process', async () => {
  const other = createLambda({ dataDir: directory, gatewayOrigin: () => '', log: () => undefined });
  await other.putFunction(definition('closing', 'exports.handler = async () => process.pid;'));
  const { payload } = await other.invokeFunction('closing', '{}', { invocationType: 'RequestResponse' });
  expect(isAlive(Number(payload))).toBe(true);
  await other.close();
  await other.close();
  await expect.poll(() => isAlive(Number(payload))).toBe(false);
});

test('closing ends an invocation whose process has not started yet', async () => {
  const other = createLambda({
    dataDir: directory,
    gatewayOrigin: () => 'http://127.0.0.1:4566',
    log: () => undefined,
  });
  await other.putFunction(definition('starting', 'exports.handler = async () => 1;'));
  const invoked = other.invokeFunction('starting', '{}', { invocationType: 'RequestResponse' });
  await other.close();
  expect((await invoked).functionError).toBe('Unhandled');
});

describe('the API', () => {
  test('creates, invokes and deletes, as SDK v3 calls it', async () => {
    const server = await serve(service);
    const client = new LambdaClient(clientOptions(server.origin));
    const zip = zipOf(
      'index.mjs',
      'export const handler = async (event) => { if (event.fail) throw new Error("f"); return event; };',
    );
    const created = await client.send(
      new CreateFunctionCommand({
        FunctionName: 'zipped',
        Runtime: 'nodejs24.x',
        Role: 'arn:aws:iam::000000000000:role/r',
        Handler: 'index.handler',
        Code: { ZipFile: zip },
      }),
    );
    expect(created).toMatchObject({ State: 'Active', Timeout: 3, MemorySize: 128, Version: '$LATEST' });
    const invoked = await client.send(new InvokeCommand({ FunctionName: 'zipped', Payload: '{"a":1}' }));
    expect(invoked).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(invoked.Payload?.transformToString()).toBe('{"a":1}');
    const failed = await client.send(new InvokeCommand({ FunctionName: 'zipped', Payload: '{"fail":true}' }));
    expect(failed.FunctionError).toBe('Unhandled');
    const { Configuration: configuration } = await client.send(
      new GetFunctionCommand({ FunctionName: 'zipped' }),
    );
    expect(configuration?.FunctionArn).toBe('arn:aws:lambda:us-east-1:000000000000:function:zipped');
    await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'zipped' }));
    const { Functions: functions } = await client.send(new ListFunctionsCommand({}));
    expect(functions?.map(({ FunctionName: name }) => name)).toContain('zipped');
    await client.send(new DeleteFunctionCommand({ FunctionName: 'zipped' }));
    await expect(client.send(new InvokeCommand({ FunctionName: 'zipped' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:zipped:$LATEST',
    });
    await expect(
      client.send(new CreateAliasCommand({ FunctionName: 'zipped', Name: 'a', FunctionVersion: '1' })),
    ).rejects.toMatchObject({ name: 'StepyardOperationNotHosted', $metadata: { httpStatusCode: 501 } });
    client.destroy();
    await server.close();
  });

  test('runtimes that nothing here runs are refused with what does', async () => {
    await expect(service.putFunction(definition('java', '', { runtime: 'java21' }))).rejects.toThrow(
      /does not host the runtime java21.*nodejs\*\.x.*python3/u,
    );
  });

  test('a zip may not write outside its directory', async () => {
    await expect(putZip('../escape.js')).rejects.toThrow(/escape/u);
    await putZip('index.js');
    expect((await run('zip')).output).toBe(1);
  });

  test('a damaged zip is refused', async () => {
    const whole = zipOf('index.js', 'exports.handler = async () => 1;');
    for (const bytes of [Buffer.alloc(0), whole.subarray(10), Buffer.from('PK')]) {
      await expect(
        service.putFunction(definition('zip', '', { code: { kind: 'zip', bytes } })),
      ).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    }
  });
});

const python = spawnSync('python3', ['--version']).status === 0;
describe.skipIf(!python)('a Python function (skipped where there is no python3)', () => {
  test('runs, raises and times out', async () => {
    await service.putFunction(
      definition(
        'snake',
        [
          'import time',
          'def handler(event, context):',
          '    if event.get("fail"): raise ValueError("bad")',
          '    if event.get("wait"): time.sleep(60)',
          '    print("seen", event)',
          '    return {"name": context.function_name, "left": context.get_remaining_time_in_millis() > 0}',
        ].join('\n'),
        { runtime: 'python3.13', timeoutSeconds: 2 },
      ),
    );
    expect((await run('snake')).output).toEqual({ name: 'snake', left: true });
    expect(logs.some(({ message }) => message === 'seen {}')).toBe(true);
    expect((await run('snake', { fail: true })).output).toMatchObject({
      errorType: 'ValueError',
      errorMessage: 'bad',
    });
    expect((await run('snake', { wait: true })).output).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A killed process whose parent has gone may stay a zombie until it is reaped.
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z');
  } catch {
    return false;
  }
}

async function writeModule(directoryPath: string, file: string, text: string): Promise<string> {
  const { mkdir } = await import('node:fs/promises');
  await mkdir(join(directoryPath, file, '..'), { recursive: true });
  await writeFile(join(directoryPath, file), text);
  await sleep(0);
  return directoryPath;
}

function putZip(name: string): Promise<unknown> {
  const bytes = zipOf(name, 'exports.handler = async () => 1;');
  return service.putFunction(definition('zip', '', { code: { kind: 'zip', bytes } }));
}
