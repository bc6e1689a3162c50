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
  const [arn, partition, states, region, account] = started.executionArn.split(':');
  const place = [arn, partition, states, region, account].join(':');
  return `${place}:mapRun:${machineOf(started.stateMachineName)}/${label}:${nextUuid(randomOf(execution))}`;
}

export function childMachine(
  execution: Execution,
  started: Started,
  state: MapState,
  distributed: DistributedMap,
  label: string,
): ChildMachine {
  return {
    arn: `${machineOf(started.stateMachineArn)}/${label}`,
    name: `${machineOf(started.stateMachineName)}/${label}`,
    type: distributed.executionType,
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
