import { isArray, type JsonObject } from '@stepyard/asl';
import type { ServiceCaller } from '@stepyard/engine';
import { ACCOUNT_ID, apiError, type HostedService, type LogSink } from '../service.ts';
import { createJsonService, type Operations } from '../wire/json-service.ts';
import { refuseOtherBus, SERVICE } from './bus.ts';
import type { Connections } from './connections.ts';
import { deliver } from './deliver.ts';
import { putEvents, scheduledEvent } from './put-events.ts';
import { describeRule, mergeTargets, readRule, Rules, type Rule } from './rules.ts';
import { Scheduler } from './scheduler.ts';
import { targetInput } from './target-input.ts';

const REQUEST_BYTES_MAX = 4 * 1024 * 1024;

export interface EventsOptions {
  /** Rules are kept in `<dataDir>/events/rules.json`; in memory only without a data directory. */
  readonly dataDir: string | undefined;
  /** The way to the targets, asked for when an event is delivered. */
  readonly caller: () => ServiceCaller;
  readonly log: LogSink;
  /** The main account unless given. */
  readonly account?: string;
  /** False where time is virtual: it would pass for the schedules alone. True unless given. */
  readonly runsSchedules?: boolean;
  /** The connections of the account; without them they are refused. */
  readonly connections?: Connections;
}

/** EventBridge as a hosted service. */
export interface EventsService extends HostedService {
  /** Takes an event of the default bus as AWS services publish them. Returns at once; deliveries follow. */
  publish(event: JsonObject): void;
  /** Whether there is any rule that an event could match. */
  hasRules(): boolean;
  /** Resolves when everything published so far has been delivered or given up. Never rejects. */
  settled(): Promise<void>;
}

/**
 * EventBridge: the default bus, its rules with patterns and schedules, and their targets (SQS, SNS, Lambda, Step Functions). Other
 * buses, archives and pipes are refused.
 */
export function createEvents(options: EventsOptions): EventsService {
  const account = options.account ?? ACCOUNT_ID;
  const rules = new Rules(options.dataDir);
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();
  const scheduler = new Scheduler({
    now: Date.now,
    onDue: (rule, atMs) => {
      send(rule, scheduledEvent(account, rule, atMs));
    },
  });
  const schedules = { set: scheduler.set.bind(scheduler), delete: scheduler.delete.bind(scheduler) };
  if (options.runsSchedules !== false) rules.watch(schedules);

  function publish(event: JsonObject): void {
    for (const rule of rules.matching(event)) send(rule, event);
  }

  function send(rule: Rule, event: JsonObject): void {
    for (const target of rule.targets) {
      const input = targetInput(target, event, rule);
      const { signal } = closing;
      const delivery = deliver(options.caller(), { rule, target, input, signal }, options.log);
      pending.add(delivery);
      void delivery.finally(() => pending.delete(delivery));
    }
  }

  const service = createJsonService({
    name: SERVICE,
    operations: {
      ...onDefaultBus(operationsOf(account, rules, publish)),
      ...options.connections?.operations(),
    },
    requestBytesMax: REQUEST_BYTES_MAX,
    async close() {
      scheduler.close();
      closing.abort();
      await Promise.all(pending);
    },
  });
  return {
    ...service,
    publish,
    hasRules: () => !rules.isEmpty,
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

function operationsOf(account: string, rules: Rules, publish: (event: JsonObject) => void): Operations {
  return {
    PutRule(input) {
      const rule = readRule(account, input, rules.find(input['Name'])?.targets ?? []);
      rules.put(rule);
      return { RuleArn: rule.arn };
    },
    DescribeRule: (input) => describeRule(rules.get(input['Name'])),
    ListRules(input) {
      const prefix = typeof input['NamePrefix'] === 'string' ? input['NamePrefix'] : '';
      return { Rules: rules.list(prefix).map(describeRule) };
    },
    EnableRule(input) {
      rules.put({ ...rules.get(input['Name']), enabled: true });
      return {};
    },
    DisableRule(input) {
      rules.put({ ...rules.get(input['Name']), enabled: false });
      return {};
    },
    DeleteRule(input) {
      const rule = rules.find(input['Name']);
      if (rule === undefined) return {};
      if (rule.targets.length > 0) {
        throw apiError(SERVICE, 'ValidationException', "Rule can't be deleted since it has targets.");
      }
      rules.delete(rule.name);
      return {};
    },
    PutTargets(input) {
      const rule = rules.get(input['Rule']);
      rules.put({ ...rule, targets: mergeTargets(rule.targets, input['Targets']) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets(input) {
      const rule = rules.get(input['Rule']);
      const ids = isArray(input['Ids']) ? input['Ids'] : [];
      rules.put({ ...rule, targets: rule.targets.filter(({ Id: id }) => !ids.includes(id ?? null)) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input) => ({ Targets: rules.get(input['Rule']).targets }),
    PutEvents: (input) => putEvents(account, input, publish),
  };
}

/** The same operations, each refusing another bus first. */
function onDefaultBus(operations: Operations): Operations {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (input: JsonObject) => {
        refuseOtherBus(name, input['EventBusName']);
        return operation(input);
      },
    ]),
  );
}
