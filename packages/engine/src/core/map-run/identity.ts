import type { DistributedMap, MapState, Program } from '@stepyard/asl';
import type { Execution } from '../execution.ts';
import { randomOf } from '../execution.ts';
import type { Started } from '../input.ts';
import { nextUuid, seededRandom } from '../random.ts';
import type { ChildMachine } from './map-run.ts';

/** Without a Label a Map has a uuid for one ([19] of the recordings): always the same for the same state of the same machine. */
export function labelOfMap(started: Started, state: MapState, label: string | undefined): string {
  return label ?? nextUuid(seededRandom(`${machineOf(started.stateMachineArn)}${state.pointer}`));
}

/** A map run within a child execution belongs to the state machine as well: labels are unique in a definition. */
function machineOf(nameOrArn: string): string {
  return nameOrArn.split('/')[0] ?? nameOrArn;
}

export function mapRunArn(execution: Execution, started: Started, label: string): string {
  const machine = `${machineOf(started.stateMachineName)}/${label}`;
  return `${placeOf(started)}:mapRun:${machine}:${nextUuid(randomOf(execution))}`;
}

/** What the ARNs of executions of a child machine begin with. */
export function executionsOf(started: Started, type: ChildMachine['type'], name: string): string {
  return `${placeOf(started)}:${type === 'STANDARD' ? 'execution' : 'express'}:${name}`;
}

/** `arn:aws:states:<region>:<account>` */
function placeOf({ executionArn }: Started): string {
  return executionArn.split(':').slice(0, 5).join(':');
}

export function childMachine(
  execution: Execution,
  started: Started,
  state: MapState,
  distributed: DistributedMap,
  label: string,
): ChildMachine {
  const name = `${machineOf(started.stateMachineName)}/${label}`;
  const type = distributed.executionType;
  return {
    arn: `${machineOf(started.stateMachineArn)}/${label}`,
    name,
    executions: executionsOf(started, type, name),
    type,
    program: processorProgram(execution.program, state),
  };
}

const programs = new WeakMap<MapState, Program>();

/** The processor as a machine of its own: one for all children, so that what is known of it is known once. */
export function processorProgram({ queryLanguage }: Program, state: MapState): Program {
  let program = programs.get(state);
  if (program === undefined) {
    program = { comment: undefined, queryLanguage, timeoutSeconds: undefined, states: state.processor };
    programs.set(state, program);
  }
  return program;
}
