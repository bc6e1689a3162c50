/** The state machines of the simulations: among them they have everything that can be under way when a process dies. */
import type { Json } from '@stepyard/asl';
import type { MachineType } from '@stepyard/engine';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:f';
export const ACTIVITY_NAME = 'worker';
const ACTIVITY = `arn:aws:states:us-east-1:000000000000:activity:${ACTIVITY_NAME}`;
const RETRY = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 2 }];
const CATCH = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }];
const CAUGHT = { Caught: { Type: 'Pass', End: true } };

export interface SimulatedMachine {
  readonly name: string;
  readonly type: MachineType;
  readonly definition: Json;
}

const one = (name: string, type: MachineType, states: Record<string, Json>): SimulatedMachine => ({
  name,
  type,
  definition: { StartAt: Object.keys(states)[0] ?? '', States: states },
});

export const MACHINES: readonly SimulatedMachine[] = [
  one('retries', 'STANDARD', {
    First: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60, Retry: RETRY, Catch: CATCH, Next: 'Sleep' },
    Sleep: { Type: 'Wait', Seconds: 5, Next: 'Second' },
    Second: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: 'q', 'MessageBody.$': '$' },
      TimeoutSeconds: 60,
      End: true,
    },
    ...CAUGHT,
  }),
  one('callback', 'STANDARD', {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', 'MessageBody.$': '$$.Task.Token' },
      HeartbeatSeconds: 30,
      TimeoutSeconds: 200,
      Retry: [{ ErrorEquals: ['States.HeartbeatTimeout'], MaxAttempts: 1 }],
      Catch: CATCH,
      End: true,
    },
    ...CAUGHT,
  }),
  one('activity', 'STANDARD', {
    Both: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'Work',
          States: { Work: { Type: 'Task', Resource: ACTIVITY, TimeoutSeconds: 90, End: true } },
        },
        { StartAt: 'Rest', States: { Rest: { Type: 'Wait', Seconds: 10, End: true } } },
      ],
      Retry: RETRY,
      End: true,
    },
  }),
  one('items', 'STANDARD', {
    Each: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Item',
        States: { Item: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60, Retry: RETRY, End: true } },
      },
      Catch: CATCH,
      End: true,
    },
    ...CAUGHT,
  }),
  one('children', 'STANDARD', {
    Spread: {
      Type: 'Map',
      ItemsPath: '$.items',
      MaxConcurrency: 2,
      ToleratedFailureCount: 1,
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'Child',
        States: {
          Child: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60, Next: 'Nap' },
          Nap: { Type: 'Wait', Seconds: 2, End: true },
        },
      },
      End: true,
    },
  }),
  one('sleeper', 'STANDARD', {
    Hour: { Type: 'Wait', Seconds: 3600, Next: 'Done' },
    Done: { Type: 'Succeed' },
  }),
  one('express', 'EXPRESS', {
    Quick: { Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 60, Next: 'Moment' },
    Moment: { Type: 'Wait', Seconds: 1, End: true },
  }),
];
