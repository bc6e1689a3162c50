/**
 * The yard over HTTP against the smallest server that gives the same answers: `node bench/http.ts [--only=TEXT] [--short]`.
 * Short executions, 64 at once and one after the other, each started, described and checked; the journal is durable (FULL). And how
 * long it takes from the start of the process to the first SUCCEEDED: of the command as it is installed, against the floor's own
 * JavaScript, and once more of both from their sources, whose types Node strips first.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';
import { buildPackages } from '../packages/build.ts';
import { median } from './measure.ts';
import { isShort, isWanted, printHead, printRate, printRow } from './report.ts';
import { SHORT } from './workloads.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'stepyard-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let names = 0;

interface Server {
  readonly process: ChildProcess;
  readonly origin: string;
}

function start(...args: string[]): Promise<Server> {
  const child = spawn(process.execPath, args, { cwd: directory, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let said = '';
    child.once('exit', () => reject(new Error(`${args.join(' ')} has ended`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const origin = /ready at (\S+)/u.exec(said)?.[1];
      if (origin !== undefined) resolve({ process: child, origin });
    });
  });
}

async function stop({ process: child }: Server, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  child.removeAllListeners('exit');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

const SOURCE = pathOf('../packages/server/src/cli/main.mjs');
const FLOOR_SOURCE = pathOf('floor-server.ts');

const startYard = (main: string, ...more: string[]): Promise<Server> =>
  start(main, 'start', '--port', '0', '--jobs', 'process', '--no-console', ...more);

function call(origin: string, operation: string, input: object): Promise<Record<string, unknown>> {
  const body = JSON.stringify(input);
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `AWSStepFunctions.${operation}`,
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const sent = request(origin, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(JSON.parse(text) as Record<string, unknown>);
        else reject(new Error(text));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function machine(origin: string): Promise<unknown> {
  const definition = JSON.stringify(SHORT);
  const roleArn = 'arn:aws:iam::000000000000:role/bench';
  return (await call(origin, 'CreateStateMachine', { name: `m${names++}`, definition, roleArn }))[
    'stateMachineArn'
  ];
}

async function execute(origin: string, stateMachineArn: unknown): Promise<void> {
  const input = '{"n":1}';
  const started = await call(origin, 'StartExecution', { stateMachineArn, input, name: `x${names++}` });
  const { executionArn } = started;
  for (;;) {
    const { status, output } = await call(origin, 'DescribeExecution', { executionArn });
    if (status === 'SUCCEEDED' && output === input) return;
    if (status !== 'RUNNING') throw new Error(`wrong: ${String(status)} ${String(output)}`);
  }
}

/** CPU milliseconds that the process has used; 0 where the system does not tell. */
function cpuMsOf({ process: { pid } }: Server): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return 0;
  }
}

interface Crowd {
  readonly server: Server;
  readonly arn: unknown;
  readonly rates: number[];
  readonly cpuMs: number[];
}

async function round({ server, arn, rates, cpuMs }: Crowd, count: number, atOnce: number): Promise<void> {
  let left = count;
  const cpuBefore = cpuMsOf(server);
  const before = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (left-- > 0) await execute(server.origin, arn);
    }),
  );
  rates.push(count / ((performance.now() - before) / 1000));
  cpuMs.push((cpuMsOf(server) - cpuBefore) / count);
}

async function shortExecutions(atOnce: number, wanted: number): Promise<void> {
  const what = atOnce === 1 ? 'short over HTTP, one after the other' : `short over HTTP, ${atOnce} at once`;
  if (!isWanted(what)) return;
  const crowdOf = async (server: Server): Promise<Crowd> => {
    return { server, arn: await machine(server.origin), rates: [], cpuMs: [] };
  };
  const ours = await crowdOf(await startYard(SOURCE, '--data', `data-${atOnce}`));
  const floor = await crowdOf(
    await start(FLOOR_SOURCE, ...(atOnce === 1 ? [join(directory, 'floor.log')] : [])),
  );
  const count = (atOnce === 1 ? 300 : 2000) / (isShort ? 4 : 1);
  for (const crowd of [ours, floor]) await round(crowd, count, atOnce);
  for (const crowd of [ours, floor]) crowd.rates.length = crowd.cpuMs.length = 0;
  for (let turn = 0; turn < (isShort ? 3 : 7); turn++) {
    for (const crowd of [ours, floor]) await round(crowd, count, atOnce);
  }
  await Promise.all([stop(ours.server), stop(floor.server)]);
  const note = `CPU ${median(ours.cpuMs).toFixed(2)} and ${median(floor.cpuMs).toFixed(2)} ms each`;
  printRate({ what, ours: median(ours.rates), floor: median(floor.rates), wanted, note });
}

async function firstResultMs(begin: () => Promise<Server>, signal?: NodeJS.Signals): Promise<number> {
  const before = performance.now();
  const server = await begin();
  await execute(server.origin, await machine(server.origin));
  const taken = performance.now() - before;
  await stop(server, signal);
  return taken;
}

async function startUp(what: string, wanted: number | undefined, yard: string, floor: string): Promise<void> {
  const oursMs: number[] = [];
  const floorMs: number[] = [];
  const ours = (): Promise<Server> => startYard(yard, '--data', `data-${what}`);
  // The first start makes what later ones find: the data, and the compiled code, which Node writes when a process ends by itself.
  await firstResultMs(ours, 'SIGTERM');
  for (let turn = 0; turn < (isShort ? 3 : 9); turn++) {
    oursMs.push(await firstResultMs(ours));
    floorMs.push(await firstResultMs(() => start(floor)));
  }
  printRow({ what, oursUs: median(oursMs) * 1000, floorUs: median(floorMs) * 1000, wanted });
}

async function startUps(): Promise<void> {
  const what = 'process start to first SUCCEEDED, second start';
  if (isWanted(what)) {
    // Below the repository's own node_modules, where what they depend on is found.
    mkdirSync(pathOf('../node_modules/.cache'), { recursive: true });
    const installed = mkdtempSync(pathOf('../node_modules/.cache/stepyard-bench-'));
    try {
      const packages = join(installed, 'node_modules', '@stepyard');
      await buildPackages(packages);
      const floor = join(installed, 'floor-server.mjs');
      writeFileSync(floor, transformSync(readFileSync(FLOOR_SOURCE, 'utf8'), { loader: 'ts' }).code);
      await startUp(what, 2, join(packages, 'server/lib/cli/main.mjs'), floor);
    } finally {
      rmSync(installed, { recursive: true });
    }
  }
  const fromSources = 'process start to first SUCCEEDED, from sources';
  if (isWanted(fromSources)) await startUp(fromSources, undefined, SOURCE, FLOOR_SOURCE);
}

printHead();
try {
  await shortExecutions(64, 0.85);
  await shortExecutions(1, 0.55);
  await startUps();
} finally {
  agent.destroy();
  rmSync(directory, { recursive: true, force: true });
}
