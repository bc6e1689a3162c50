import { load, parseJson, substitute } from '@stepyard/asl';
import { createVirtualClock, EngineError, type MachineType } from '@stepyard/engine';
import { ACCOUNT_ID, createServices, refuseFeature, type Services } from '@stepyard/services';
import { createAccount, type Account } from '../../account.ts';
import { readMockConfig, type MockConfig } from '../../mocks/mock-config.ts';
import { openMocks } from '../../mocks/open-mocks.ts';
import { UserError } from '../../user-error.ts';
import type { RunArguments } from '../arguments.ts';
import { machineIn, machineName } from '../checking/one-machine.ts';
import type { Output } from '../output.ts';
import { readUserFile } from '../read-file.ts';
import { printRun, runAsJson, type EndedRun } from './print-run.ts';
import { unansweredTasks } from './unanswered.ts';

const EXECUTION_NAME = 'run';
const ROLE_ARN = `arn:aws:iam::${ACCOUNT_ID}:role/run`;

interface Mocked {
  readonly config: MockConfig;
  readonly machine: string;
  readonly testCase: string;
}

/**
 * Runs one state machine once, to its end, in this process and in memory: its tasks are answered by a test case of a mocks file, or by
 * the hosted services. Gives 0 when it succeeded, else 1. Throws UserError.
 */
export async function runOnce(args: RunArguments, output: Output): Promise<number> {
  const { definition, type } = await machineIn(args.file);
  const machineType = args.express || type === 'EXPRESS' ? 'EXPRESS' : 'STANDARD';
  const text = definitionText(args, JSON.stringify(definition), machineType);
  const input = readInput(args.input);
  const mocked = args.mocksFile === undefined ? undefined : chooseMocks(args.mocksFile, args);
  const run = await inServices(args, mocked, async ({ services, account }) => {
    const hosted = new Set(['sfn', ...services.all.map(({ name }) => name)]);
    const testCase = mocked?.config.testCase(mocked.machine, mocked.testCase);
    const unanswered = unansweredTasks(
      parseJson(text) ?? {},
      (state) => testCase?.states.has(state) ?? false,
      hosted,
    );
    if (unanswered.length > 0) {
      throw new UserError(
        `Nothing in a single run answers ${unanswered.join(', ')}: mock it with --mocks FILE, or run it in a yard (stepyard start).`,
      );
    }
    const name = mocked?.machine ?? executableName(args.file);
    const { testCase: chosen } = mocked ?? {};
    return await execute(account, { name, definition: text, type: machineType, input, testCase: chosen });
  });
  output.out(args.json ? runAsJson(run, args.history) : printRun(run, args.history));
  return run.described.status === 'SUCCEEDED' ? 0 : 1;
}

/** With its substitutions made, and without an error. */
function definitionText({ file, substitutions }: RunArguments, written: string, type: MachineType): string {
  const { text, missing, unused } = substitute(written, substitutions);
  if (missing.length > 0) {
    const names = missing.map((name) => `\${${name}}`).join(', ');
    throw new UserError(`${file} has ${names}: give values with --set ${missing[0] ?? ''}=VALUE.`);
  }
  if (unused.length > 0) throw new UserError(`${file} has no \${${unused[0] ?? ''}}, which --set gives.`);
  const [error] = load(text, { type }).diagnostics.filter(({ severity }) => severity === 'error');
  if (error !== undefined) {
    const where = error.pointer === '' ? '/' : error.pointer;
    throw new UserError(`${file} is wrong at ${where}: ${error.message} stepyard check says more.`);
  }
  return text;
}

function readInput(given: string): string {
  const text = given.startsWith('@') ? readUserFile(given.slice(1)).replace(/^\u{feff}/u, '') : given;
  if (parseJson(text) === undefined) {
    throw new UserError(
      given.startsWith('@')
        ? `${given.slice(1)} holds no JSON.`
        : `--input ${given.slice(0, 100)} is no JSON.`,
    );
  }
  return text;
}

/** The test case to run: the one that was named, or the only one that there is for the machine. */
function chooseMocks(path: string, { file, testCase }: RunArguments): Mocked {
  const config = readMockConfig(path);
  const own = machineName(file);
  const [only, ...others] = config.names.keys();
  const machine = config.names.has(own) || others.length > 0 ? own : (only ?? own);
  const cases = config.names.get(machine);
  if (cases === undefined) {
    throw new UserError(
      `${path} has no state machine ${own}, after which ${file} is named; it has ${[...config.names.keys()].join(', ') || 'none'}.`,
    );
  }
  const chosen = testCase ?? (cases.length === 1 ? cases[0] : undefined);
  if (chosen === undefined || !cases.includes(chosen)) {
    const problem = chosen === undefined ? 'Which test case?' : `${path} has no test case ${chosen}.`;
    throw new UserError(
      `${problem} --test-case NAME takes one of ${machine}'s: ${cases.join(', ') || 'none'}.`,
    );
  }
  return { config, machine, testCase: chosen };
}

/** A name that Step Functions takes. */
function executableName(file: string): string {
  return (
    machineName(file)
      .replaceAll(/[^\w-]/gu, '-')
      .slice(0, 80) || 'machine'
  );
}

interface Opened {
  readonly services: Services;
  readonly account: Account;
}

async function inServices<T>(
  { virtualTime }: RunArguments,
  mocked: Mocked | undefined,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const log = (): void => undefined;
  const services = await createServices({
    dataDir: undefined,
    gatewayOrigin: () => 'http://127.0.0.1',
    caller: () => account.caller,
    log,
  });
  const clock = virtualTime ? createVirtualClock({ startMs: Date.now(), autoAdvance: true }) : undefined;
  const account = await createAccount({
    id: ACCOUNT_ID,
    services,
    hosted: services.all,
    endpoints: { callers: new Map(), handlers: new Map() },
    accounts: {
      find: () => undefined,
      open: () => Promise.reject(refuseFeature('states', 'run', 'more than one account')),
    },
    clock,
    openMocks: (real, engine) =>
      Promise.resolve(mocked === undefined ? undefined : openMocks(mocked.config, real, engine)),
    log,
  });
  try {
    return await work({ services, account });
  } finally {
    await account.engine.close();
    await services.close();
  }
}

interface Execution {
  readonly name: string;
  readonly definition: string;
  readonly type: MachineType;
  readonly input: string;
  readonly testCase: string | undefined;
}

async function execute({ engine }: Account, run: Execution): Promise<EndedRun> {
  try {
    const { name, definition, type, input, testCase } = run;
    const { stateMachineArn } = await engine.createStateMachine({
      name,
      definition,
      type,
      roleArn: ROLE_ARN,
    });
    const { executionArn } = await engine.start({
      stateMachineArn,
      name: EXECUTION_NAME,
      input,
      ...(testCase === undefined ? {} : { testCase }),
    });
    await engine.whenEnded(executionArn);
    const { description, events } = await engine.inspect(executionArn);
    return { described: description, events };
  } catch (error) {
    if (error instanceof EngineError) throw new UserError(`${error.code}: ${error.message}`);
    throw error;
  }
}
