import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, type Json, type JsonObject } from '@stepyard/asl';
import { ServiceError, type ServiceCaller } from '@stepyard/engine';
import { asText } from '../member.ts';
import { apiError, refuseFeature, type LogSink } from '../service.ts';

/** Waits between the attempts of a delivery; EventBridge goes on for a day, a yard for some seconds. */
const RETRY_DELAYS_MS: readonly number[] = [200, 1000, 3000, 5000];

export interface Delivery {
  readonly rule: { readonly name: string; readonly arn: string };
  readonly target: JsonObject;
  /** The text for the target. */
  readonly input: string;
  readonly signal: AbortSignal;
}

/** The services that rules may have as targets, by the service in the ARN. */
const SENDERS: Readonly<Record<string, (caller: ServiceCaller, delivery: Delivery) => Promise<unknown>>> = {
  sqs: (caller, { target, input, signal }) => {
    const parameters = target['SqsParameters'];
    const group = isObject(parameters) ? parameters['MessageGroupId'] : undefined;
    return caller.call({
      service: 'sqs',
      operation: 'SendMessage',
      input: {
        QueueUrl: queueUrl(asText(target['Arn'])),
        MessageBody: input,
        ...(typeof group === 'string' ? { MessageGroupId: group } : {}),
      },
      signal,
    });
  },
  sns: (caller, { target, input, signal }) =>
    caller.call({
      service: 'sns',
      operation: 'Publish',
      input: { TopicArn: asText(target['Arn']), Message: input },
      signal,
    }),
  lambda: (caller, { target, input, signal }) =>
    caller.invokeFunction(asText(target['Arn']), input, { invocationType: 'Event', signal }),
  states: (caller, { target, input, signal }) =>
    caller.call({
      service: 'sfn',
      operation: 'StartExecution',
      input: { stateMachineArn: asText(target['Arn']), input },
      signal,
    }),
};

/** Refuses, by name, a target that no event could be delivered to. */
export function checkTargetArn(arn: Json | undefined): void {
  const [, , service = '', , , resource = ''] = typeof arn === 'string' ? arn.split(':') : [];
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) {
    throw apiError(
      'eventbridge',
      'ValidationException',
      `Parameter ${JSON.stringify(arn)} is not valid. Reason: Provided Arn is not in correct format.`,
    );
  }
  if (!Object.hasOwn(SENDERS, service) || (service === 'states' && !resource.startsWith('stateMachine'))) {
    throw refuseFeature('eventbridge', 'PutTargets', `targets of ${service}`);
  }
}

/**
 * Delivers one event to one target, again after errors that may pass; then to the target's dead-letter queue, and where there is
 * none says so in the log. Never rejects.
 */
export async function deliver(caller: ServiceCaller, delivery: Delivery, log: LogSink): Promise<void> {
  const { target, rule, signal } = delivery;
  const service = asText(target['Arn']).split(':')[2] ?? '';
  const send = SENDERS[service];
  if (send === undefined) return;
  let failure: unknown;
  for (let attempt = 0; attempt <= retriesOf(target); attempt += 1) {
    try {
      if (attempt > 0) await sleep(RETRY_DELAYS_MS[attempt - 1], undefined, { signal, ref: false });
      await send(caller, delivery);
      return;
    } catch (error) {
      failure = error;
      if (signal.aborted || !mayPass(error)) break;
    }
  }
  if (signal.aborted) return;
  const message = failure instanceof Error ? failure.message : String(failure);
  const saved = await toDeadLetters(caller, delivery, failure).catch(() => false);
  log({
    source: 'events',
    message:
      `The rule ${rule.name} could not reach its target ${asText(target['Arn'])}: ${message} ` +
      (saved
        ? 'The event is in the dead-letter queue.'
        : 'The event is lost: the target has no dead-letter queue.'),
  });
}

function retriesOf(target: JsonObject): number {
  const policy = target['RetryPolicy'];
  const given = isObject(policy) ? policy['MaximumRetryAttempts'] : undefined;
  return Math.min(typeof given === 'number' ? given : RETRY_DELAYS_MS.length, RETRY_DELAYS_MS.length);
}

/** Throttling and failures of the service; what is missing or malformed stays so. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return true;
  return (
    error.unreachable || error.statusCode === 429 || (error.statusCode >= 500 && error.statusCode !== 501)
  );
}

async function toDeadLetters(caller: ServiceCaller, delivery: Delivery, failure: unknown): Promise<boolean> {
  const config = delivery.target['DeadLetterConfig'];
  const arn = isObject(config) ? config['Arn'] : undefined;
  if (typeof arn !== 'string') return false;
  await caller.call({
    service: 'sqs',
    operation: 'SendMessage',
    input: {
      QueueUrl: queueUrl(arn),
      MessageBody: delivery.input,
      MessageAttributes: {
        RULE_ARN: attribute(delivery.rule.arn),
        TARGET_ARN: attribute(asText(delivery.target['Arn'])),
        ERROR_CODE: attribute(failure instanceof ServiceError ? failure.code : 'SDK_CLIENT_ERROR'),
        ERROR_MESSAGE: attribute(failure instanceof Error ? failure.message : String(failure)),
      },
    },
    signal: delivery.signal,
  });
  return true;
}

/** SQS takes no empty attribute. */
function attribute(value: string): JsonObject {
  return { DataType: 'String', StringValue: value === '' ? '-' : value };
}

function queueUrl(arn: string): string {
  const [, , , , account = '', name = ''] = arn.split(':');
  return `http://127.0.0.1/${account}/${name}`;
}
