export type { Clock } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
export type { VirtualClock, VirtualClockOptions } from './clock/virtual-clock.ts';
export { createVirtualClock } from './clock/virtual-clock.ts';
export type { Effect, EndStatus, Outcome } from './core/effect.ts';
export type { HistoryEvent } from './core/history/history-event.ts';
export { printHistory } from './core/history/print-history.ts';
export type { Input, MachineType, Started, Turn } from './core/input.ts';
export type {
  ActivityDescription,
  AliasDescription,
  AliasRoute,
  ActivityTask,
  CreateStateMachineRequest,
  Engine,
  EngineLogEntry,
  EngineOptions,
  ExecutionDescription,
  ExecutionStatus,
  ExecutionSummary,
  HistoryRequest,
  ListChildrenRequest,
  ListExecutionsRequest,
  Page,
  StartRequest,
  StateMachineDescription,
  StatusChangeEvent,
  SyncExecutionResult,
  UpdateStateMachineRequest,
  VersionDescription,
} from './host/engine-api.ts';
export type { Settlement } from './core/frame.ts';
export type { Station } from './core/probe.ts';
export type { StateTestRequest, StateTestResult } from './core/test-state.ts';
export { testState } from './host/test-state.ts';
export type { TokenContent } from './core/task-token.ts';
export { readToken as readTaskToken } from './core/task-token.ts';
export { createEngine } from './host/engine.ts';
export type { EngineErrorCode } from './host/engine-error.ts';
export { EngineError } from './host/engine-error.ts';
export type { Journal, JournalRecord } from './journal/journal.ts';
export { createMemoryJournal } from './journal/memory-journal.ts';
export { ReplayMismatch, replay } from './journal/replay.ts';
export type { TaskReporter, TaskRequest, TaskResult, TaskRunner } from './tasks/task-runner.ts';
export { createIntegrationRunner } from './tasks/integration-runner.ts';
export type { Mock, MockTaskRunner, Mocks } from './tasks/mock-runner.ts';
export { createMockTaskRunner, resultOf } from './tasks/mock-runner.ts';
export type { MapRunDescription, UpdateMapRunRequest } from './host/map-run-api.ts';
export type { MapRunIo, ReadItem, ReadRequest, WriteRequest } from './tasks/map-run-io.ts';
export { MapRunFailure } from './tasks/map-run-io.ts';
export { createMockMapRunIo } from './tasks/mock-map-run-io.ts';
export { createMapRunIo } from './tasks/map-run-services.ts';
export type {
  ObjectAnswer,
  ObjectRequest,
  FunctionAnswer,
  InvocationOptions,
  ServiceAnswer,
  ServiceCall,
  ServiceCaller,
} from './tasks/service-caller.ts';
export { ServiceError } from './tasks/service-caller.ts';
