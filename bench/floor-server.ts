/**
 * The floor over HTTP: the smallest node:http server that creates state machines, runs chains of Pass states, keeps what a history
 * needs, and describes executions. It checks nothing. `node bench/floor-server.ts [FILE]`: with a file, each start is flushed to it
 * before it is acknowledged. Prints its port.
 */
import { fdatasyncSync, openSync, writeSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface PassState {
  readonly Next?: string;
}

interface Definition {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, PassState>>;
}

interface Request {
  readonly name?: string;
  readonly definition?: string;
  readonly stateMachineArn?: string;
  readonly executionArn?: string;
  readonly input?: string;
}

interface Kept {
  readonly startDate: number;
  readonly output: string;
  readonly history: readonly unknown[];
}

const place = 'arn:aws:states:us-east-1:000000000000';
const machines = new Map<string, Definition>();
const executions = new Map<string, Kept>();
const file = process.argv[2] === undefined ? undefined : openSync(process.argv[2], 'a');

function run(machine: Definition, text: string): Kept {
  const history: unknown[] = [];
  JSON.parse(text);
  for (
    let name: string | undefined = machine.StartAt;
    name !== undefined;
    name = machine.States[name]?.Next
  ) {
    history.push({ id: history.length + 1, type: 'PassStateEntered', t: Date.now(), name, input: text });
    history.push({ id: history.length + 1, type: 'PassStateExited', t: Date.now(), name, output: text });
  }
  return { startDate: Date.now() / 1000, output: text, history };
}

function answer(operation: string, request: Request): object {
  if (operation === 'CreateStateMachine') {
    const stateMachineArn = `${place}:stateMachine:${request.name}`;
    machines.set(stateMachineArn, JSON.parse(request.definition ?? '') as Definition);
    return { stateMachineArn, creationDate: Date.now() / 1000 };
  }
  if (operation === 'StartExecution') {
    const machine = machines.get(request.stateMachineArn ?? '');
    if (machine === undefined) throw new Error('no such machine');
    const executionArn = `${place}:execution:m:${request.name}`;
    if (file !== undefined) {
      writeSync(file, `${JSON.stringify(request)}\n`);
      fdatasyncSync(file);
    }
    const kept = run(machine, request.input ?? '{}');
    executions.set(executionArn, kept);
    return { executionArn, startDate: kept.startDate };
  }
  const { executionArn = '' } = request;
  const kept = executions.get(executionArn);
  return { executionArn, status: 'SUCCEEDED', output: kept?.output, startDate: kept?.startDate };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const body = JSON.stringify(answer(operation, JSON.parse(Buffer.concat(chunks).toString()) as Request));
    const headers = {
      'content-type': 'application/x-amz-json-1.0',
      'content-length': Buffer.byteLength(body),
    };
    response.writeHead(200, headers);
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`ready at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
