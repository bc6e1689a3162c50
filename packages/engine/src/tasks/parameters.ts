/** Parameters of a state (PascalCase) into the members of an API call, and its answer back. */
import type { Json, JsonObject } from '@stepyard/asl';
import { isArray, isObject, setOwn } from '@stepyard/asl';

/** Services whose APIs spell members with a small first letter; all others have them as state machines do. */
const CAMEL_CASE = new Set([
  'apigateway',
  'appsync',
  'batch',
  'bedrock',
  'bedrockagent',
  'bedrockruntime',
  'cloudwatchlogs',
  'codebuild',
  'codecommit',
  'codedeploy',
  'codepipeline',
  'ecr',
  'ecs',
  'eks',
  'emrserverless',
  'iot',
  'sfn',
]);

/**
 * Members that hold a map whose keys are data, in either spelling: they are taken over as they are. (DynamoDB items,
 * message attributes and environment variables belong to services that are not respelled at all, or are lists of pairs.)
 */
const MAPS_OF_DATA = new Set([
  'annotations',
  'dockerLabels',
  'driverOpts',
  'environmentVariables',
  'labels',
  'limits',
  'nodeSelector',
  'options',
  'parameters',
  'requests',
  'responseParameters',
  'tags',
  'variables',
]);

/** Times that an API gives as seconds since 1970. Step Functions makes milliseconds of them, or ISO text for `aws-sdk`. */
const TIMES_IN_SECONDS: Readonly<Record<string, ReadonlySet<string>>> = {
  sfn: new Set(['startDate', 'stopDate', 'creationDate', 'updateDate', 'redriveDate', 'timestamp']),
  ecs: new Set([
    'connectivityAt',
    'createdAt',
    'executionStoppedAt',
    'pullStartedAt',
    'pullStoppedAt',
    'registeredAt',
    'startedAt',
    'stoppedAt',
    'stoppingAt',
  ]),
};

export type TimeFormat = 'milliseconds' | 'iso';

/** `{ JobName }` -> `{ jobName }` where the service spells it so. */
export function toApi(service: string, parameters: Json): JsonObject {
  if (!isObject(parameters)) return {};
  return CAMEL_CASE.has(service) ? respellObject(parameters, lowerFirst) : parameters;
}

/** `{ jobArn }` -> `{ JobArn }`; the answer of an API as a state sees it. */
export function fromApi(service: string, output: JsonObject, times: TimeFormat): JsonObject {
  if (!CAMEL_CASE.has(service)) return output;
  const seconds = TIMES_IN_SECONDS[service];
  return respellObject(
    seconds === undefined ? output : convertObjectTimes(output, seconds, times),
    upperFirst,
  );
}

function respell(value: Json, spell: (name: string) => string): Json {
  if (isArray(value)) return value.map((item) => respell(item, spell));
  return isObject(value) ? respellObject(value, spell) : value;
}

function respellObject(value: JsonObject, spell: (name: string) => string): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const isData = MAPS_OF_DATA.has(lowerFirst(name)) && isObject(member);
    setOwn(result, spell(name), isData ? member : respell(member, spell));
  }
  return result;
}

function convertTimes(value: Json, names: ReadonlySet<string>, times: TimeFormat): Json {
  if (isArray(value)) return value.map((item) => convertTimes(item, names, times));
  return isObject(value) ? convertObjectTimes(value, names, times) : value;
}

function convertObjectTimes(value: JsonObject, names: ReadonlySet<string>, times: TimeFormat): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    const isTime = typeof member === 'number' && names.has(name);
    setOwn(result, name, isTime ? time(member, times) : convertTimes(member, names, times));
  }
  return result;
}

function time(seconds: number, times: TimeFormat): Json {
  const epochMs = Math.round(seconds * 1000);
  return times === 'milliseconds' ? epochMs : new Date(epochMs).toISOString();
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
