import { EngineError } from './engine-error.ts';

/** Where the engine's resources live: `arn:aws:states:<region>:<account>:...`. */
export interface Place {
  readonly region: string;
  readonly account: string;
}

export function stateMachineArn(place: Place, name: string): string {
  return `arn:aws:states:${place.region}:${place.account}:stateMachine:${name}`;
}

export function activityArn(place: Place, name: string): string {
  return `arn:aws:states:${place.region}:${place.account}:activity:${name}`;
}

export function executionArn(place: Place, machine: string, name: string): string {
  return `arn:aws:states:${place.region}:${place.account}:execution:${machine}:${name}`;
}

/** Express executions may share a name: a uuid tells them apart. */
export function expressArn(place: Place, machine: string, name: string, uuid: string): string {
  return `arn:aws:states:${place.region}:${place.account}:express:${machine}:${name}:${uuid}`;
}

/** Characters that names may not have: space, `< > { } [ ] ? * " # % \ ^ | ~ ` $ & , ; : /` and controls ([78] of the recordings). */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\uFFFE\uFFFF]/u;
const NAME_LENGTH_MAX = 80;

/** Throws InvalidName for what cannot name a state machine, an execution or an activity. */
export function checkName(name: string): void {
  if (name.length === 0 || name.length > NAME_LENGTH_MAX || FORBIDDEN.test(name)) {
    throw new EngineError('InvalidName', `Invalid Name: '${name}'`);
  }
}

/** Throws InvalidArn for what is no ARN of Step Functions ([58] of the recordings). */
export function checkArn(arn: string): void {
  if (!arn.startsWith('arn:'))
    throw new EngineError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (colon(arn, 6) === -1) throw new EngineError('InvalidArn', `Invalid Arn: '${arn}'`);
}

/** Where the colon of that number is, the first being 1; -1: there are not as many. */
function colon(arn: string, number: number): number {
  let at = -1;
  for (let left = number; left > 0; left--) {
    at = arn.indexOf(':', at + 1);
    if (at === -1) return -1;
  }
  return at;
}

/** The resource type in an ARN: `stateMachine`, `execution`, `express`, `activity`. */
export function resourceType(arn: string): string {
  const before = colon(arn, 5);
  if (before === -1) return '';
  const after = arn.indexOf(':', before + 1);
  return arn.slice(before + 1, after === -1 ? undefined : after);
}

/** A state machine's ARN may carry a version's number or an alias's name: `...:stateMachine:<name>[:<qualifier>]`. */
export function splitQualifier(arn: string): {
  readonly machineArn: string;
  readonly qualifier: string | undefined;
} {
  const parts = arn.split(':');
  if (parts.length !== 8 || parts[5] !== 'stateMachine') return { machineArn: arn, qualifier: undefined };
  return { machineArn: parts.slice(0, 7).join(':'), qualifier: parts[7] };
}

/** The number of a version's ARN; undefined for every other. */
export function versionNumber(arn: string): number | undefined {
  const { qualifier } = splitQualifier(arn);
  return qualifier !== undefined && /^[1-9]\d{0,8}$/u.test(qualifier) ? Number(qualifier) : undefined;
}
