export type { Clock } from './clock/clock.ts';
export { systemClock } from './clock/system-clock.ts';
export type { VirtualClock, VirtualClockOptions } from './clock/virtual-clock.ts';
export { createVirtualClock } from './clock/virtual-clock.ts';
export type { Effect, EndStatus, Outcome } from './core/effect.ts';
export type { Execution } from './core/execution.ts';
export { newExecution } from './core/execution.ts';
export type { HistoryRange } from './core/history/history-bytes.ts';
export { historyBytes } from './core/history/history-bytes.ts';
export { step } from './core/step.ts';
export type { HistoryEvent } from './core/history/history-event.ts';
export { nameIn, pathOf } from './core/history/path-of.ts';
export { printHistory } from './core/history/print-history.ts';
export type { Input, MachineType, Started, Turn } from './core/input.ts';
export type { HistoryFacts } from './invariants/history-violations.ts';
export { historyViolations } from './invariants/history-violations.ts';
export { openTasks, recordedInputs, storeViolations } from './invariants/store-violations.ts';
export type {
  ActivityDescription,
  AliasDescription,
  AliasRoute,
  ActivityTask,
  CreateStateMachineRequest,
  Engine,
  EngineLogEntry,
  EngineOptions,
  ExecutionChange,
  ExecutionDescription,
  ExecutionStatus,
  ExecutionSummary,
  ForkRequest,
  HistoryBytes,
  HistoryRequest,
  ListChildrenRequest,
  ListExecutionsRequest,
  MachineTally,
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
export { openEngine } from './host/engine.ts';
export { pruneStore } from './host/prune.ts';
export type { EngineErrorCode } from './host/engine-error.ts';
export { EngineError } from './host/engine-error.ts';
export { createMemoryStore } from './journal/memory-store.ts';
export type { SqliteStoreOptions } from './journal/sqlite/sqlite-store.ts';
export { openSqliteStore } from './journal/sqlite/sqlite-store.ts';
export type { ExecutionRow, Store, TurnRecord, Write } from './journal/store.ts';
export { StoreError } from './journal/store.ts';
export type { RecordedTurn } from './journal/replay.ts';
export { ReplayMismatch, replay, turnsOf } from './journal/replay.ts';
export type { TaskReporter, TaskRequest, TaskResult, TaskRunner } from './tasks/task-runner.ts';
export { createIntegrationRunner } from './tasks/integration-runner.ts';
export type { Mock, MockTaskRunner, Mocks } from './tasks/mock-runner.ts';
export { createMockTaskRunner, resultOf } from './tasks/mock-runner.ts';
export type { MapRunDescription, UpdateMapRunRequest } from './host/map-run-api.ts';
export type { EventBrief, Inspection, Look } from './host/inspection.ts';
export { dataFlowOf, lookAt, Watch } from './host/inspection.ts';
export type { DataFlow } from './core/inspect/data-flow.ts';
export type { OpenLine, OpenTimer, PendingWork } from './core/inspect/snapshot.ts';
export type { Tally } from './core/inspect/tally.ts';
export type { Visit } from './core/inspect/visit-log.ts';
export type { MapRunIo, ReadItem, ReadRequest, WriteRequest } from './tasks/map-run-io.ts';
export { MapRunFailure } from './tasks/map-run-io.ts';
export { createMockMapRunIo } from './tasks/mock-map-run-io.ts';
export { createMapRunIo } from './tasks/map-run-services.ts';
export type {
  HttpExchange,
  HttpRequestSeen,
  HttpResponseSeen,
  ObjectAnswer,
  ObjectRequest,
  FunctionAnswer,
  InvocationOptions,
  ServiceAnswer,
  ServiceCall,
  ServiceCaller,
} from './tasks/service-caller.ts';
export { ServiceError } from './tasks/service-caller.ts';
