/**
 * Executions in memory against the same work written by hand: `node bench/core.ts [--only=TEXT] [--short]`.
 * "run" is the execution alone; "run + wire" adds the bytes of its whole GetExecutionHistory answer. The outputs and every
 * event that the floor notes are compared before anything is measured.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '@stepyard/asl';
import { compile } from '@stepyard/asl';
import { historyBytes, newExecution, step, type Execution } from '@stepyard/engine';
import { pairUs } from './measure.ts';
import { Notes } from './notes.ts';
import { isShort, isWanted, printHead, printRow } from './report.ts';
import { startedWith, WORKLOADS, type Workload } from './workloads.ts';

const START_MS = Date.UTC(2026, 0, 1);

interface Event {
  readonly type: string;
  readonly stateEnteredEventDetails?: { readonly name: string; readonly input: string };
  readonly stateExitedEventDetails?: {
    readonly name: string;
    readonly output: string;
    readonly assignedVariables?: JsonObject;
  };
}

/** As Notes says it; of Map and Parallel the floor notes nothing. */
function said(history: string): string[] {
  const events: readonly Event[] = JSON.parse(history);
  return events
    .filter(({ type }) => /^(?:Pass|Choice|Succeed)State(?:Entered|Exited)$/u.test(type))
    .map(({ type, stateEnteredEventDetails: entered, stateExitedEventDetails: exited }) =>
      [
        type,
        entered?.name ?? exited?.name,
        entered?.input ?? exited?.output,
        JSON.stringify(exited?.assignedVariables ?? {}),
      ].join(' '),
    );
}

const WHOLE = { first: 1, count: 25_000 };

function checkOnce(workload: Workload, execution: Execution): void {
  const notes = new Notes();
  const output = workload.byHand(notes, workload.input as never);
  const isRight =
    execution.status === 'SUCCEEDED' &&
    isDeepStrictEqual(execution.outcome?.output, output) &&
    execution.events.length === workload.events &&
    notes.events.length === 2 * workload.transitions - (workload.nests ? 2 : 0) &&
    // Lines of states run side by side: their events come in another order than by hand.
    isDeepStrictEqual(
      said(Buffer.concat(historyBytes(execution.events, WHOLE)).toString()).toSorted(),
      notes.said().toSorted(),
    );
  if (!isRight) throw new Error(`wrong: ${workload.what}`);
}

function measure(workload: Workload): void {
  const program = compile(workload.definition);
  const text = JSON.stringify(workload.input);
  const run = (): Execution => {
    const execution = newExecution(program);
    step(execution, { timeMs: START_MS, inputs: [startedWith(text)] });
    return execution;
  };
  const byHand = (): Json => workload.byHand(new Notes(), JSON.parse(text) as never);
  checkOnce(workload, run());
  const wire = (): readonly Uint8Array[] =>
    historyBytes(run().events, WHOLE, (bytes) => Buffer.allocUnsafeSlow(bytes));
  for (const [name, ours, wanted] of [
    ['run', run, workload.wanted.run],
    ['run + wire', wire, workload.wanted.wire],
  ] as const) {
    const { oursUs, floorUs } = pairUs(ours, byHand, isShort ? 3 : 9);
    const perSecond = (workload.transitions / oursUs) * 1e6;
    printRow({
      what: `${workload.what}: ${name}`,
      oursUs,
      floorUs,
      wanted,
      note:
        name === 'run'
          ? `${(perSecond / 1e6).toFixed(1)} M transitions/s${workload.transitionsPerSecond === undefined ? '' : `, wanted ${workload.transitionsPerSecond / 1e6} M`}`
          : undefined,
    });
  }
}

printHead();
for (const workload of WORKLOADS) if (isWanted(workload.what)) measure(workload);
