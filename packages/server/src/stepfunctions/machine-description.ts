import { variableReferences, type Json } from '@stepyard/asl';
import type { StateMachineDescription } from '@stepyard/engine';
import { describedConfiguration } from './configuration.ts';

/** What DescribeStateMachine and DescribeStateMachineForExecution both say of a machine. */
export function describedMachine(
  machine: StateMachineDescription,
): Readonly<Record<string, Json | undefined>> {
  return {
    stateMachineArn: machine.stateMachineArn,
    name: machine.name,
    definition: machine.definition,
    roleArn: machine.roleArn,
    ...describedConfiguration(machine.configuration),
    revisionId: machine.revisionId,
    variableReferences: references(machine.definition),
  };
}

/** Absent where no state reads a variable. */
function references(definition: string): Json | undefined {
  const found = variableReferences(JSON.parse(definition) as Json);
  return found.size === 0 ? undefined : Object.fromEntries(found);
}
