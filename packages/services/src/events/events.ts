import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError, type ServiceCaller } from '@stepyard/engine';
import { asText } from '../member.ts';
import {
  ACCOUNT_ID,
  answer,
  apiError,
  PARTITION,
  refuseFeature,
  refuseOperation,
  REGION,
  type HostedService,
  type LogSink,
} from '../service.ts';
import { parseJsonBody, readBody, sendAwsJson, sendAwsJsonError, targetOperation } from '../wire/http.ts';
import { checkTargetArn, deliver } from './deliver.ts';
import { compilePattern, type Matches } from './pattern.ts';
import { checkTargetInput, targetInput } from './target-input.ts';

const SERVICE = 'eventbridge';
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const REQUEST_BYTES_MAX = 4 * 1024 * 1024;
const ENTRY_BYTES_MAX = 256 * 1024;
const ENTRIES_MAX = 10;
const TARGETS_MAX = 5;
const RULE_NAME = /^[.\-_A-Za-z0-9]{1,64}$/u;
const DEFAULT_BUS = 'default';

export interface EventsOptions {
  /** Rules are kept in `<dataDir>/events/rules.json`; in memory only without a data directory. */
  readonly dataDir: string | undefined;
  /** The way to the targets, asked for when an event is delivered. */
  readonly caller: () => ServiceCaller;
  readonly log: LogSink;
}

/** EventBridge as a hosted service. */
export interface EventsService extends HostedService {
  /** Takes an event of the default bus as AWS services publish them. Returns at once; deliveries follow. */
  publish(event: JsonObject): void;
  /** Resolves when everything published so far has been delivered or given up. Never rejects. */
  settled(): Promise<void>;
}

/** A rule as it is kept. */
interface Rule {
  readonly name: string;
  readonly arn: string;
  /** EventPattern's text; undefined for a rule with a schedule only. */
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly targets: readonly JsonObject[];
}

type Operation = (input: JsonObject) => JsonObject;

/**
 * EventBridge: the default bus, its rules with patterns, and their targets (SQS, SNS, Lambda, Step Functions). A schedule is kept and
 * shown; it starts nothing by itself. Other buses, archives and pipes are refused.
 */
