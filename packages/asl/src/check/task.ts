import type { Integration } from '../integrations/integration.ts';
import { parseResource } from '../integrations/resource.ts';
import type { TaskResource } from '../integrations/resource.ts';
import { sdkService } from '../integrations/sdk-service.ts';
import { findIntegration } from '../integrations/table.ts';
import type { Json, JsonObject } from '../json.ts';
import { getOwn, isArray, isObject } from '../json.ts';
import { appendPointer } from '../syntax/pointer.ts';
import { checkJsonata, checkTemplate, isExpression } from './expressions.ts';
import { textOf } from './holder.ts';
import { wrongType } from './scope.ts';
import type { MachineType, Scope } from './scope.ts';

/** After the function's name an alias, a version or `$LATEST` may stand, or a substitution of any of them. */
const LAMBDA_QUALIFIER = /:function:[^:]+(?::(?:\$LATEST|[A-Za-z0-9_-]+|.*\$\{.*))?$|\$\{/u;

/** `Credentials`: an object with `RoleArn`, in JSONPath also `RoleArn.$`. */
export function checkCredentials(scope: Scope, pointer: string, value: Json): void {
  const { report, language } = scope;
  if (language === 'JSONata' && isExpression(value)) {
    checkJsonata(report, pointer, value);
    return;
  }
  if (!isObject(value)) {
    wrongType(scope, pointer, 'Object', value);
    return;
  }
  if (!Object.hasOwn(value, 'RoleArn') && !(language === 'JSONPath' && Object.hasOwn(value, 'RoleArn.$'))) {
    report.add('missingField', pointer, "The field 'RoleArn' is required but was missing");
  }
  if (language === 'JSONata') checkJsonata(report, pointer, value);
  else checkTemplate(report, pointer, value);
}

export function checkResource(scope: Scope, pointer: string, value: Json, runAs: MachineType): void {
  const { report } = scope;
  if (typeof value !== 'string') {
    wrongType(scope, pointer, 'String', value);
    return;
  }
  const resource = parseResource(value);
  if (resource === undefined) {
    // A substitution of CloudFormation may stand for a whole ARN, which is known only after it.
    if (!report.substituted && value.includes('${')) return;
    const message = value.startsWith('arn:') ? notRecognised(value) : 'Value is not a valid resource ARN';
    report.add('badResource', pointer, message);
    return;
  }
  if (runAs === 'EXPRESS') checkExpress(report, pointer, resource);
  if (resource.kind === 'lambda' && !LAMBDA_QUALIFIER.test(value)) {
    report.add('badResource', pointer, notRecognised(value));
  }
  if (resource.kind === 'integration') {
    const row = findIntegration(resource.service, resource.action);
    if (resource.service === 'task') {
      // The States Language's own examples are written so: `arn:aws:states:us-east-1:123456789012:task:HelloWorld`.
      report.add('placeholderResource', pointer, 'Step Functions has no resources of this form');
    } else if (row === undefined) report.add('unknownAction', pointer, notRecognised(value));
    else if (!row.patterns.includes(resource.pattern))
      report.add('unknownPattern', pointer, notRecognised(value));
  } else if (resource.kind === 'sdk') {
    const isKnown =
      sdkService(resource.service) !== undefined && /^[a-z][A-Za-z0-9]*$/u.test(resource.action);
    if (!isKnown || resource.pattern === 'sync' || resource.pattern === 'sync:2') {
      report.add('unknownAction', pointer, notRecognised(value));
    }
  }
}

/** AWS's text (recording `services/dynamodb-task-service--invalid-integration-fa88df`). */
function notRecognised(text: string): string {
  return (
    `The resource provided ${text} is not recognized. ` +
    'The value is not a valid resource ARN, or the resource is not available in this region.'
  );
}

/** Texts of the last two: recordings `api_express/sfn-api-express--illegal-callbacks-*`, blanks included. */
function checkExpress(report: Scope['report'], pointer: string, resource: TaskResource): void {
  if (resource.kind === 'activity') {
    report.add('expressPattern', pointer, 'Express state machine does not support Activity ARN');
  } else if (resource.kind !== 'lambda' && resource.pattern === 'waitForTaskToken') {
    report.add(
      'expressPattern',
      pointer,
      "Express state machine does not support '.waitForTaskToken' service integration ",
    );
  } else if (resource.kind !== 'lambda' && resource.pattern !== 'requestResponse') {
    report.add(
      'expressPattern',
      pointer,
      "Express state machine does not support '.sync' service integration",
    );
  }
}

/** What the fields of a Task say about each other, and warnings. */
export function checkTaskState(scope: Scope): void {
  const { report, pointer, holder, language } = scope;
  const timeout = getOwn(holder, 'TimeoutSeconds');
  const heartbeat = getOwn(holder, 'HeartbeatSeconds');
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat > timeout) {
    const at = appendPointer(pointer, 'HeartbeatSeconds');
    report.add('timeoutOrder', at, 'HeartbeatSeconds must not be greater than TimeoutSeconds');
  }
  if (!Object.hasOwn(holder, 'Retry')) {
    report.addAtKey('noRetry', pointer, 'Without Retry a transient error of the service fails the state');
  }
  const resource = parseResource(textOf(holder, 'Resource') ?? '');
  checkTimeout(scope, resource);
  if (resource?.kind === 'activity' && Object.hasOwn(holder, 'Credentials')) {
    const message = "The field 'Credentials' is not supported for activities";
    report.add('activityCredentials', appendPointer(pointer, 'Credentials'), message);
  }
  const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
  const parameters = getOwn(holder, field);
  if (resource?.kind === 'integration') {
    const row = findIntegration(resource.service, resource.action);
    if (row !== undefined) checkParameters(scope, row, field, parameters);
  }
  const isCallback =
    (resource?.kind === 'integration' || resource?.kind === 'sdk') && resource.pattern === 'waitForTaskToken';
  if (isCallback && !mentions(parameters, 'Task.Token')) {
    report.addAtKey(
      'noTaskToken',
      pointer,
      'The parameters do not pass the task token on, so nobody can answer',
    );
  }
}

/** A task that waits for somebody outside may have its heartbeat as the only limit. */
function checkTimeout({ report, pointer, holder }: Scope, resource: TaskResource | undefined): void {
  const has = (field: string): boolean =>
    Object.hasOwn(holder, field) || Object.hasOwn(holder, `${field}Path`);
  const pattern = resource !== undefined && 'pattern' in resource ? resource.pattern : 'requestResponse';
  const isOutside = resource?.kind === 'activity' || pattern === 'waitForTaskToken';
  if (has('TimeoutSeconds') || (isOutside && has('HeartbeatSeconds'))) return;
  const who = isOutside ? 'a token that nobody answers' : 'a Task that never answers';
  const what = pattern === 'sync' || pattern === 'sync:2' ? 'a job that never ends' : who;
  const message = `Without TimeoutSeconds ${what} is waited for as long as the execution may last`;
  report.addAtKey('noTimeout', pointer, message);
}

function checkParameters(scope: Scope, row: Integration, field: string, parameters: Json | undefined): void {
  const { report, language } = scope;
  const pointer = appendPointer(scope.pointer, field);
  if (parameters !== undefined && !isObject(parameters)) return;
  const given: JsonObject = parameters ?? {};
  const nameOf = (key: string): string =>
    language === 'JSONPath' && key.endsWith('.$') ? key.slice(0, -2) : key;
  const names = new Set(Object.keys(given).map(nameOf));
  if (parameters === undefined && row.required.length > 0) {
    const resource = textOf(scope.holder, 'Resource') ?? '';
    report.add(
      'missingParameter',
      appendPointer(scope.pointer, 'Resource'),
      `${field} field is required for resource ARN: ${resource}`,
      scope.pointer,
      `it needs ${row.required.join(', ')}`,
    );
    return;
  }
  for (const name of row.required) {
    if (names.has(name)) continue;
    report.add('missingParameter', pointer, `The field '${name}' is required but was missing`);
  }
  for (const key of Object.keys(given)) {
    if (row.parameters.includes(nameOf(key))) continue;
    const message = `${row.service}:${row.action} has no parameter '${nameOf(key)}': it is dropped`;
    report.addAtKey('unknownParameter', appendPointer(pointer, key), message);
  }
}

/** Whether a text occurs in any string of a value. */
function mentions(value: Json | undefined, text: string): boolean {
  if (typeof value === 'string') return value.includes(text);
  if (isArray(value)) return value.some((element) => mentions(element, text));
  return isObject(value) && Object.values(value).some((element) => mentions(element, text));
}
