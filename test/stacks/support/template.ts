import type { Json, JsonObject } from '@stepyard/asl';
import { getOwn, isArray, isObject } from '@stepyard/asl';

export interface Resource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: string | readonly string[];
}

export interface Template {
  readonly Description?: string;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json }>>;
}

/** A resource with where it is. */
export interface Located {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  readonly resource: Resource;
}

/** All resources of a template, or those of the given types. */
export function resourcesOf(template: Template, ...types: readonly string[]): Located[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => types.length === 0 || types.includes(Type))
    .map(([id, resource]) => ({ id, type: resource.Type, properties: resource.Properties ?? {}, resource }));
}

/** The value at a path of names and indices; undefined where there is none. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined {
  let here = value;
  for (const step of path) {
    if (typeof step === 'number') here = isArray(here) ? here[step] : undefined;
    else here = isObject(here) ? getOwn(here, step) : undefined;
  }
  return here;
}

/** The text at a path; throws where there is none. */
export function textAt(value: Json | undefined, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path);
  if (typeof found !== 'string') throw new TypeError(`${path.join('.')} holds no text`);
  return found;
}

/** A value as a list: itself when it is one, alone otherwise, empty when it is absent. */
export function listOf(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isArray(value) ? value : [value];
}

/** Strings only: throws on anything else. */
export function textsOf(value: Json | undefined): string[] {
  return listOf(value).map((item) => {
    if (typeof item !== 'string') throw new TypeError(`${JSON.stringify(item)} is no text`);
    return item;
  });
}

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const PARTITION = 'aws';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': PARTITION,
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What `Ref` gives for the types whose reference is no ARN; a name is the logical id. */
const REF_IS_NAME = new Set([
  'AWS::DynamoDB::Table',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::Logs::LogGroup',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::EC2::Subnet',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::VPC',
  'AWS::ECS::Cluster',
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
]);

/**
 * Evaluates CloudFormation's functions with an invented account and region, so that statements and definitions can be
 * compared as text. Resources get ARNs made of their service and logical id.
 */
export function resolve(value: Json | undefined, template: Template): Json {
  if (value === undefined || value === null) return null;
  if (isArray(value)) return value.map((item) => resolve(item, template));
  if (!isObject(value)) return value;
  const [name, ...more] = Object.keys(value);
  if (name !== undefined && more.length === 0) {
    const argument = value[name] ?? null;
    if (name === 'Ref') return refOf(textAt(argument), template);
    if (name === 'Fn::GetAtt') return attributeOf(argument, template);
    if (name === 'Fn::Join') {
      return textsOf(resolve(at(argument, 1), template)).join(textAt(argument, 0));
    }
    if (name === 'Fn::Sub') {
      return textAt(argument).replaceAll(/\$\{([^}]+)\}/gu, (_all, ref: string) => refOf(ref, template));
    }
    if (name.startsWith('Fn::')) return `<${name}>`;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, template)]));
}

/** As {@link resolve}, when the result must be text. */
export function resolveText(value: Json | undefined, template: Template): string {
  const resolved = resolve(value, template);
  if (typeof resolved !== 'string') throw new TypeError(`${JSON.stringify(value)} does not resolve to text`);
  return resolved;
}

export function arnOfResource(id: string, template: Template): string {
  const resource = template.Resources[id];
  if (resource === undefined) throw new Error(`there is no resource ${id}`);
  const service = resource.Type.split('::')[1]?.toLowerCase() ?? '';
  if (resource.Type === 'AWS::StepFunctions::StateMachine') {
    const name = textAt(resource.Properties, 'StateMachineName');
    return `arn:${PARTITION}:states:${REGION}:${ACCOUNT}:stateMachine:${name}`;
  }
  if (resource.Type === 'AWS::StepFunctions::Activity') {
    return `arn:${PARTITION}:states:${REGION}:${ACCOUNT}:activity:${id}`;
  }
  const kind = resource.Type === 'AWS::Lambda::Function' ? 'function:' : '';
  return `arn:${PARTITION}:${service}:${REGION}:${ACCOUNT}:${kind}${id}`;
}

/** The URL of a queue. */
export function queueUrl(id: string): string {
  return `https://sqs.${REGION}.amazonaws.com/${ACCOUNT}/${id}`;
}

function refOf(id: string, template: Template): string {
  const pseudo = PSEUDO[id];
  if (pseudo !== undefined) return pseudo;
  const type = template.Resources[id]?.Type;
  if (type === undefined) throw new Error(`Ref to ${id}, which is not in the template`);
  if (type === 'AWS::SQS::Queue') return queueUrl(id);
  return REF_IS_NAME.has(type) ? id : arnOfResource(id, template);
}

function attributeOf(argument: Json, template: Template): string {
  const [id = '', attribute = ''] = textsOf(argument);
  if (attribute === 'Arn') return arnOfResource(id, template);
  return `<${id}.${attribute}>`;
}
