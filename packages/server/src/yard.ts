import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  createVirtualClock,
  StoreError,
  type Engine,
  type ServiceCaller,
  type TaskRunner,
  type VirtualClock,
} from '@stepyard/engine';
import {
  ACCOUNT_ID,
  AssemblyError,
  createEndpointCaller,
  createServices,
  deploy,
  readAssembly,
  REGION,
  type Deployment,
  type JobsMode,
  type LogSink,
  type Services,
} from '@stepyard/services';
import { createAccount, type Account, type AccountParts } from './account.ts';
import { Accounts } from './accounts.ts';
import { allOrNone, Closers } from './closers.ts';
import { createConsole, type Console } from './console/console.ts';
import { openDataDirectory } from './data-directory.ts';
import { createDeployTarget, type DeployTargetParts } from './deploy-target.ts';
import { proxyTo } from './gateway/proxy.ts';
import { startGateway, type Gateway, type ServiceHandler } from './gateway/gateway.ts';
import { openJobs } from './jobs.ts';
import type { MockRunner } from './mocks/mock-runner.ts';
import { keepFor } from './retention.ts';
import { openStore, type Durability } from './open-store.ts';
import { messageOf, systemErrorCode, UserError } from './user-error.ts';

export interface YardOptions {
  /** 0, the default: any free port. */
  readonly port?: number | undefined;
  /** 127.0.0.1 unless given. */
  readonly host?: string | undefined;
  /** Where data is kept; without it everything is in memory. */
  readonly dataDir?: string | undefined;
  /** How safe executions are in the data directory: `full` unless given. */
  readonly durability?: Durability | undefined;
  /** How long executions are kept after their end; for ever unless given. */
  readonly retentionDays?: number | undefined;
  /** A synthesised cloud assembly, deployed before `startYard` resolves. */
  readonly assemblyDir?: string | undefined;
  /** Or the directory of a CDK app, which is synthesised first; its assembly goes when the yard does. */
  readonly appDir?: string | undefined;
  /** Takes what the app printed, when its synthesis fails. */
  readonly onAppOutput?: ((text: string) => void) | undefined;
  /** Gives up the start. */
  readonly signal?: AbortSignal | undefined;
  /** `auto` unless given. */
  readonly jobs?: JobsMode | undefined;
  readonly jobBuildArgs?: Readonly<Record<string, string>> | undefined;
  /** Further arguments for the container engine, when it makes a job's container. */
  readonly containerArgs?: readonly string[] | undefined;
  /** Service id (`dynamodb`) -> URL of the endpoint that has it instead of the yard. */
  readonly endpoints?: Readonly<Record<string, string>> | undefined;
  /** Mocked responses in the format of Step Functions Local's MockConfigFile. */
  readonly mocksFile?: string | undefined;
  /** True: waits and timeouts pass as soon as nothing else is going on. `manual`: time stands still until the console advances it. */
  readonly virtualTime?: boolean | 'manual' | undefined;
  /** False: no web console under `/_stepyard/`. */
  readonly console?: boolean | undefined;
  /** What services and jobs have to say; nothing is written without it. */
  readonly log?: LogSink | undefined;
}

export interface DeployedMachine {
  readonly name: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly arn: string;
}

export interface YardDeployment extends Deployment {
  /** In the order of their deployment. */
  readonly machines: readonly DeployedMachine[];
}