export function createEvents(options: EventsOptions): EventsService {
  const rules = new Map<string, Rule>();
  const compiled = new Map<string, Matches>();
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();
  const file = options.dataDir === undefined ? undefined : join(options.dataDir, 'events', 'rules.json');
  for (const rule of readRules(file)) keep(rule);

  function keep(rule: Rule): void {
    if (rule.pattern === undefined) compiled.delete(rule.name);
    else compiled.set(rule.name, compilePattern(rule.pattern));
    rules.set(rule.name, rule);
  }

  function change(rule: Rule): void {
    keep(rule);
    writeRules(file, [...rules.values()]);
  }

  function find(name: Json | undefined): Rule {
    const rule = rules.get(asText(name));
    if (rule !== undefined) return rule;
    throw apiError(
      SERVICE,
      'ResourceNotFoundException',
      `Rule ${asText(name)} does not exist on EventBus ${DEFAULT_BUS}.`,
    );
  }

  function publish(event: JsonObject): void {
    for (const rule of rules.values()) {
      if (!rule.enabled || compiled.get(rule.name)?.(event) !== true) continue;
      for (const target of rule.targets) {
        const input = targetInput(target, event, rule);
        const delivery = deliver(
          options.caller(),
          { rule, target, input, signal: closing.signal },
          options.log,
        );
        pending.add(delivery);
        void delivery.finally(() => pending.delete(delivery));
      }
    }
  }

  const operations: Readonly<Record<string, Operation>> = {
    PutRule(input) {
      const rule = readRule(input, rules.get(asText(input['Name']))?.targets ?? []);
      change(rule);
      return { RuleArn: rule.arn };
    },
    DescribeRule: (input) => describeRule(find(input['Name'])),
    ListRules(input) {
      const prefix = typeof input['NamePrefix'] === 'string' ? input['NamePrefix'] : '';
      const found = [...rules.values()].filter(({ name }) => name.startsWith(prefix));
      return { Rules: found.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map(describeRule) };
    },
    EnableRule(input) {
      change({ ...find(input['Name']), enabled: true });
      return {};
    },
    DisableRule(input) {
      change({ ...find(input['Name']), enabled: false });
      return {};
    },
    DeleteRule(input) {
      const rule = rules.get(asText(input['Name']));
      if (rule === undefined) return {};
      if (rule.targets.length > 0) {
        throw apiError(SERVICE, 'ValidationException', "Rule can't be deleted since it has targets.");
      }
      rules.delete(rule.name);
      compiled.delete(rule.name);
      writeRules(file, [...rules.values()]);
      return {};
    },
    PutTargets(input) {
      const rule = find(input['Rule']);
      change({ ...rule, targets: mergeTargets(rule.targets, input['Targets']) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets(input) {
      const rule = find(input['Rule']);
      const ids = isArray(input['Ids']) ? input['Ids'] : [];
      change({ ...rule, targets: rule.targets.filter(({ Id: id }) => !ids.includes(id ?? null)) });
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    ListTargetsByRule: (input) => ({ Targets: find(input['Rule']).targets }),
    PutEvents: (input) => putEvents(input, publish),
  };

  const service: EventsService = {
    name: SERVICE,
    operations: new Set(Object.keys(operations)),
    publish,
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
    // eslint-disable-next-line typescript/require-await -- what an operation throws must become a rejection
    async call(operation, input) {
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined) throw refuseOperation(SERVICE, operation);
      refuseOtherBus(operation, input['EventBusName']);
      return answer(run(input));
    },
    handle: (request, response) => handleWire(service, request, response),
    async close() {
      closing.abort();
      await Promise.all(pending);
    },
  };
  return service;
}

async function handleWire(
  service: HostedService,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const text = (await readBody(SERVICE, request, REQUEST_BYTES_MAX)).toString();
    const { output, requestId } = await service.call(targetOperation(request), parseJsonBody(SERVICE, text));
    sendAwsJson(response, CONTENT_TYPE, 200, requestId, output);
  } catch (error) {
    const failure =
      error instanceof ServiceError ? error : apiError(SERVICE, 'InternalException', String(error), 500);
    sendAwsJsonError(response, CONTENT_TYPE, failure);
  }
}

function refuseOtherBus(operation: string, bus: Json | undefined): void {
  if (bus === undefined || bus === DEFAULT_BUS || asText(bus).endsWith(':event-bus/default')) return;
  throw refuseFeature(SERVICE, operation, `the event bus ${JSON.stringify(bus)} (only default)`);
}

function readRule(input: JsonObject, targets: readonly JsonObject[]): Rule {
  const name = input['Name'];
  if (typeof name !== 'string' || !RULE_NAME.test(name)) {
    throw apiError(SERVICE, 'ValidationException', `The rule name ${JSON.stringify(name)} is not valid.`);
  }
  const pattern = typeof input['EventPattern'] === 'string' ? input['EventPattern'] : undefined;
  const schedule = typeof input['ScheduleExpression'] === 'string' ? input['ScheduleExpression'] : undefined;
  if (pattern === undefined && schedule === undefined) {
    throw apiError(
      SERVICE,
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
  }
  if (pattern !== undefined) compilePattern(pattern);
  return {
    name,
    arn: `arn:${PARTITION}:events:${REGION}:${ACCOUNT_ID}:rule/${name}`,
    pattern,
    schedule,
    enabled: input['State'] !== 'DISABLED',
    description: typeof input['Description'] === 'string' ? input['Description'] : undefined,
    targets,
  };
}

function describeRule(rule: Rule): JsonObject {
  return {
    Name: rule.name,
    Arn: rule.arn,
    ...(rule.pattern === undefined ? {} : { EventPattern: rule.pattern }),
    ...(rule.schedule === undefined ? {} : { ScheduleExpression: rule.schedule }),
    ...(rule.description === undefined ? {} : { Description: rule.description }),
    State: rule.enabled ? 'ENABLED' : 'DISABLED',
    EventBusName: DEFAULT_BUS,
  };
}

function mergeTargets(before: readonly JsonObject[], given: Json | undefined): readonly JsonObject[] {
  const targets = new Map(before.map((target) => [target['Id'], target]));
  for (const target of isArray(given) ? given : []) {
    if (!isObject(target) || typeof target['Id'] !== 'string') {
      throw apiError(SERVICE, 'ValidationException', 'Every target needs an Id and an Arn.');
    }
    checkTargetArn(target['Arn']);
    checkTargetInput(target);
    targets.set(target['Id'], target);
  }
  if (targets.size > TARGETS_MAX) {
    throw apiError(SERVICE, 'LimitExceededException', `A rule has at most ${TARGETS_MAX} targets.`);
  }
  return [...targets.values()];
}

/** PutEvents answers 200 with one result an entry: an entry may fail on its own. */
function putEvents(input: JsonObject, publish: (event: JsonObject) => void): JsonObject {
  const entries = input['Entries'];
  if (!isArray(entries) || entries.length === 0 || entries.length > ENTRIES_MAX) {
    throw apiError(SERVICE, 'ValidationException', `Entries must have 1 to ${ENTRIES_MAX} members.`);
  }
  const size = Buffer.byteLength(JSON.stringify(entries));
  if (size > ENTRY_BYTES_MAX) {
    throw apiError(
      SERVICE,
      'ValidationException',
      `Total size of the entries in the request is over the limit.`,
    );
  }
  const results = entries.map((entry) => putEvent(isObject(entry) ? entry : {}, publish));
  return {
    FailedEntryCount: results.filter((result) => Object.hasOwn(result, 'ErrorCode')).length,
    Entries: results,
  };
}

function putEvent(entry: JsonObject, publish: (event: JsonObject) => void): JsonObject {
  refuseOtherBus('PutEvents', entry['EventBusName']);
  for (const member of ['Source', 'DetailType', 'Detail']) {
    if (typeof entry[member] !== 'string' || entry[member] === '') {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
      };
    }
  }
  if (asText(entry['Source']).startsWith('aws.')) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  let detail: Json;
  try {
    detail = JSON.parse(asText(entry['Detail'])) as Json;
  } catch {
    detail = null;
  }
  if (!isObject(detail)) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const id = randomUUID();
  const time = entry['Time'];
  publish({
    version: '0',
    id,
    'detail-type': entry['DetailType'] ?? '',
    source: entry['Source'] ?? '',
    account: ACCOUNT_ID,
    time: isoSeconds(
      typeof time === 'number' ? time * 1000 : typeof time === 'string' ? Date.parse(time) : Date.now(),
    ),
    region: REGION,
    resources: isArray(entry['Resources']) ? entry['Resources'] : [],
    detail,
  });
  return { EventId: id };
}

function isoSeconds(epochMs: number): string {
  return `${new Date(Number.isNaN(epochMs) ? Date.now() : epochMs).toISOString().slice(0, 19)}Z`;
}

function readRules(file: string | undefined): readonly Rule[] {
  if (file === undefined) return [];
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return JSON.parse(text) as Rule[];
}

/** Whole or not at all: a crash in the middle leaves the file as it was. */
function writeRules(file: string | undefined, rules: readonly Rule[]): void {
  if (file === undefined) return;
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(rules, undefined, 2));
  renameSync(`${file}.new`, file);
}
