import type { Json, JsonObject } from '@stepyard/asl';
import { ServiceError } from '@stepyard/engine';
import { NOT_HOSTED } from '../service.ts';
import { AssemblyError, below, failAt, type Place } from './assembly-error.ts';
import { entriesOf, objectOf, textOf, type Assets } from './assets.ts';
import { physicalName } from './names.ts';
import { deploymentOrder } from './order.ts';
import type { ProvisionContext } from './provisioner.ts';
import type { Assembly, AssemblyStack } from './read-assembly.ts';
import { namedCondition, resolveProperties, resolveTemplate } from './resolve.ts';
import { isRecorded, record } from './resources/recorded.ts';
import { PROVISIONERS } from './resources/table.ts';
import { Scope, type Provisioned } from './scope.ts';
import type { DeployTarget } from './target.ts';
import { messageOf } from '../message-of.ts';

/** What became of one resource: it is hosted, only noted, or asked for and not hosted. */
export type ResourceClass = 'hosted' | 'recorded' | 'unhosted';

export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly class: ResourceClass;
  /** What Ref gives: a name, a URL or an ARN. */
  readonly physicalId: string;
}

export interface StackOutput {
  readonly value: Json;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

export interface DeployedStack {
  readonly name: string;
  readonly displayName: string;
  readonly resources: readonly DeployedResource[];
  readonly outputs: Readonly<Record<string, StackOutput>>;
}

/** Something that the assembly asks for and the yard does not do. */
export interface Unhosted {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly name: string;
  /** `its stream`; undefined: the whole resource. */
  readonly detail: string | undefined;
}

export interface Deployment {
  readonly stacks: readonly DeployedStack[];
  readonly unhosted: readonly Unhosted[];
}

export interface DeployOptions {
  /** Values for template parameters, by `Stack.Parameter` or `Parameter`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Hears of each resource that was deployed. */
  readonly onResource?: (stackName: string, resource: DeployedResource) => void;
}

/**
 * Deploys an assembly: creates or updates what the yard hosts, in the order of the dependencies, and resolves everything.
 * Rejects with an AssemblyError, one line that names the stack and the resource; what was made before it stays.
 */
export async function deploy(
  assembly: Assembly,
  target: DeployTarget,
  options: DeployOptions = {},
): Promise<Deployment> {
  for (const image of assembly.assets.images) target.registerImage(image);
  const exports = new Map<string, Json>();
  const unhosted: Unhosted[] = [];
  const stacks: DeployedStack[] = [];
  for (const stack of assembly.stacks) {
    const run = new StackDeployment(stack, assembly.assets, target, options, exports, unhosted);
    stacks.push(await run.deploy());
  }
  return { stacks, unhosted };
}

/** One stack on its way. */
class StackDeployment {
  readonly #stack: AssemblyStack;
  readonly #assets: Assets;
  readonly #target: DeployTarget;
  readonly #options: DeployOptions;
  readonly #exports: Map<string, Json>;
  readonly #unhosted: Unhosted[];
  readonly #scope: Scope;

