import type { Json, JsonObject } from '@stepyard/asl';
import type { Execution } from './execution.ts';
import type { Frame, Group } from './frame.ts';
import { isoTimestamp } from './timestamp.ts';

/** Extras that only some evaluations have. */
export interface ContextExtras {
  /** While a Map's ItemSelector runs: the item at hand. */
  readonly item?: {
    readonly index: number;
    readonly value: Json;
    /** Of a Distributed Map: the name of a JSON object's member, and where the item comes from. */
    readonly key?: string;
    readonly source?: string;
  };
  /** While a Task with a token computes its parameters. */
  readonly token?: string;
}

/**
 * The context object, `$$` or `$states.context`; key order as recorded (context_object/context-object--input-path).
 * Members: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export function contextObject(execution: Execution, frame: Frame, extras: ContextExtras): JsonObject {
  if (execution.probe?.context !== undefined) return execution.probe.context;
  const started = execution.started;
  if (started === undefined) throw new Error('no context before the execution has started');
  const item = extras.item ?? itemOf(frame);
  return {
    Execution: {
      Id: started.executionArn,
      Input: execution.input,
      StartTime: isoTimestamp(execution.startedMs),
      Name: started.name,
      // A state may be tested without a role.
      RoleArn: started.roleArn === '' ? null : started.roleArn,
      ...(started.sync === true ? {} : { RedriveCount: execution.redriveCount }),
      ...(execution.redrivenMs === undefined ? {} : { RedriveTime: isoTimestamp(execution.redrivenMs) }),
    },
    StateMachine: { Id: started.stateMachineArn, Name: started.stateMachineName },
    State: {
      Name: frame.state.name,
      EnteredTime: isoTimestamp(frame.enteredMs),
      ...(countsRetries(execution, frame) ? { RetryCount: frame.retryCount } : {}),
    },
    ...(item === undefined ? {} : { Map: { Item: itemMembers(item) } }),
    ...(extras.token === undefined ? {} : { Task: { Token: extras.token } }),
  };
}

/** [81] of the recordings: Tasks have a RetryCount; in TestState Map states too. */
function countsRetries(execution: Execution, frame: Frame): boolean {
  return frame.state.type === 'Task' || (execution.probe !== undefined && 'retry' in frame.state);
}

/** In the order of the page on the context object. */
function itemMembers(item: NonNullable<ContextExtras['item']>): JsonObject {
  return {
    Index: item.index,
    ...(item.key === undefined ? {} : { Key: item.key }),
    Value: item.value,
    ...(item.source === undefined ? {} : { Source: item.source }),
  };
}

/** The item of the innermost Map iteration that the line is in. */
function itemOf(frame: Frame): { index: number; value: Json } | undefined {
  let line = frame;
  let group: Group | undefined = frame.group;
  while (group !== undefined) {
    if (group.items !== undefined) return { index: line.index, value: group.items[line.index] ?? null };
    line = group.owner;
    group = line.group;
  }
  return undefined;
}
