import {
  createIntegrationRunner,
  createMemoryStore,
  createMapRunIo,
  openEngine,
  systemClock,
  type Engine,
  type ServiceCaller,
  type Store,
  type TaskRunner,
  type VirtualClock,
} from '@stepyard/engine';
import {
  createServiceCaller,
  ExecutionLogger,
  ExecutionMetrics,
  type HostedService,
  type LogSink,
  type Services,
} from '@stepyard/services';
import { afterStart } from './after-start.ts';
import type { ServiceHandler } from './gateway/gateway.ts';
import { refuseService } from './gateway/refusal.ts';
import type { MockRunner } from './mocks/mock-runner.ts';
import { createStepFunctionsApi, type StepFunctionsApi } from './stepfunctions/api.ts';
import { nestedExecutions, whenExecutionChanged } from './stepfunctions/nested.ts';
import type { StepFunctionsContext } from './stepfunctions/operation.ts';
import { TagStore } from './stepfunctions/tags.ts';
import { heldBy } from './virtual-time.ts';

/** One AWS account of the yard: its engine, its services, its API. Nothing in it is shared with another account. */
export interface Account {
  /** Twelve digits. */
  readonly id: string;
  readonly engine: Engine;
  readonly services: Services;
  /** Calls of hosted services, Step Functions included, in this process. */
  readonly caller: ServiceCaller;
  readonly api: StepFunctionsApi;
  /** The SDK's service id in lower case without spaces -> its handler, for requests with keys of this account. */
  readonly handlers: ReadonlyMap<string, ServiceHandler>;
}

export interface AccountParts {
  readonly id: string;
  readonly services: Services;
  /** All that the account hosts, `services` among them. */
  readonly hosted: readonly HostedService[];
  /** Services that are somewhere else, for the engine and for requests. */
  readonly endpoints: {
    readonly callers: ReadonlyMap<string, ServiceCaller>;
    readonly handlers: ReadonlyMap<string, ServiceHandler>;
  };
  /** The way to other accounts. */
  readonly accounts: {
    find(id: string): ServiceCaller | undefined;
    open(id: string): Promise<ServiceCaller>;
  };
  /** The engine's, closed with it; memory unless given. */
  readonly store?: Store;
  /** Resolves when all is there that executions may need: work that a restart takes up waits for it. At once unless given. */
  readonly started?: Promise<void>;
  /** Undefined: the system's time. */
  readonly clock: VirtualClock | undefined;
  readonly openMocks?: (real: TaskRunner, engine: () => Engine) => Promise<MockRunner | undefined>;
  readonly log: LogSink;
}

/** Makes an account of its parts. Its engine runs until it is closed; its services belong to whoever opened them. */
export async function createAccount(parts: AccountParts): Promise<Account> {
  const { id, services, hosted, endpoints, accounts, clock, log } = parts;
  const caller = createServiceCaller({
    services: hosted,
    endpoints: endpoints.callers,
    sfn: (operation, input, signal) => nestedExecutions(api, operation, input, signal),
    whenExecutionChanged: (arn, signal) => whenExecutionChanged(engine, arn, signal),
    accounts: { own: id, ...accounts },
  });
  const real = createIntegrationRunner(caller);
  const mocks = await parts.openMocks?.(real, () => engine);
  const runner = mocks ?? real;
  const engine: Engine = await openEngine({
    account: id,
    clock: clock ?? systemClock,
    store: parts.store ?? createMemoryStore(),
    ...heldBy(clock, afterStart(parts.started, { runner, mapRunIo: createMapRunIo(caller) })),
    onStatusChange: (event) => services.eventbridge.publish({ ...event }),
    wantsStatusChange: () => services.eventbridge.hasRules(),
    onLog: (entry) => log({ source: 'engine', message: entry.message }),
  });
  measureExecutions(engine, services);
  const logging = logExecutions(engine, services);
  const api = createStepFunctionsApi({
    ...logging,
    account: id,
    engine,
    tags: new TagStore(engine),
    runner,
    mocks,
  });
  const handlers = new Map<string, ServiceHandler>(
    hosted.map((service) => [service.name, handlerOf(service)]),
  );
  for (const [service, handler] of endpoints.handlers) handlers.set(service, handler);
  handlers.set('sfn', (request, response, operation) => api.handle(request, response, operation));
  return { id, engine, services, caller, api, handlers };
}

function handlerOf(service: HostedService): ServiceHandler {
  return async (request, response, operation) => {
    if (service.handle === undefined) await refuseService(request, response, service.name, operation);
    else await service.handle(request, response);
  };
}

/** From now on what executions do is counted in CloudWatch. */
function measureExecutions(engine: Engine, { cloudwatch }: Services): void {
  const metrics = new ExecutionMetrics(cloudwatch);
  engine.onChange((change) => metrics.changed(change));
  engine.onEvents(
    (executionArn, events) => metrics.take(executionArn, events),
    (machine) => metrics.isWanted(machine),
  );
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