  constructor(
    stack: AssemblyStack,
    assets: Assets,
    target: DeployTarget,
    options: DeployOptions,
    exports: Map<string, Json>,
    unhosted: Unhosted[],
  ) {
    this.#stack = stack;
    this.#assets = assets;
    this.#target = target;
    this.#options = options;
    this.#exports = exports;
    this.#unhosted = unhosted;
    this.#scope = new Scope({
      stackName: stack.name,
      template: stack.template,
      parameters: { ...stack.parameters, ...parametersFor(stack.name, options.parameters ?? {}) },
      exports,
    });
  }

  async deploy(): Promise<DeployedStack> {
    const { name, displayName, template } = this.#stack;
    if (template['Transform'] !== undefined) {
      failAt(
        this.#place('Transform'),
        `transforms are not supported: ${JSON.stringify(template['Transform'])}`,
      );
    }
    const definitions = objectOf(template['Resources']);
    const resources: DeployedResource[] = [];
    for (const logicalId of deploymentOrder(name, definitions)) {
      const deployed = await this.#resource(logicalId, objectOf(definitions[logicalId]));
      if (deployed === undefined) continue;
      resources.push(deployed);
      this.#options.onResource?.(name, deployed);
    }
    return { name, displayName, resources, outputs: this.#outputs() };
  }

  #place(element: string): Place {
    return { stackName: this.#stack.name, element, path: '' };
  }

  /** Undefined when its condition says that it is not there. */
  async #resource(logicalId: string, definition: JsonObject): Promise<DeployedResource | undefined> {
    const place = this.#place(logicalId);
    const condition = textOf(definition['Condition']);
    if (condition !== undefined && !namedCondition(condition, this.#scope, below(place, 'Condition'))) {
      return undefined;
    }
    const type = textOf(definition['Type']) ?? failAt(place, 'it has no Type');
    const properties = resolveProperties(definition['Properties'], this.#scope, place);
    const { provisioned, resourceClass } = await this.#provision(logicalId, type, properties, place);
    this.#scope.resources.set(logicalId, provisioned);
    return { logicalId, type, class: resourceClass, physicalId: provisioned.ref };
  }

  async #provision(
    logicalId: string,
    type: string,
    properties: JsonObject,
    place: Place,
  ): Promise<{ provisioned: Provisioned; resourceClass: ResourceClass }> {
    const details: string[] = [];
    const context = this.#context(logicalId, (what) => details.push(what));
    const provisioner = PROVISIONERS.get(type);
    if (provisioner === undefined) {
      const provisioned = record(type, properties, context);
      if (isRecorded(type)) return { provisioned, resourceClass: 'recorded' };
      this.#note(logicalId, type, provisioned.ref, undefined);
      return { provisioned, resourceClass: 'unhosted' };
    }
    try {
      const provisioned = await provisioner.create(properties, context);
      for (const detail of details) this.#note(logicalId, type, provisioned.ref, detail);
      return { provisioned, resourceClass: 'hosted' };
    } catch (error) {
      // What a service refuses by name must not keep the rest from running: it is reported like a type that is not hosted.
      if (error instanceof ServiceError && error.code === NOT_HOSTED) {
        const provisioned = record(type, properties, context);
        this.#note(logicalId, type, provisioned.ref, error.message);
        return { provisioned, resourceClass: 'unhosted' };
      }
      if (error instanceof AssemblyError) throw error;
      return failAt(place, `${type}: ${messageOf(error)}`);
    }
  }

  #context(logicalId: string, unhosted: (what: string) => void): ProvisionContext {
    const stackName = this.#stack.name;
    return {
      stackName,
      logicalId,
      target: this.#target,
      assets: this.#assets,
      name: (given, rules) =>
        typeof given === 'string' && given !== '' ? given : physicalName(stackName, logicalId, rules),
      unhosted,
    };
  }

  #note(logicalId: string, type: string, name: string, detail: string | undefined): void {
    this.#unhosted.push({ stackName: this.#stack.name, logicalId, type, name, detail });
  }

  #outputs(): Readonly<Record<string, StackOutput>> {
    const outputs: [string, StackOutput][] = [];
    for (const [name, output] of entriesOf(this.#stack.template['Outputs'])) {
      const place = below(this.#place('Outputs'), name);
      const condition = textOf(output['Condition']);
      if (condition !== undefined && !namedCondition(condition, this.#scope, place)) continue;
      const value = resolveTemplate(output['Value'] ?? null, this.#scope, below(place, 'Value'));
      const exported = objectOf(output['Export'])['Name'];
      const exportName =
        exported === undefined
          ? undefined
          : textOf(resolveTemplate(exported, this.#scope, below(place, 'Export/Name')));
      if (exportName !== undefined) {
        if (this.#exports.has(exportName)) failAt(place, `two stacks export ${exportName}`);
        this.#exports.set(exportName, value);
      }
      outputs.push([name, { value, description: textOf(output['Description']), exportName }]);
    }
    return Object.fromEntries(outputs);
  }
}

function parametersFor(
  stackName: string,
  parameters: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const own = Object.entries(parameters).flatMap(([name, value]) => {
    if (!name.includes('.')) return [[name, value] as const];
    return name.startsWith(`${stackName}.`) ? [[name.slice(stackName.length + 1), value] as const] : [];
  });
  return Object.fromEntries(own);
}
