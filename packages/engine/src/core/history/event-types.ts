/** What each type of history event carries on the wire, as data: the member that holds its details and what goes into it. */
export interface EventShape {
  /** `stateEnteredEventDetails`; undefined: the type has no details. */
  readonly details: string | undefined;
  /** Where the record's value goes, as JSON text; `...Details: { truncated: false }` stands beside input and output. */
  readonly value?: 'input' | 'output' | 'parameters';
  /** Where the record's name goes. */
  readonly name?: 'name' | 'state';
}

const entered = { details: 'stateEnteredEventDetails', value: 'input', name: 'name' } as const;
const exited = { details: 'stateExitedEventDetails', value: 'output', name: 'name' } as const;
const bare = { details: undefined } as const;

export const EVENT_SHAPES = {
  ExecutionStarted: { details: 'executionStartedEventDetails' },
  ExecutionSucceeded: { details: 'executionSucceededEventDetails', value: 'output' },
  ExecutionFailed: { details: 'executionFailedEventDetails' },
  ExecutionAborted: { details: 'executionAbortedEventDetails' },
  ExecutionTimedOut: { details: 'executionTimedOutEventDetails' },
  ExecutionRedriven: { details: 'executionRedrivenEventDetails' },

  PassStateEntered: entered,
  PassStateExited: exited,
  TaskStateEntered: entered,
  TaskStateExited: exited,
  ChoiceStateEntered: entered,
  ChoiceStateExited: exited,
  WaitStateEntered: entered,
  WaitStateExited: exited,
  SucceedStateEntered: entered,
  SucceedStateExited: exited,
  FailStateEntered: entered,
  ParallelStateEntered: entered,
  ParallelStateExited: exited,
  MapStateEntered: entered,
  MapStateExited: exited,

  ParallelStateStarted: bare,
  ParallelStateSucceeded: bare,
  ParallelStateFailed: bare,
  MapStateStarted: { details: 'mapStateStartedEventDetails' },
  MapStateSucceeded: bare,
  MapStateFailed: bare,
  MapIterationStarted: { details: 'mapIterationStartedEventDetails', name: 'name' },
  MapIterationSucceeded: { details: 'mapIterationSucceededEventDetails', name: 'name' },
  MapIterationFailed: { details: 'mapIterationFailedEventDetails', name: 'name' },
  MapIterationAborted: { details: 'mapIterationAbortedEventDetails', name: 'name' },

  MapRunStarted: { details: 'mapRunStartedEventDetails' },
  MapRunSucceeded: bare,
  MapRunFailed: { details: 'mapRunFailedEventDetails' },
  MapRunAborted: bare,
  MapRunRedriven: { details: 'mapRunRedrivenEventDetails' },

  TaskStateAborted: bare,
  WaitStateAborted: bare,
  ParallelStateAborted: bare,
  MapStateAborted: bare,

  TaskScheduled: { details: 'taskScheduledEventDetails', value: 'parameters' },
  TaskStarted: { details: 'taskStartedEventDetails' },
  TaskSubmitted: { details: 'taskSubmittedEventDetails', value: 'output' },
  TaskSucceeded: { details: 'taskSucceededEventDetails', value: 'output' },
  TaskFailed: { details: 'taskFailedEventDetails' },
  TaskTimedOut: { details: 'taskTimedOutEventDetails' },

  LambdaFunctionScheduled: { details: 'lambdaFunctionScheduledEventDetails', value: 'input' },
  LambdaFunctionStarted: bare,
  LambdaFunctionSucceeded: { details: 'lambdaFunctionSucceededEventDetails', value: 'output' },
  LambdaFunctionFailed: { details: 'lambdaFunctionFailedEventDetails' },
  LambdaFunctionTimedOut: { details: 'lambdaFunctionTimedOutEventDetails' },

  ActivityScheduled: { details: 'activityScheduledEventDetails', value: 'input' },
  ActivityStarted: { details: 'activityStartedEventDetails' },
  ActivitySucceeded: { details: 'activitySucceededEventDetails', value: 'output' },
  ActivityFailed: { details: 'activityFailedEventDetails' },
  ActivityTimedOut: { details: 'activityTimedOutEventDetails' },

  EvaluationFailed: { details: 'evaluationFailedEventDetails', name: 'state' },
} as const satisfies Record<string, EventShape>;

export type EventType = keyof typeof EVENT_SHAPES;
