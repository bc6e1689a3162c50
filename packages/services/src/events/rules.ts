import { join } from 'node:path';
import { isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { asText } from '../member.ts';
import { apiError, PARTITION, REGION } from '../service.ts';
import { JsonFile } from '../store/json-file.ts';
import { DEFAULT_BUS, SERVICE } from './bus.ts';
import { checkTargetArn } from './deliver.ts';
import { compilePattern, type Matches } from './pattern.ts';
import { parseSchedule } from './schedule.ts';
import { checkTargetInput } from './target-input.ts';

const TARGETS_MAX = 5;
const RULE_NAME = /^[.\-_A-Za-z0-9]{1,64}$/u;

/** A rule as it is kept. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  /** EventPattern's text; undefined for a rule with a schedule only. */
  readonly pattern: string | undefined;
  readonly schedule: string | undefined;
  readonly enabled: boolean;
  readonly description: string | undefined;
  readonly targets: readonly JsonObject[];
}

export interface RulesWatcher {
  set(rule: Rule): void;
  delete(name: string): void;
}

/** The rules of the default bus with their targets, kept in `<dataDir>/events/rules.json`. */
export class Rules {
  readonly #rules = new Map<string, Rule>();
  readonly #compiled = new Map<string, Matches>();
  #watcher: RulesWatcher | undefined;
  readonly #file: JsonFile<readonly Rule[]>;

  constructor(dataDir: string | undefined) {
    this.#file = new JsonFile(dataDir === undefined ? undefined : join(dataDir, 'events', 'rules.json'));
    for (const rule of this.#file.read([])) this.#keep(rule);
  }

  find(name: Json | undefined): Rule | undefined {
    return this.#rules.get(asText(name));
  }

  /** Throws ResourceNotFoundException. */
  get(name: Json | undefined): Rule {
    const rule = this.find(name);
    if (rule !== undefined) return rule;
    throw apiError(
      SERVICE,
      'ResourceNotFoundException',
      `Rule ${asText(name)} does not exist on EventBus ${DEFAULT_BUS}.`,
    );
  }

  /** By name. */
  list(prefix: string): readonly Rule[] {
    const found = [...this.#rules.values()].filter(({ name }) => name.startsWith(prefix));
    return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  get isEmpty(): boolean {
    return this.#rules.size === 0;
  }

  /** The enabled rules whose pattern an event matches. */
  matching(event: JsonObject): readonly Rule[] {
    return [...this.#rules.values()].filter(
      (rule) => rule.enabled && this.#compiled.get(rule.name)?.(event) === true,
    );
  }

  /** Tells of every rule that there is, and of every change from now on. */
  watch(watcher: RulesWatcher): void {
    this.#watcher = watcher;
    for (const rule of this.#rules.values()) watcher.set(rule);
  }

  put(rule: Rule): void {
    this.#keep(rule);
    this.#watcher?.set(rule);
    this.#write();
  }

  delete(name: string): void {
    this.#rules.delete(name);
    this.#compiled.delete(name);
    this.#watcher?.delete(name);
    this.#write();
  }

  #keep(rule: Rule): void {
    if (rule.pattern === undefined) this.#compiled.delete(rule.name);
    else this.#compiled.set(rule.name, compilePattern(rule.pattern));
    this.#rules.set(rule.name, rule);
  }

  #write(): void {
    this.#file.write([...this.#rules.values()]);
  }
}

/** The rule that PutRule asks for. Throws ValidationException. */
export function readRule(account: string, input: JsonObject, targets: readonly JsonObject[]): Rule {
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
  if (schedule !== undefined) parseSchedule(schedule, 0);
  return {
    name,
    arn: `arn:${PARTITION}:events:${REGION}:${account}:rule/${name}`,
    pattern,
    schedule,
    enabled: input['State'] !== 'DISABLED',
    description: typeof input['Description'] === 'string' ? input['Description'] : undefined,
    targets,
  };
}

/** As DescribeRule and ListRules show it. */
export function describeRule(rule: Rule): JsonObject {
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

/** The targets after PutTargets: those with the same id are replaced. Throws ValidationException, LimitExceededException. */
export function mergeTargets(before: readonly JsonObject[], given: Json | undefined): readonly JsonObject[] {
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