/** A running yard. */
export interface Yard {
  /** The AWS endpoint URL: `http://127.0.0.1:4566`. */
  readonly origin: string;
  readonly port: number;
  /** Empty when no assembly was given. */
  readonly deployment: YardDeployment;
  readonly engine: Engine;
  readonly services: Services;
  /** Calls of hosted services, Step Functions included, in this process. */
  readonly caller: ServiceCaller;
  /** The account of that id, opened if need be. Rejects with ServiceError when there are too many. */
  account(id: string): Promise<Account>;
  /** How Batch and ECS jobs run, and why so: one line. */
  describeJobs(): string;
  /** Stops serving, gives up what runs, closes the data. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Starts a yard: the lock of the data directory, the port, the services, the engine, then the deployment. Rejects with
 * {@link UserError} for what the user can mend; nothing is left running then.
 */
export async function startYard(options: YardOptions = {}): Promise<Yard> {
  const closers = new Closers();
  try {
    return await open(options, closers);
  } catch (error) {
    closers.abort();
    await closers.close();
    throw dataFailure(error, options.dataDir) ?? error;
  }
}

/** What the disk, its permissions or the limit of open files do not allow; undefined for anything else. */
function dataFailure(error: unknown, dataDir: string | undefined): UserError | undefined {
  if (error instanceof StoreError) return new UserError(error.message);
  if (dataDir === undefined || !DATA_FAILURES.has(systemErrorCode(error) ?? '')) return undefined;
  return new UserError(
    `The data in ${resolve(dataDir)} cannot be opened (${messageOf(error)}): look at its permissions, the room on its disk, and how many files a process may open (ulimit -n).`,
  );
}

const DATA_FAILURES = new Set([
  'ERR_SQLITE_ERROR',
  'EMFILE',
  'ENFILE',
  'ENOSPC',
  'EDQUOT',
  'EROFS',
  'EACCES',
  'EIO',
]);

async function open(options: YardOptions, closers: Closers): Promise<Yard> {
  const log: LogSink = options.log ?? (() => undefined);
  await lockData(options, closers);
  // The port is taken first: services and functions are told of it.
  const gateway = await openGateway(options, log);
  closers.add(() => gateway.close());
  const [services, jobs, assemblyDir] = await allOrNone(closers, [
    createServices({
      dataDir: options.dataDir,
      elsewhere: (other) => accounts.find(other)?.services,
      gatewayOrigin: () => gateway.origin,
      caller: () => caller,
      runsSchedules: (options.virtualTime ?? false) === false,
      log,
    }),
    openJobs({
      mode: options.jobs ?? 'auto',
      buildArgs: options.jobBuildArgs ?? {},
      containerArgs: options.containerArgs ?? [],
      port: gateway.port,
      // What jobs write is kept in CloudWatch Logs, which is there by the time that any job runs.
      log: (record) => (record.logGroup === undefined ? log : services.log)(record),
    }),
    openAssembly(options, closers),
  ]);
  const endpoints = openEndpoints(options.endpoints ?? {}, closers);
  const clock = virtualClockOf(options);
  const shared: Shared = {
    endpoints,
    accounts: {
      find: (id) => accounts.find(id)?.caller,
      open: async (id) => (await accounts.open(id)).caller,
    },
    clock,
    log,
  };
  const accounts = otherAccounts(options, gateway, shared);
  const started = Promise.withResolvers<void>();
  const main = await createAccount({
    ...shared,
    id: ACCOUNT_ID,
    services,
    started: started.promise,
    store: openStore(options.dataDir, options.durability),
    hosted: [...services.all, ...jobs.hosted],
    openMocks: (real, engineOf) => openMocks(options.mocksFile, real, engineOf),
  });
  const { engine, caller, api } = main;
  closers.add(keepFor(options.retentionDays, () => [engine, ...accounts.engines()], log));
  // The last of them goes first: nobody may call what is closing.
  for (const part of [engine, accounts, gateway]) closers.add(() => part.close());
  accounts.adopt(main);
  await accounts.restore();

  const web = openConsole(options, main, clock, log);
  if (web !== undefined) closers.add(() => web.close());
  serve(gateway, main, accounts, web);
  const { lambda } = services;
  const deployment = await deployAssembly(assemblyDir, { caller, lambda, images: jobs.images, engine, api });
  services.cloudformation.show(deployment.stacks);
  started.resolve();
  return {
    origin: gateway.origin,
    port: gateway.port,
    deployment,
    engine,
    services,
    caller,
    account: (id) => accounts.open(id),
    describeJobs: () => jobs.describe(),
    close: () => closers.close(),
  };
}

type Shared = Pick<AccountParts, 'endpoints' | 'accounts' | 'clock' | 'log'>;

/** The accounts besides the main one, which have no jobs and no mocks. */
function otherAccounts({ dataDir, durability }: YardOptions, gateway: Gateway, shared: Shared): Accounts {
  const accounts = new Accounts(dataDir, async (id, ownDataDir, closers) => {
    const services = await createServices({
      dataDir: ownDataDir,
      account: id,
      elsewhere: (other) => accounts.find(other)?.services,
      gatewayOrigin: () => gateway.origin,
      caller: () => account.caller,
      runsSchedules: shared.clock === undefined,
      log: shared.log,
    });
    closers.add(() => services.close());
    const started = Promise.withResolvers<void>();
    const account = await createAccount({
      ...shared,
      id,
      services,
      started: started.promise,
      store: openStore(ownDataDir, durability),
      hosted: services.all,
    });
    closers.add(() => account.engine.close());
    started.resolve();
    return account;
  });
  return accounts;
}

function virtualClockOf({ virtualTime = false }: YardOptions): VirtualClock | undefined {
  if (virtualTime === false) return undefined;
  return createVirtualClock({ startMs: Date.now(), autoAdvance: virtualTime === true });
}

async function lockData({ dataDir }: YardOptions, closers: Closers): Promise<void> {
  if (dataDir === undefined) return;
  const directory = await openDataDirectory(dataDir);
  closers.add(() => directory.release());
}

async function openGateway(options: YardOptions, log: LogSink): Promise<Gateway> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? 0;
  try {
    return await startGateway({ host, port, log: (message) => log({ source: 'gateway', message }) });
  } catch (error) {
    throw new UserError(listenFailure(host, port, error));
  }
}

