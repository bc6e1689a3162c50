import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  createEngine,
  createIntegrationRunner,
  createMapRunIo,
  createMemoryJournal,
  createVirtualClock,
  systemClock,
  type Engine,
  type ServiceCaller,
  type TaskRunner,
} from '@stepyard/engine';
import {
  AssemblyError,
  createEndpointCaller,
  createServiceCaller,
  createServices,
  deploy,
  ExecutionLogger,
  readAssembly,
  type Deployment,
  type HostedService,
  type JobsMode,
  type LogSink,
  type Services,
} from '@stepyard/services';
import { openDataDirectory } from './data-directory.ts';
import { createDeployTarget, type DeployTargetParts } from './deploy-target.ts';
import { proxyTo } from './gateway/proxy.ts';
import { refuseService } from './gateway/refusal.ts';
import { startGateway, type Gateway, type ServiceHandler } from './gateway/gateway.ts';
import { openJobs } from './jobs.ts';
import { heldBy } from './virtual-time.ts';
import type { MockRunner } from './mocks/mock-runner.ts';
import { createStepFunctionsApi, type StepFunctionsApi } from './stepfunctions/api.ts';
import { nestedExecutions, whenExecutionChanged } from './stepfunctions/nested.ts';
import type { StepFunctionsContext } from './stepfunctions/operation.ts';
import { TagStore } from './stepfunctions/tags.ts';
import { messageOf, systemErrorCode, UserError } from './user-error.ts';

export interface YardOptions {
  /** 0, the default: any free port. */
  readonly port?: number | undefined;
  /** 127.0.0.1 unless given. */
  readonly host?: string | undefined;
  /** Where data is kept; without it everything is in memory. */
  readonly dataDir?: string | undefined;
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
  /** Waits and timeouts pass as soon as nothing else is going on. */
  readonly virtualTime?: boolean | undefined;
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
    throw error;
  }
}

async function open(options: YardOptions, closers: Closers): Promise<Yard> {
  const log: LogSink = options.log ?? (() => undefined);
  if (options.dataDir !== undefined) {
    const directory = await openDataDirectory(options.dataDir);
    closers.add(() => directory.release());
  }
  // The port is taken first: services and functions are told of it.
  const gateway = await openGateway(options, log);
  closers.add(() => gateway.close());
  const [services, jobs, assemblyDir] = await allOrNone(closers, [
    createServices({
      dataDir: options.dataDir,
      gatewayOrigin: () => gateway.origin,
      caller: () => caller,
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
  const hosted: readonly HostedService[] = [...services.all, ...jobs.hosted];

  const endpoints = openEndpoints(options.endpoints ?? {}, closers);
  const caller = createServiceCaller({
    services: hosted,
    endpoints: endpoints.callers,
    sfn: (operation, input, signal) => nestedExecutions(api, operation, input, signal),
    whenExecutionChanged: (arn, signal) => whenExecutionChanged(engine, arn, signal),
  });
  const clock =
    options.virtualTime === true ? createVirtualClock({ startMs: Date.now(), autoAdvance: true }) : undefined;
  const real = createIntegrationRunner(caller);
  const mocks = await openMocks(options.mocksFile, real, () => engine);
  const runner = mocks ?? real;
  const engine = createEngine({
    clock: clock ?? systemClock,
    journal: createMemoryJournal(),
    ...heldBy(clock, { runner, mapRunIo: createMapRunIo(caller) }),
    onStatusChange: (event) => services.eventbridge.publish({ ...event }),
    onLog: (entry) => log({ source: 'engine', message: entry.message }),
  });
  closers.add(() => engine.close());
  // First to go: nobody may call what is closing.
  closers.add(() => gateway.close());
  const logging = logExecutions(engine, services);
  const api = createStepFunctionsApi({ ...logging, engine, tags: new TagStore(), runner, mocks });

  serve(gateway, hosted, api, endpoints.handlers);
  const { lambda } = services;
  const deployment = await deployAssembly(assemblyDir, { caller, lambda, images: jobs.images, engine, api });
  services.cloudformation.show(deployment.stacks);
  return {
    origin: gateway.origin,
    port: gateway.port,
    deployment,
    engine,
    services,
    caller,
    describeJobs: () => jobs.describe(),
    close: () => closers.close(),
  };
}

/** From now on what executions do is written to the log groups of their machines. */
function logExecutions(
  engine: Engine,
  { logs }: Services,
): Pick<StepFunctionsContext, 'hasLogGroup' | 'onStateMachine'> {
  const logger = new ExecutionLogger(logs);
  engine.onEvents(
    (executionArn, events, machine) => logger.take(machine, executionArn, events),
    (machine) => logger.isWanted(machine),
  );
  return {
    hasLogGroup: (arn) => logs.hasGroup(arn),
    onStateMachine: (machine) => logger.validate(machine),
  };
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
  const { createMockRunner } = await import('./mocks/mock-runner.ts');
  return createMockRunner(readMockConfig(path), real, (taskToken, response) =>
    response.kind === 'return'
      ? engine().sendTaskSuccess({ taskToken, output: JSON.stringify(response.value) })
      : engine().sendTaskFailure({ taskToken, error: response.error, cause: response.cause }),
  );
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

function serve(
  gateway: Gateway,
  hosted: readonly HostedService[],
  api: StepFunctionsApi,
  elsewhere: ReadonlyMap<string, ServiceHandler>,
): void {
  const handlers = new Map<string, ServiceHandler>(
    hosted.map((service) => [service.name, handlerOf(service)]),
  );
  for (const [service, handler] of elsewhere) handlers.set(service, handler);
  handlers.set('sfn', (request, response, operation) => api.handle(request, response, operation));
  const startedMs = Date.now();
  gateway.serve({
    services: handlers,
    health: () => ({
      uptimeSeconds: Math.floor((Date.now() - startedMs) / 1000),
      services: [...handlers.keys()].toSorted(),
    }),
  });
}

function handlerOf(service: HostedService): ServiceHandler {
  return async (request, response, operation) => {
    if (service.handle === undefined) await refuseService(request, response, service.name, operation);
    else await service.handle(request, response);
  };
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

interface Closable {
  close(): Promise<void>;
}

/** Waits for all, so that whatever was opened is known and gets closed when another of them fails. */
async function allOrNone<T extends readonly (Closable | string | undefined)[]>(
  closers: Closers,
  opening: { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const settled = await Promise.allSettled(
    opening.map(async (promise) => {
      try {
        const opened = await promise;
        if (typeof opened === 'object') closers.add(() => opened.close());
        return opened;
      } catch (error) {
        closers.abort();
        throw error;
      }
    }),
  );
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return await Promise.all(opening);
}

/** What has to be closed, in the reverse order of opening. One that fails does not keep the others from closing. */
class Closers {
  readonly #closers: (() => Promise<void> | void)[] = [];
  readonly #abort = new AbortController();
  #closing: Promise<void> | undefined;

  /** Aborts when the start has failed: what is still being opened may give up. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    this.#abort.abort();
  }

  add(close: () => Promise<void> | void): void {
    this.#closers.push(close);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (const close of this.#closers.toReversed()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'the yard did not close cleanly');
  }
}
