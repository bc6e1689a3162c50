import { getOwn, isArray, isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ACCOUNT_ID, PARTITION, REGION } from '../service.ts';
import { failAt, type Place } from './assembly-error.ts';
import { objectOf, URL_SUFFIX } from './assets.ts';

/** What a resource became: what Ref and GetAtt give. */
export interface Provisioned {
  readonly ref: string;
  readonly attributes: JsonObject;
  /** For things that the yard only notes: any attribute has something usable. */
  readonly otherAttribute?: (name: string) => Json;
}

/** AWS::NoValue: what holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

/** What the intrinsic functions of one stack's template read. */
export class Scope {
  readonly stackName: string;
  readonly template: JsonObject;
  readonly stackId: string;
  readonly resources = new Map<string, Provisioned>();
  readonly #parameters: Readonly<Record<string, string>>;
  /** Exported values of all stacks, by export name. */
  readonly exports: ReadonlyMap<string, Json>;
  readonly #conditions = new Map<string, boolean | 'evaluating'>();

  constructor(fields: {
    readonly stackName: string;
    readonly template: JsonObject;
    readonly parameters: Readonly<Record<string, string>>;
    readonly exports: ReadonlyMap<string, Json>;
  }) {
    this.stackName = fields.stackName;
    this.template = fields.template;
    this.stackId = `arn:${PARTITION}:cloudformation:${REGION}:${ACCOUNT_ID}:stack/${fields.stackName}/stepyard`;
    this.#parameters = fields.parameters;
    this.exports = fields.exports;
  }

  /** The value of `Ref`. */
  ref(name: string, place: Place): Json | typeof NO_VALUE {
    if (name.startsWith('AWS::')) return this.#pseudo(name, place);
    const resource = this.resources.get(name);
    if (resource !== undefined) return resource.ref;
    const parameter = getOwn(objectOf(this.template['Parameters']), name);
    if (isObject(parameter)) return this.#parameter(name, parameter, place);
    return failAt(place, `Ref names ${name}, which is no parameter and no resource of this stack`);
  }

  /** The value of `Fn::GetAtt`. */
  attribute(logicalId: string, name: string, place: Place): Json {
    const resource = this.resources.get(logicalId);
    if (resource === undefined) {
      return failAt(place, `Fn::GetAtt names ${logicalId}, which is no resource of this stack`);
    }
    const value = getOwn(resource.attributes, name) ?? resource.otherAttribute?.(name);
    return value ?? failAt(place, `${logicalId} has no attribute ${name}`);
  }

  /** Evaluates a condition once. */
  condition(name: string, place: Place, evaluate: (expression: Json, place: Place) => boolean): boolean {
    const known = this.#conditions.get(name);
    if (known === 'evaluating') return failAt(place, `condition ${name} depends on itself`);
    if (known !== undefined) return known;
    const expression = getOwn(objectOf(this.template['Conditions']), name);
    if (expression === undefined) return failAt(place, `there is no condition ${name}`);
    this.#conditions.set(name, 'evaluating');
    const value = evaluate(expression, { stackName: this.stackName, element: 'Conditions', path: name });
    this.#conditions.set(name, value);
    return value;
  }

  /** `Fn::FindInMap`. */
  findInMap(map: string, first: string, second: string): Json | undefined {
    const level = objectOf(getOwn(objectOf(this.template['Mappings']), map));
    return getOwn(objectOf(getOwn(level, first)), second);
  }

  #pseudo(name: string, place: Place): Json | typeof NO_VALUE {
    switch (name) {
      case 'AWS::Partition':
        return PARTITION;
      case 'AWS::Region':
        return REGION;
      case 'AWS::AccountId':
        return ACCOUNT_ID;
      case 'AWS::StackName':
        return this.stackName;
      case 'AWS::StackId':
        return this.stackId;
      case 'AWS::URLSuffix':
        return URL_SUFFIX;
      case 'AWS::NotificationARNs':
        return [];
      case 'AWS::NoValue':
        return NO_VALUE;
      default:
        return failAt(place, `unknown pseudo parameter ${name}`);
    }
  }

  #parameter(name: string, declaration: JsonObject, place: Place): Json {
    const type = declaration['Type'];
    const given = Object.hasOwn(this.#parameters, name) ? this.#parameters[name] : undefined;
    if (given === undefined && typeof type === 'string' && type.startsWith('AWS::SSM::Parameter')) {
      return failAt(place, `parameter ${name} reads Systems Manager, which the yard does not host`);
    }
    const value = given ?? declaration['Default'];
    if (value === undefined || isObject(value) || isArray(value)) {
      return failAt(place, `parameter ${name} has no default and no value was given`);
    }
    const text = String(value);
    const isList = type === 'CommaDelimitedList' || (typeof type === 'string' && type.startsWith('List<'));
    return isList ? text.split(',').map((item) => item.trim()) : text;
  }
}
