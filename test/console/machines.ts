/** State machines that are hard to show: large, deep, with much data, or with a task that is tried again and again. */
import type { JsonObject } from '@stepyard/asl';

/** Each of the first 13 stages has six states, two more are a Parallel with five within; with the last one: 91. */
export const LARGE: JsonObject = { StartAt: 'Receive 1', States: { ...stages(), Done: { Type: 'Succeed' } } };

function stages(): JsonObject {
  const states: Record<string, JsonObject> = {};
  for (let stage = 1; stage <= 15; stage++) {
    const next = stage === 15 ? 'Done' : `Receive ${stage + 1}`;
    Object.assign(states, stage % 7 === 0 ? parallelStage(stage, next) : plainStage(stage, next));
  }
  return states;
}

function plainStage(stage: number, next: string): JsonObject {
  const record = `Record stage ${stage}`;
  return {
    [`Receive ${stage}`]: { Type: 'Pass', Next: `Which way ${stage}?` },
    [`Which way ${stage}?`]: {
      Type: 'Choice',
      Choices: [
        { Variable: '$.n', NumericEquals: stage, Next: `By hand ${stage}` },
        { Variable: '$.n', NumericGreaterThan: stage, Next: `Express ${stage}` },
      ],
      Default: `As usual ${stage}`,
    },
    [`By hand ${stage}`]: { Type: 'Pass', Next: record },
    [`Express ${stage}`]: { Type: 'Pass', Next: record },
    [`As usual ${stage}`]: { Type: 'Pass', Next: record },
    [record]: { Type: 'Pass', Next: next },
  };
}

function parallelStage(stage: number, next: string): JsonObject {
  const branch = (name: string, more: JsonObject): JsonObject => ({
    StartAt: `${name} ${stage}`,
    States: { [`${name} ${stage}`]: { Type: 'Pass', ...more } },
  });
  const chain = `Check the address of stage ${stage}`;
  return {
    [`Receive ${stage}`]: {
      Type: 'Parallel',
      Branches: [
        branch('Reserve the goods of', { End: true }),
        branch('Take the payment of', { End: true }),
        {
          StartAt: `Find the address of ${stage}`,
          States: {
            [`Find the address of ${stage}`]: { Type: 'Pass', Next: chain },
            [chain]: { Type: 'Pass', Next: `Book the carrier of ${stage}` },
            [`Book the carrier of ${stage}`]: { Type: 'Pass', End: true },
          },
        },
      ],
      ResultPath: null,
      Next: next,
    },
  };
}

/** Fails once it has been tried twice, and the failure is caught. */
export const RETRIED: JsonObject = {
  StartAt: 'Send it to a queue that is not there',
  States: {
    'Send it to a queue that is not there': {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: 'http://127.0.0.1/000000000000/nowhere', 'MessageBody.$': '$' },
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Say sorry' }],
      End: true,
    },
    'Say sorry': { Type: 'Pass', End: true },
  },
};

/** Fails with a long name and a cause of many lines, as programs do. */
export const LOUD: JsonObject = {
  StartAt: 'Take what is given',
  States: {
    'Take what is given': {
      Type: 'Pass',
      Assign: { kept: { of: 'it', 'all.$': '$' } },
      Next: 'Fail at length',
    },
    'Fail at length': {
      Type: 'Fail',
      Error: 'com.example.orders.fulfilment.InventoryReservationTimedOutException',
      Cause: [
        'The reservation could not be made in time: {"order":"4711","warehouse":"north","waitedMs":30000}',
        ...Array.from(
          { length: 24 },
          (_, line) => `    at reserve (/app/inventory/reservations/${line}.js:${line + 7}:13)`,
        ),
      ].join('\n'),
    },
  },
};

/** JSON text of some 200 KiB: many items, one very long line, deep nesting. */
export function hugeInput(): string {
  let deep: JsonObject = { end: true };
  for (let level = 0; level < 60; level++) deep = { level, deep };
  const items = Array.from({ length: 900 }, (_, index) => ({
    id: `item-${index}`,
    name: `What is ordered, number ${index}`,
    price: index * 1.25,
    tags: ['one', 'two', 'three'],
  }));
  return JSON.stringify({ items, line: 'a word '.repeat(12_000), deep });
}

/** A Distributed Map whose children each wait for a worker, two at a time. */
export function heldMap(activityArn: string): JsonObject {
  return {
    StartAt: 'Each in turn',
    States: {
      'Each in turn': {
        Type: 'Map',
        MaxConcurrency: 2,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Work on it',
          States: { 'Work on it': { Type: 'Task', Resource: activityArn, End: true } },
        },
        End: true,
      },
    },
  };
}

/** Waits for its token to come back from a queue; a failure is caught. */
export function waitingForToken(queueUrl: string): JsonObject {
  return {
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Parameters: { QueueUrl: queueUrl, MessageBody: { 'token.$': '$$.Task.Token' } },
        HeartbeatSeconds: 600,
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Refused' }],
        Next: 'Done',
      },
      Done: { Type: 'Succeed' },
      Refused: { Type: 'Succeed' },
    },
  };
}
