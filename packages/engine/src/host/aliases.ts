import type { AliasDescription, AliasRoute } from './engine-api.ts';
import { EngineError } from './engine-error.ts';
import type { Resources } from './resources.ts';

/** AWS's quota of aliases of one state machine. */
export const ALIASES_MAX = 100;

/** The aliases of all state machines, by ARN, in the order of their creation. */
export class Aliases {
  readonly #aliases = new Map<string, AliasDescription>();
  readonly #resources: Resources;

  constructor(resources: Resources) {
    this.#resources = resources;
    for (const { key, value } of resources.list('alias')) {
      const alias = value as AliasDescription;
      // Text has no member for one that is undefined.
      this.#aliases.set(key, { ...alias, description: alias.description });
    }
  }

  /** The same request again changes nothing; another one of the same name is a ConflictException. */
  create(alias: AliasDescription): AliasDescription {
    const existing = this.#aliases.get(alias.stateMachineAliasArn);
    if (existing !== undefined) {
      if (existing.description === alias.description && sameRoutes(existing.routes, alias.routes))
        return existing;
      throw new EngineError(
        'ConflictException',
        'Failed to create alias because an alias with the same name and a different routing configuration already exists.',
      );
    }
    if (this.list(alias.stateMachineArn).length >= ALIASES_MAX) {
      throw new EngineError(
        'ServiceQuotaExceededException',
        `The number of aliases of the state machine '${alias.stateMachineArn}' may not exceed ${ALIASES_MAX}.`,
      );
    }
    this.replace(alias);
    return alias;
  }

  replace(alias: AliasDescription): void {
    this.#aliases.set(alias.stateMachineAliasArn, alias);
    this.#resources.put('alias', alias.stateMachineAliasArn, alias);
  }

  find(aliasArn: string): AliasDescription | undefined {
    return this.#aliases.get(aliasArn);
  }

  list(machineArn: string): readonly AliasDescription[] {
    return [...this.#aliases.values()].filter((alias) => alias.stateMachineArn === machineArn);
  }

  delete(aliasArn: string): void {
    if (this.#aliases.delete(aliasArn)) this.#resources.remove('alias', aliasArn);
  }

  deleteAll(machineArn: string): void {
    for (const { stateMachineAliasArn } of this.list(machineArn)) this.delete(stateMachineAliasArn);
  }
}

/** The route that a number in [0, 1) falls on: each has its weight of a hundred. */
export function routeFor(routes: readonly AliasRoute[], fraction: number): AliasRoute | undefined {
  let below = 0;
  for (const route of routes) {
    below += route.weight;
    if (fraction * 100 < below) return route;
  }
  return routes.at(-1);
}

/** Throws ValidationException as recorded (api_aliasing/sfn-api-aliasing--error-create-alias-*). `machineArnOf` gives undefined for what is no version's ARN. */
export function checkRoutes(
  routes: readonly AliasRoute[],
  machineArnOf: (versionArn: string) => string | undefined,
): void {
  const arns = routes.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  const received = `Received: [${arns.join(', ')}]`;
  const refuse = (text: string): never => {
    throw new EngineError('ValidationException', text);
  };
  if (routes.length === 0 || routes.length > 2) {
    refuse(`Routing configuration must contain one or two state machine version ARNs. ${received}`);
  }
  if (new Set(arns).size < arns.length) {
    refuse(`Routing configuration must contain distinct state machine version ARNs. ${received}`);
  }
  const weights = routes.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) {
    refuse(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`);
  }
  const machines = arns.map(machineArnOf);
  if (machines.includes(undefined)) {
    refuse(`Routing configuration must contain state machine version ARNs. ${received}`);
  }
  if (new Set(machines).size > 1) {
    refuse(`Routing configuration must contain versions of one state machine. ${received}`);
  }
}

function sameRoutes(one: readonly AliasRoute[], other: readonly AliasRoute[]): boolean {
  const text = (routes: readonly AliasRoute[]): string =>
    routes
      .map((route) => `${route.stateMachineVersionArn}=${route.weight}`)
      .toSorted()
      .join();
  return text(one) === text(other);
}