function listenFailure(host: string, port: number, error: unknown): string {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken: stop what uses it, or choose another with --port (0 takes any free one).`;
  }
  if (code === 'EACCES') {
    return `Port ${port} on ${host} may not be used by this user: choose one above 1023 with --port.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: choose another with --host.`;
  }
  return `The yard cannot listen on ${host}:${port}: ${messageOf(error)}.`;
}

/** The assembly to deploy: as given, or synthesised into a directory of its own. */
async function openAssembly(options: YardOptions, closers: Closers): Promise<string | undefined> {
  if (options.appDir === undefined) return options.assemblyDir;
  const { synthesise } = await import('./app/synthesise.ts');
  const root =
    options.dataDir === undefined
      ? await mkdtemp(join(tmpdir(), 'stepyard-assembly-'))
      : join(resolve(options.dataDir), 'assembly');
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  // A yard that was killed left its own behind.
  if (options.dataDir !== undefined) await remove();
  closers.add(remove);
  const outDir = join(root, 'cdk.out');
  const onOutput = options.onAppOutput ?? ((): void => undefined);
  const signals = [closers.signal, ...(options.signal === undefined ? [] : [options.signal])];
  await synthesise({ appDir: options.appDir, outDir, onOutput, signal: AbortSignal.any(signals) });
  return outDir;
}

async function openMocks(
  path: string | undefined,
  real: TaskRunner,
  engine: () => Engine,
): Promise<MockRunner | undefined> {
  if (path === undefined) return undefined;
  const { readMockConfig } = await import('./mocks/mock-config.ts');
  const mocks = await import('./mocks/open-mocks.ts');
  return mocks.openMocks(readMockConfig(path), real, engine);
}

/** Services that are somewhere else: the engine calls them by the SDK, requests that come in here are passed on. */
function openEndpoints(
  urls: Readonly<Record<string, string>>,
  closers: Closers,
): {
  readonly callers: ReadonlyMap<string, ServiceCaller>;
  readonly handlers: ReadonlyMap<string, ServiceHandler>;
} {
  const callers = new Map<string, ServiceCaller>();
  const handlers = new Map<string, ServiceHandler>();
  for (const [service, url] of Object.entries(urls)) {
    const caller = createEndpointCaller(service, url);
    closers.add(() => caller.close());
    callers.set(service, caller);
    handlers.set(service, proxyTo(url));
  }
  return { callers, handlers };
}

/** The console shows the main account. */
function openConsole(
  options: YardOptions,
  { id, engine, caller, services }: Account,
  clock: VirtualClock | undefined,
  log: LogSink,
): Console | undefined {
  if (options.console === false) return undefined;
  const { appDir, assemblyDir } = options;
  const context = {
    account: id,
    region: REGION,
    engine,
    caller,
    messages: services.messages,
    clock,
    // An assembly lies in its app's directory, where `cdk synth` puts it.
    appDir: appDir ?? (assemblyDir === undefined ? undefined : dirname(resolve(assemblyDir))),
  };
  return createConsole(context, (message) => log({ source: 'console', message }));
}

function serve(gateway: Gateway, main: Account, accounts: Accounts, web: Console | undefined): void {
  const startedMs = Date.now();
  gateway.serve({
    services: main.handlers,
    console: web === undefined ? undefined : (request, response) => web.handle(request, response),
    account: async (id) => (await accounts.open(id)).handlers,
    health: () => ({
      uptimeSeconds: Math.floor((Date.now() - startedMs) / 1000),
      services: [...main.handlers.keys()].toSorted(),
    }),
  });
}

async function deployAssembly(
  assemblyDir: string | undefined,
  parts: Omit<DeployTargetParts, 'onStateMachine'>,
): Promise<YardDeployment> {
  const machines: DeployedMachine[] = [];
  if (assemblyDir === undefined) return { stacks: [], unhosted: [], machines };
  const target = createDeployTarget({ ...parts, onStateMachine: (machine) => void machines.push(machine) });
  try {
    return { ...(await deploy(readAssembly(assemblyDir), target)), machines };
  } catch (error) {
    if (!(error instanceof AssemblyError)) throw error;
    throw new UserError(`The assembly ${assemblyDir} cannot be deployed: ${error.message}`);
  }
}
