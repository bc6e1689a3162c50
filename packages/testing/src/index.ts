export { pathOf, printHistory } from '@stepyard/engine';
export type { Mock, Mocks } from '@stepyard/engine';
export type { Coverage, Covered } from './coverage.ts';
export { coverage } from './coverage.ts';
export { historyDifference, transitionsOf } from './history.ts';
export { stepyardMatchers } from './matchers.ts';
export type { MachineRun, MachineRunOptions } from './run-machine.ts';
export { runMachine } from './run-machine.ts';
export { definitionText } from './substitute.ts';
