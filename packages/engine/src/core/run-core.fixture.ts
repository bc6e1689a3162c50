import type { Json } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import type { Effect } from './effect.ts';
import type { Execution } from './execution.ts';
import { newExecution } from './execution.ts';
import { printHistory } from './history/print-history.ts';
import { wireEvent } from './history/wire-event.ts';
import type { Input, Started } from './input.ts';
import { step } from './step.ts';

export const ARN = 'arn:aws:states:us-east-1:000000000000:execution:machine:run';

export function startedInput(fields: Partial<Started> = {}): Started {
  return {
    kind: 'started',
    executionArn: ARN,
    name: 'run',
    stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:machine',
    stateMachineName: 'machine',
    roleArn: 'arn:aws:iam::000000000000:role/role',
    type: 'STANDARD',
    input: '{}',
    seed: 'seed',
    ...fields,
  };
}

/** Drives the core by hand: one execution, the effects it asked for, time in seconds from its start. */
export interface CoreRun {
  readonly execution: Execution;
  /** All effects so far. */
  readonly effects: Effect[];
  /** Applies a turn. */
  at(seconds: number, ...inputs: Input[]): readonly Effect[];
  /** Fires all timers that are due by then, in turns of their own due times. */
  sleepUntil(seconds: number): void;
  history(): string;
}

export function runCore(definition: Json, input: Json = {}, fields: Partial<Started> = {}): CoreRun {
  const execution = newExecution(compile(definition));
  const effects: Effect[] = [];
  const apply = (timeMs: number, inputs: readonly Input[]): readonly Effect[] => {
    const asked = step(execution, { timeMs, inputs });
    effects.push(...asked);
    return asked;
  };
  apply(0, [startedInput({ input: JSON.stringify(input), ...fields })]);
  return {
    execution,
    effects,
    at: (seconds, ...inputs) => apply(seconds * 1000, inputs),
    sleepUntil(seconds) {
      for (;;) {
        const due = [...execution.timers].filter(([, timer]) => timer.dueMs <= seconds * 1000);
        const next = Math.min(...due.map(([, timer]) => timer.dueMs));
        if (due.length === 0) return;
        const fired = due.filter(([, timer]) => timer.dueMs === next).map(([timer]) => timer);
        apply(
          next,
          fired.map((timer) => ({ kind: 'timerFired', timer })),
        );
      }
    },
    history: () => printHistory(execution.events.map((event, index) => wireEvent(event, index + 1))),
  };
}
