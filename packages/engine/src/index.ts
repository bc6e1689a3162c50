export type { Clock } from './clock/clock.ts';
export type { Journal, JournalRecord } from './journal/journal.ts';
export type { TaskReporter, TaskRequest, TaskResult, TaskRunner } from './tasks/task-runner.ts';
export type { FunctionAnswer, ServiceAnswer, ServiceCall, ServiceCaller } from './tasks/service-caller.ts';
export { ServiceError } from './tasks/service-caller.ts';
